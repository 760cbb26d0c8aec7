"""The made-up town has money to look at, right to the yen, and a real one is left alone (研修用の公金の試験)."""

import io
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count

from conftest import OTHER_TOWN, Cluster, cloned, template_of
from municipal.addressees.models import Addressee
from municipal.audit.verification import verify
from municipal.core import clock
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality
from municipal.payments.balances import books, by_fee
from municipal.payments.demo import furnish
from municipal.payments.models import Charge, Closing, CollectionFile, Posting, Report, Settlement, Slip

DAY = datetime(2026, 11, 29, 9, tzinfo=clock.TOKYO)


def _furnish() -> None:
    with clock.stopped_at(DAY):
        call_command("charge_samples", town=f"{OTHER_TOWN}", stdout=io.StringIO())


@pytest.fixture(scope="module")
def furnished_template(cluster: Cluster, django_db_blocker: Any, towns_template: str) -> Iterator[str]:
    with template_of(cluster, django_db_blocker, "furnished", _furnish, towns_template) as name:
        yield name


@pytest.fixture
def furnished(cluster: Cluster, django_db_blocker: Any, furnished_template: str) -> Iterator[str]:
    with cloned(cluster, django_db_blocker, f"{furnished_template}_copy", furnished_template) as name:
        yield name


def counts(rows: Any, name: str) -> dict[str, int]:
    return {str(row[name]): row["count"] for row in rows.values(name).annotate(count=Count("pk"))}


def test_a_made_up_town_gets_two_years_of_money_with_everything_that_happens_to_it(furnished: str) -> None:
    with wall.within(OTHER_TOWN):
        assert books().broken() == []
        assert all(one.is_consistent for _, _, one in by_fee())
        assert {year for _, year, _ in by_fee()} == {2025, 2026}
        assert counts(Report.objects.all(), "match").keys() >= {"matched", "noted", "unknown", "twice", "differs"}
        kinds = counts(Posting.objects.all(), "kind")
        assert kinds.keys() >= {"charge", "collect", "settle", "adjust", "refund", "apply"}
        assert len(counts(Report.objects.all(), "channel")) == 6
        whole = books()
        assert whole.suspense > 0
        assert whole.total.overpaid > 0
        assert whole.balances["in_transit"] > 0
        assert Charge.objects.filter(due_on__lt=date(2026, 4, 1), assessment__levy_year=2025).exists()
        assert Slip.objects.filter(reissue=1).exists()
        assert Addressee.objects.filter(kind="corporation", assessments__isnull=False).exists()


def test_the_months_before_are_closed_and_today_is_open(furnished: str) -> None:
    with wall.within(OTHER_TOWN):
        assert Closing.objects.order_by("closed_through").last().closed_through == date(2026, 10, 31)  # type: ignore[union-attr]
        assert Posting.objects.filter(booked_on__gt=date(2026, 11, 1)).exists()
        assert not Posting.objects.filter(booked_on__gt=DAY.date()).exists()
        assert not Report.objects.filter(paid_on__gt=DAY.date()).exists()
        assert not Settlement.objects.filter(credited_on__gt=DAY.date()).exists()


def test_everything_is_in_the_audit_and_a_second_time_changes_nothing(furnished: str) -> None:
    assert verify(OTHER_TOWN).is_sound
    with wall.within(OTHER_TOWN):
        before = Posting.objects.count(), CollectionFile.objects.count()
    with clock.stopped_at(DAY):
        furnish(OTHER_TOWN)
    with wall.within(OTHER_TOWN):
        assert (Posting.objects.count(), CollectionFile.objects.count()) == before


@pytest.mark.parametrize("code", ["131016", "x", "", "999999999999"])
def test_only_made_up_towns_are_furnished(db: None, code: str) -> None:
    with pytest.raises(CommandError):
        call_command("charge_samples", town=code, stdout=io.StringIO())


def test_a_real_town_is_refused(committed_db: str) -> None:
    Municipality.objects.using("owner").create(id=372013, name="実在市", name_en="Real", prefecture="実在県")
    with pytest.raises(CommandError):
        call_command("charge_samples", town="372013", stdout=io.StringIO())
    with wall.within(372013):
        assert not Charge.objects.exists()
