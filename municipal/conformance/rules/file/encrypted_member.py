"""Members of an archive need no password (パスワード付きzip)."""

from __future__ import annotations

from collections.abc import Iterator

from municipal.conformance.findings import Fault, Severity
from municipal.conformance.reading import TableFile, Unreadable
from municipal.conformance.rules import Context, file_rule
from municipal.conformance.rules.file import faults_of


@file_rule("FILE-0033", clause="tabular-file/1#archives", severity=Severity.ERROR)
def no_member_needs_a_password(file: TableFile | Unreadable, context: Context) -> Iterator[tuple[int, Fault]]:
    """Members of an archive need no password (パスワード付きzip).

    What is encrypted cannot be judged. Unpack it first, in a safe place.
    """
    return faults_of(file, "encrypted_member")
