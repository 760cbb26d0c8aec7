"""Rules about linkage between systems and the numbers that go through it (システム間連携の規則)."""

from __future__ import annotations

BETWEEN = "[ \\t\\r\\n,、]"
"""What may stand between the scopes of one cell: a space as the protocol has it, or what a table puts there."""

SCOPE = r"[0-9]{3}:[!-+\--9;-~]+:[A-Za-z]+"
"""Business ID, resource and operation of one scope, joined by colons."""

PROVIDER = rf"(?:^|{BETWEEN})([0-9]{{3}}):"
"""The business ID at the beginning of a scope."""

NUMBERED = ("residents", "non_residents")
"""The tables that hold addressee numbers."""
