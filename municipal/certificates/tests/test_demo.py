"""The made-up town has something to look at, and a real one is left alone (研修用の証明書の試験)."""

import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from municipal.certificates.demo import furnish, seal_picture
from municipal.certificates.models import CertificateIssue, Disposal, Seal
from municipal.certificates.operations import pdf_of

from .issuing import CLERK

pytestmark = pytest.mark.django_db


def test_a_made_up_town_gets_seals_and_issues_once(town: int, request: pytest.FixtureRequest) -> None:
    from municipal.core import clock
    from municipal.residents.tests.acting import act, day, family

    today = clock.today()
    act("move_in", people=family(), event_on=day(today.year, today.month, today.day))
    assert furnish("990019", "架空市") == CertificateIssue.objects.count() > 0
    assert Seal.objects.count() == 3
    assert Disposal.objects.count() == 1
    before = CertificateIssue.objects.count()
    assert furnish("990019", "架空市") == before == CertificateIssue.objects.count()
    assert pdf_of(CLERK, CertificateIssue.objects.order_by("pk")[0].copies.all()[1])


@pytest.mark.parametrize("code", ["131016", "x", "", "999999999999"])
def test_only_made_up_towns_are_furnished(db: None, code: str) -> None:
    with pytest.raises(CommandError):
        call_command("issue_samples", town=code, stdout=io.StringIO())


@pytest.mark.parametrize("words", ["架空市長之印", "架", "", "長" * 20])
def test_a_seal_is_drawn_as_a_square(words: str) -> None:
    picture: Any = Image.open(io.BytesIO(seal_picture(words)))
    assert picture.size == (360, 360)
