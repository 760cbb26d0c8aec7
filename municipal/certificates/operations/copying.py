"""Printing what a screen shows, in the only way that leaves a trace (画面の写しの印刷; resident-record/1.0#10.7)."""

from collections.abc import Sequence

from municipal.audit.operations import operation, record
from municipal.certificates.contents import Block
from municipal.certificates.paper.screens import screen
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.clauses import implements
from municipal.core.eras import wareki


@implements("resident-record/1.0#10.7/m5", "resident-record/1.0#10.7/n1")
@operation("certificates.copy_screen")
def copy_screen(
    *, actor: Actor, title: str, groups: Sequence[Block], subjects: Sequence[int], fields: Sequence[str]
) -> bytes:
    """What this member of staff sees of a page, as a PDF that says who printed it and when (画面の写し).

    ``groups`` is what the page shows, so that whatever is withheld there is withheld here.
    """
    now = clock.now()
    by = getattr(actor, "name", "")
    record(actor=actor, subjects=subjects, fields=fields, purpose="print")
    return screen(title, groups, f"画面の写し　{wareki(now.date())} {now:%H:%M}　{by}　証明書ではありません")
