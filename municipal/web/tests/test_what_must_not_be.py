"""Functions that the standard forbids are nowhere: no route, no operation, no act (実装しない機能の試験)."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from municipal.audit.operations import operations
from municipal.residents import agency
from municipal.residents.acts import acts

V1 = "resident-record/1.0"


def routes(resolver: Any = None, prefix: str = "") -> Iterator[str]:
    """Every address of the system with its name."""
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLResolver):
            yield from routes(one, prefix + str(one.pattern))
        elif isinstance(one, URLPattern):
            yield f"{prefix}{one.pattern} {one.name}"


def offers() -> list[str]:
    return [*routes(), *operations, *acts]


@pytest.mark.clause(f"{V1}#4.1.1.2/n1")
def test_nobody_lists_those_who_came_back() -> None:
    assert [one for one in offers() if re.search(r"return(ing|ers|ed_residents)", one)] == []


@pytest.mark.clause(f"{V1}#9.8/n1")
def test_nobody_lists_those_who_stay_for_a_transition() -> None:
    assert [one for one in offers() if re.search("transition", one)] == []


@pytest.mark.clause(f"{V1}#4.1.3.0.4/n1")
def test_nothing_is_sent_to_the_network_again_by_hand() -> None:
    assert [one for one in offers() if re.search("resend|send_again|retransmit", one)] == []


@pytest.mark.clause(f"{V1}#4.5.7/n2")
def test_no_consistency_check_stands_in_the_linkage_with_the_agency() -> None:
    assert [one for one in [*offers(), *dir(agency)] if re.search("consisten", one)] == []
