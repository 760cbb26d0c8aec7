"""JSON reports that were written earlier, read again (保存された報告の読込み)."""

from __future__ import annotations

import json
from typing import Any

from municipal.conformance.refusals import RefusedInput

SCHEMA = "urn:kijun:conform-report:1"
"""The name of the form, which stands in every JSON report; the form is ``standards/conform-report/1/schema.json``."""


def parse(data: bytes) -> dict[str, Any]:
    """A JSON report as nested dicts and lists; raises RefusedInput if it is none of ours (報告の読込み)."""
    try:
        tree = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise RefusedInput("JSON形式の報告として読めません。", "This is no JSON report.") from error
    if not isinstance(tree, dict) or tree.get("schema") != SCHEMA:
        raise RefusedInput(
            f"この検査の報告（{SCHEMA}）ではありません。", f"This is no report of this checker ({SCHEMA})."
        )
    return tree
