"""Every system has a client ID of its own (クライアントIDの共用)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Kept, Row, set_rule


@set_rule(
    "LINK-0021",
    clause="linkage/2.7#2.2.5/m16",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    packs=("linkage",),
    collects={"clients": {"client_id": Kept.TEXT, "unit_id": Kept.TEXT}},
)
def every_system_has_a_client_id_of_its_own(
    tables: Mapping[str, list[Row]], context: Context
) -> Iterator[tuple[Row, Fault]]:
    """No client ID serves two systems (クライアントIDの共用).

    The provider knows by the client ID alone who asks; a shared one gives each system the rights of both, and after a
    leak both stop. The rows of the second system and of every further one are found.

    Right although it looks odd: one system with several client IDs, as for tests, and one client in several rows.
    """
    owners: dict[str, Row] = {}
    for row in tables["clients"]:
        if row["client_id"] and row["unit_id"]:
            first = owners.setdefault(row["client_id"], row)
            if first["unit_id"] != row["unit_id"]:
                yield row, Fault("クライアントID", row["client_id"], {"first": first.number})
