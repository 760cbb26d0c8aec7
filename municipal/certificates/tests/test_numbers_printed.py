"""An individual number on a copy: from its entry to the paper, and nowhere else (個人番号の記載の試験)."""

import logging
from typing import Any

import pytest
from django.db import connection

from conftest import TOWN
from municipal.audit.models import Entry
from municipal.certificates.models import CertificateIssue
from municipal.certificates.operations import issue, pdf_of, preview
from municipal.core import clock
from municipal.core.actors import System
from municipal.core.refusals import Refused
from municipal.identity.models import Staff
from municipal.identity.tests.people import somebody
from municipal.municipalities import wall
from municipal.numbers.models import Cause
from municipal.numbers.operations import enter_number
from municipal.numbers.tests.test_numbers import number
from municipal.residents.tests.acting import ACTS_ON, act, family, people_of

from .issuing import EVERYTHING, asked, ready, text_of

pytestmark = pytest.mark.django_db
ONE, TWO = number(5), number(6)
WITH_NUMBER = EVERYTHING - {"individual_number"}


@pytest.fixture
def clerk(home: list[Any]) -> Staff:
    return somebody("certificates.issue", "item.individual_number")


def given(clerk: Any, kind: str, row: Any, omits: frozenset[str] = WITH_NUMBER) -> CertificateIssue:
    return issue(actor=clerk, asked=asked(kind, row, omits=omits))


def known(row: Any, digits: Any = ONE, cause: str = Cause.DESIGNATION) -> None:
    enter_number(
        actor=System(), addressee=row.addressee_id, digits=digits, valid_from=ACTS_ON.date(), cause=cause
    )  # fmt: skip


def everything_stored() -> str:
    """Every row of every table that this town can read, as text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        said = []
        for table in tables:
            cursor.execute("SELECT has_table_privilege(%s, 'SELECT')", [f'public."{table}"'])
            if cursor.fetchone()[0]:
                cursor.execute(f'SELECT row_of::text FROM public."{table}" AS row_of')
                said += [line for (line,) in cursor.fetchall()]
    return "\n".join(said)


@pytest.mark.clause("resident-record/1.0#5.1/m2")
@pytest.mark.parametrize("kind", ["household_copy", "person_copy", "record_items"])
def test_a_number_that_was_entered_is_on_the_paper_and_in_nothing_that_is_kept(
    db: None, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    with clock.stopped_at(ACTS_ON), wall.within(TOWN), caplog.at_level(logging.DEBUG):
        clerk = somebody("certificates.issue", "item.individual_number")
        ready()
        row = people_of(act("move_in", people=family()))[0]
        known(row)
        seen = preview(actor=clerk, asked=asked(kind, row, omits=WITH_NUMBER))
        made = given(clerk, kind, row)
        copy = made.copies.get()
        pdf = pdf_of(clerk, copy)
    assert ONE.value in text_of(pdf)
    assert ONE.value in text_of(seen.drawn.pdf)
    assert ONE.value not in caplog.text + repr(seen.contents)
    # The audit is written as the wall closes: what is stored is looked at from a second time inside.
    with wall.within(TOWN):
        stored = everything_stored()
        shown = list(Entry.objects.filter(act="numbers.show").values_list("kind", "subjects", "purpose"))
    assert copy.number in stored, "the search sees what is stored"
    assert "numbers.show" in stored
    assert ONE.value not in stored
    # What the audit keeps is that it was shown, of whom and what for: looked at, confirmed, issued, drawn again.
    assert shown == [("disclosure", [row.addressee_id], "number.certificate")] * 4


@pytest.mark.clause("resident-record/1.0#5.1/m2")
def test_without_being_asked_for_it_is_not_on_the_paper(home: list[Any], clerk: Staff) -> None:
    known(home[0])
    made = given(clerk, "person_copy", home[0], EVERYTHING)
    assert made.contents["people"][0]["items"][-1]["text"] == "【省略】"
    assert ONE.value not in text_of(pdf_of(clerk, made.copies.get()))


def test_a_copy_with_a_number_that_has_changed_since_is_not_drawn_again(home: list[Any], clerk: Staff) -> None:
    known(home[0])
    copy = given(clerk, "person_copy", home[0]).copies.get()
    known(home[0], TWO, Cause.CORRECTION)
    with pytest.raises(Refused) as refused:
        pdf_of(clerk, copy)
    assert refused.value.code == "not_the_same"
    assert TWO.value in text_of(pdf_of(clerk, given(clerk, "person_copy", home[0]).copies.get()))


def test_who_may_not_see_numbers_prints_none(home: list[Any]) -> None:
    known(home[0])
    with pytest.raises(Refused) as refused:
        given(somebody("certificates.issue"), "person_copy", home[0])
    assert refused.value.code == "forbidden"
    assert not CertificateIssue.objects.exists()
