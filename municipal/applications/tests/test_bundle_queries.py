"""How much handing a bundle in asks of the database: little, however many applications (一式の提出の試験)."""

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from municipal.applicants.tests.holding import SIGNATURE_PIN
from municipal.applications.models import Bundle, CaseEvent
from municipal.applications.operations import attach
from municipal.applications.operations.bundles import digests, hand_in, share_out
from municipal.applications.operations.signing_bundles import sign_each
from municipal.municipalities import wall
from municipal.office.models import OutboxEvent

from .bundled import OUT, a_family, account_of, begun, written
from .filling import picture

pytestmark = pytest.mark.usefixtures("town")

WHOLE = OUT | {"has_child_allowance": "yes", "uses_water": "yes", "has_moped": "yes", "has_pupil": "yes"}
FIXED, EACH_SIGNED = 20, 2
"""Statements for the whole bundle, and for each application that is signed: its certificate, and whether that was
revoked."""


def test_handing_in_a_whole_move_asks_little_of_the_database() -> None:
    """Six applications took 186 statements when each was handed in by itself, and no promise was lost since."""
    account = account_of(a_family()[0].addressee)
    bundle = begun(account, "moving", WHOLE)
    written(bundle)
    attach(actor=account, to=bundle.drafts.earliest("pk"), field="evidence-x", name="a.png", content=picture())
    wanted = digests(share_out(actor=account, bundle=Bundle.objects.get(pk=bundle.pk)))
    assert account.person is not None
    made = sign_each(
        town=wall.current(), number=account.person.cards.latest("pk").number, pin=SIGNATURE_PIN, texts=wanted
    )
    with CaptureQueriesContext(connections[wall.opening().using]) as asked:
        cases = hand_in(actor=account, bundle=Bundle.objects.get(pk=bundle.pk), signed=made)
    assert len(cases) == 6
    assert len(asked) <= FIXED + EACH_SIGNED * len(wanted)
    assert CaseEvent.objects.filter(case__in=cases, action="submit").count() == 6
    assert OutboxEvent.objects.filter(topic="applications.moved").count() == 6
    assert [case.attachments.count() for case in cases] == [1, 0, 0, 0, 0, 0]
    assert len({case.number for case in cases}) == 6
    assert hand_in(actor=account, bundle=Bundle.objects.get(pk=bundle.pk), signed=made) == cases
