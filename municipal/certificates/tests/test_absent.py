"""What must not be there is not there (実装しない機能の試験)."""

from typing import Any

import pytest
from django.urls import URLPattern, get_resolver

from municipal.audit.operations import operations
from municipal.certificates.kinds import KINDS, LIST
from municipal.certificates.models import CertificateIssue
from municipal.certificates.operations import issue, preview
from municipal.certificates.paper.page import HEIGHT, WIDTH
from municipal.certificates.rules.requests import MOST_COPIES, MOST_PEOPLE
from municipal.core.refusals import Refused
from municipal.residents.operations import preview as look
from municipal.residents.tests.acting import ELSEWHERE, act, day, entered, member, notice

from .issuing import CLERK, asked, issued

pytestmark = pytest.mark.django_db


@pytest.mark.clause("resident-record/1.0#5.1/n2")
def test_an_act_dated_before_an_issue_raises_no_alert(home: list[Any]) -> None:
    issued("household_copy", *home)
    wanted = notice("correction_ex_officio", people=(member(home[0], name="甲野　正"),), event_on=day(2026, 5, 11))
    assert look(wanted).alerts == []
    assert entered("correction_ex_officio", people=(member(home[0], name="甲野　正"),), event_on=day(2026, 5, 11))


@pytest.mark.clause("resident-record/1.0#10.7/n2")
def test_there_is_no_way_to_print_masses(home: list[Any]) -> None:
    with pytest.raises(Refused, match="1から20まで"):
        issue(actor=CLERK, asked=asked("household_copy", *home, copies=MOST_COPIES + 1))
    with pytest.raises(Refused, match="証明する人"):
        issue(actor=CLERK, asked=asked("household_copy", *home * (MOST_PEOPLE // 4 + 1)))
    assert not CertificateIssue.objects.exists()
    paths = [str(one.pattern) for one in _patterns(get_resolver())]
    assert not [path for path in paths if "certificates" in path and ("bulk" in path or "all" in path)]


def _patterns(resolver: Any) -> list[URLPattern]:
    found: list[URLPattern] = []
    for one in resolver.url_patterns:
        found += [one] if isinstance(one, URLPattern) else _patterns(one)
    return found


@pytest.mark.clause("resident-record/1.0#10.7/n3")
def test_nothing_is_drawn_for_continuous_forms() -> None:
    """Every document of ours is a stack of A4 pages, and no form of certificates lists everybody for inspection."""
    assert (WIDTH, HEIGHT) == (210.0, 297.0)
    assert [code for code, kind in KINDS.items() if kind.family == LIST] == ["inspection_copy"]
    assert not [act for act in operations if act.startswith("certificates.") and "all" in act.split("_")]


@pytest.mark.clause("resident-record/1.0#5.1/n4")
def test_a_household_with_somebody_about_to_leave_gets_no_alert(home: list[Any]) -> None:
    act("move_out", people=(member(home[1]),), event_on=day(2026, 6, 30), place=ELSEWHERE)
    assert preview(actor=CLERK, asked=asked("household_copy", *home)).alerts == ()
