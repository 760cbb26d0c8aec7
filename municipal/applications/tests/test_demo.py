"""The samples of a made-up town are handed in by the operations, once; no step is refused (見本の試験)."""

import io
from collections import Counter
from datetime import datetime

import pytest
from django.core.management import CommandError, call_command

from conftest import TOWN
from municipal.applicants.tests.holding import card_of, resident
from municipal.applications.demo import SAMPLES
from municipal.applications.models import Case
from municipal.applications.operations.signing import Verdict, verdict
from municipal.core import clock
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality


def test_the_samples_are_at_different_steps_and_made_once(committed_db: str) -> None:
    with clock.stopped_at(datetime(2026, 9, 1, tzinfo=clock.TOKYO)), wall.within(TOWN):
        # Somebody is found by what their card says: no two of them are called the same.
        for number, name in ((2, "甲野　花子"), (10, "乙野　介"), (29, "丙野　司")):
            card_of(resident(resident_code=f"999000000{number:02}", name=name).addressee)
    for _ in range(2):
        with clock.stopped_at(datetime(2026, 11, 20, 12, tzinfo=clock.TOKYO)):
            call_command("apply_samples", town=str(TOWN), stdout=io.StringIO())
    with wall.within(TOWN):
        cases = list(Case.objects.all())
        assert Counter(case.procedure for case in cases) == Counter(sample.procedure for sample in SAMPLES)
        assert {"submitted", "form_check", "substance_check", "correction"} < {case.state for case in cases}
        assert {verdict(case) for case in cases if case.signature} == {Verdict.GOOD}
        assert all(case.account is not None for case in cases if case.asked.assurance != "none")


def test_no_sample_is_made_in_a_real_municipality(committed_db: str) -> None:
    Municipality.objects.using("owner").filter(pk=TOWN).update(is_fictional=False)
    with pytest.raises(CommandError, match="架空の町"):
        call_command("apply_samples", town=str(TOWN), stdout=io.StringIO())
