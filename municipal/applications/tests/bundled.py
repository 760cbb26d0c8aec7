"""Accounts, households and bundles made with one line each (試験用の手続一式)."""

from collections.abc import Mapping
from typing import Any

from municipal.addressees.models import Addressee
from municipal.applicants.issuer import issuer, subject
from municipal.applicants.models import Applicant
from municipal.applicants.tests.holding import SIGNATURE_PIN, card_of, resident
from municipal.applications.bundling.events import life_events
from municipal.applications.bundling.household import Household, household_of
from municipal.applications.bundling.questions import given
from municipal.applications.bundling.reading import Reading, read
from municipal.applications.models import Bundle, Case
from municipal.applications.operations.bundles import begin_bundle, digests, hand_in, share_out, write_bundle
from municipal.applications.operations.signing_bundles import sign_each
from municipal.applications.rules.answers import is_asked
from municipal.core import clock
from municipal.core.dates import RegisterDate
from municipal.municipalities import wall
from municipal.procedures.catalogue import Field
from municipal.residents.models import ResidentRecord

OUT = {"way": "out", "on": "2026-12-20", "has_national_health_insurance": "yes", "has_child": "yes",
       "has_child_allowance": "no", "has_pupil": "no", "has_seal": "yes", "uses_water": "no", "has_moped": "no",
       "has_car": "no"}  # fmt: skip
WATER = {"way": "out", "on": "2026-12-20", "has_national_health_insurance": "no", "has_child": "no", "has_pupil": "no",
         "has_seal": "no", "uses_water": "yes", "has_moped": "no", "has_car": "no"}  # fmt: skip


def account_of(person: Addressee) -> Applicant:
    """Somebody signed in with a card of their own."""
    person.refresh_from_db()
    card, town = card_of(person), wall.current()
    return Applicant.objects.create(
        issuer=issuer(town), subject=subject(town, card), person=person, linked_at=clock.now()
    )


def a_family(**child: Any) -> list[ResidentRecord]:
    """花子, her husband 一郎 and their daughter 春, born in 2017, of one household."""
    mother = resident(has_national_health_insurance=True)
    home = {"household": mother.household, "is_head": False, "has_national_health_insurance": True}
    father = resident(**home, name="甲野　一郎", sex="1", relationship="夫", resident_code="99900000010")
    daughter = {"name": "甲野　春", "born_on": RegisterDate(2017, 5, 5), "resident_code": "99900000029"}
    return [mother, father, resident(**home, relationship="子", **daughter | child)]


def begun(
    account: Applicant | None, event: str, said: Mapping[str, str], *, chosen: set[str] | None = None,
    household: Household | None = None, **more: Any,
) -> Bundle:  # fmt: skip
    """A bundle of everything that is online in the plan, or of what was chosen."""
    if household is None and account is not None and "about" not in more:
        household = household_of(account.person)
    typed = {name: [text] for name, text in said.items()}
    if household is not None and event == "moving":
        typed["movers"] = [member.ref for member in household.members]
    found = given(life_events()[event], typed, household)
    everything = {rule.procedure for rule in life_events()[event].rules}
    return begin_bundle(
        actor=account or more.pop("actor"), event=event, given=found, chosen=sorted(chosen or everything),
        language="ja", account=account, household=household, **more,
    ).bundle  # fmt: skip


def answer_to(field: Field) -> Any:
    """Something that fits a question of a bundle."""
    simple = {"date": "2026-12-20", "text": "甲野", "yes_no": True, "number": 1, "address": "模擬町本通２番地",
              "account": {"registered": True}, "person": {"name": "甲野　太郎"}}  # fmt: skip
    if field.type in ("choice", "choices"):
        value = field.options[0].value
        return value if field.type == "choice" else [value]
    if field.type == "group":
        row: dict[str, Any] = {}
        for inner in field.fields:
            if inner.type != "file" and is_asked(inner, row):
                row[inner.name] = answer_to(inner)
        return [row]
    return simple[field.type]


def written(bundle: Bundle) -> Reading:
    """The bundle with every question answered and everything held confirmed."""
    actor, reading = bundle.account or _guest(), read(bundle)
    applicant = {"phone": "090-0000-0000"} | ({} if bundle.account else {"name": "甲野　太郎"})
    fields: dict[str, Any] = {}
    for slot in reading.slots:
        if is_asked(slot.field, fields) and slot.field.type != "file":
            fields[slot.key] = answer_to(slot.field)
    write_bundle(actor=actor, bundle=bundle, applicant=applicant, fields=fields, people=bundle.people)
    for draft in reading.drafts:
        for one in draft.filled.values():
            one["is_confirmed"] = True
        draft.save(update_fields=["filled"])
    return read(Bundle.objects.get(pk=bundle.pk))


def _guest() -> Any:
    from municipal.applications.operations import APPLICANT

    return APPLICANT


def handed_in(bundle: Bundle) -> list[Case]:
    """The cases of a bundle, signed for where that is asked."""
    written(bundle)
    actor = bundle.account or _guest()
    wanted = digests(share_out(actor=actor, bundle=Bundle.objects.get(pk=bundle.pk)))
    made = {}
    if wanted and bundle.account is not None and bundle.account.person is not None:
        card = bundle.account.person.cards.latest("pk")
        made = sign_each(town=wall.current(), number=card.number, pin=SIGNATURE_PIN, texts=wanted)
    return hand_in(actor=actor, bundle=Bundle.objects.get(pk=bundle.pk), signed=made)
