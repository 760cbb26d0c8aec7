"""A payer as the screens show them: state, delivery, recipients, debts (納付義務者の表示)."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from municipal.addressees.mailing import deliveries, withheld_among
from municipal.addressees.models import Addressee, AddresseeKind, DirectoryRecord, LifeState, Recipient, RecipientKind
from municipal.addressees.outputs import Purpose, address_for
from municipal.core import clock
from municipal.core.eras import wareki, wareki_fiscal_year
from municipal.payments.balances import Standing, of_charges
from municipal.payments.models import Assessment, Charge, JointPayer, Slip
from municipal.payments.operations import settings
from municipal.residents.shown import WITHHELD
from municipal.web.forms.payers import KINDS as FORM_KINDS
from municipal.web.forms.payers import RECIPIENTS
from municipal.web.money_words import fee_name

from . import people

MOST_SLIPS = 20
KINDS = {AddresseeKind.RESIDENT: _("住民")} | FORM_KINDS


def rows(ids: Collection[int]) -> list[dict[str, Any]]:
    """Lines of a list of payers, in the order of ``ids`` (一覧の行)."""
    found = {one.pk: one for one in Addressee.objects.filter(pk__in=ids)}
    hidden = withheld_among(ids)
    return [head(found[pk], is_protected=pk in hidden) for pk in ids if pk in found]


def head(payer: Addressee, *, is_protected: bool) -> dict[str, Any]:
    """Who it is, and the states nobody may miss (見出し)."""
    state = people.BADGES.get(LifeState(payer.life_state))
    marks = ["protected"] if is_protected else []
    return {
        "number": payer.number, "name": payer.name, "kana": payer.kana, "kind": KINDS[AddresseeKind(payer.kind)],
        "is_resident": payer.kind == AddresseeKind.RESIDENT, "corporate_number": payer.corporate_number,
        "is_protected": is_protected, "badges": [*([state] if state else []), *marks],
    }  # fmt: skip


def delivery(payer: Addressee, *, is_protected: bool) -> dict[str, Any]:
    """The delivery as it would be printed; of a protected payer only how the paper reaches them (送付の宛先)."""
    found = deliveries([payer.pk], office=settings().office)[payer.pk]
    if is_protected:
        found = replace(found, recipient=payer.name, role="", postal_code="", lines=())
    return {
        "recipient": found.recipient, "role": found.role, "postal_code": found.postal_code, "lines": found.lines,
        "care_of": found.care_of, "honorific": found.honorific, "problem": found.problem,
        "is_protected": is_protected, "is_safe": is_protected and not found.is_withheld,
    }  # fmt: skip


def recipients(payer: Addressee, *, is_protected: bool) -> list[dict[str, Any]]:
    """Every recipient that was told, the newest first; of a protected payer neither name nor address (送付先の一覧)."""
    known = Recipient.objects.filter(addressee=payer, recorded__endswith__isnull=True).order_by("-valid", "pk")
    return [_recipient(row, is_protected=is_protected) for row in known]


def _recipient(row: Recipient, *, is_protected: bool) -> dict[str, Any]:
    shown = address_for(Purpose.SCREEN, vars(row), "address", is_protected=is_protected)
    first, after = row.valid.lower, row.valid.upper
    return {
        "row": row.pk, "kind": RECIPIENTS[RecipientKind(row.kind)],
        "fee": fee_name(row.subject) if row.subject else "",
        "name": "" if is_protected else row.name, "address": shown.text, "postal_code": shown.postal_code,
        "hidden": people.reason(WITHHELD) if shown.is_withheld else "", "is_safe": row.is_safe_for_protected,
        "first_day": wareki(first), "last_day": wareki(after - timedelta(days=1)) if after else "",
        "is_over": after is not None and after <= clock.today(), "is_ahead": first > clock.today(),
    }  # fmt: skip


def history(payer: Addressee, *, is_protected: bool) -> list[dict[str, Any]]:
    """What the directory said of a non-resident or a corporation, the newest first (宛名の履歴)."""
    found = []
    for row in DirectoryRecord.objects.filter(addressee=payer).order_by("-serial"):
        shown = address_for(Purpose.SCREEN, vars(row), "mailing", is_protected=is_protected)
        found.append(
            {
                "serial": row.serial, "at": people.moment(row.recorded_at), "name": row.name, "reason": row.reason,
                "address": shown.text, "hidden": people.reason(WITHHELD) if shown.is_withheld else "",
            }
        )  # fmt: skip
    return found


def debts(payer: Addressee) -> list[dict[str, Any]]:
    """What the payer was assessed, the newest first, and how it stands (賦課と残高)."""
    firsts = list(Assessment.objects.filter(payer=payer, revises=None).order_by("-levy_year", "fee", "reference"))
    charges = list(Charge.objects.filter(assessment__in=firsts))
    standing = of_charges([one.pk for one in charges])
    joint = set(_open_joints().filter(assessment__in=firsts).values_list("assessment", flat=True))
    found = []
    for one in firsts:
        own = [charge for charge in charges if charge.assessment_id == one.pk]
        overdue = any(charge.due_on < clock.today() and standing[charge.pk].outstanding > 0 for charge in own)
        found.append(
            {
                **named(one), **_yen(standing[charge.pk] for charge in own), "is_overdue": overdue,
                "has_joint": one.pk in joint,
            }
        )  # fmt: skip
    return found


def slips(payer: Addressee) -> list[dict[str, Any]]:
    """The newest slips of a payer (発行した納付書)."""
    found = Slip.objects.filter(charge__assessment__payer=payer).select_related("charge__assessment")
    return [
        {
            **named(one.charge.assessment), "number": one.number, "period": one.charge.period, "yen": f"{one.yen:,}",
            "issued_on": wareki(one.issued_at.astimezone(clock.TOKYO).date()),
        }
        for one in found.order_by("-issued_at", "-pk")[:MOST_SLIPS]
    ]  # fmt: skip


def named(one: Assessment) -> dict[str, Any]:
    """An assessment by its number, fee, year and reference (賦課の呼び名)."""
    year = wareki_fiscal_year(one.levy_year)
    return {"pk": one.pk, "fee": fee_name(one.fee), "year": year, "reference": one.reference}


def balance(payer: Addressee) -> dict[str, str]:
    """All debts of a payer together, in yen (納付義務者の残高)."""
    charges = Charge.objects.filter(assessment__payer=payer).values_list("pk", flat=True)
    return _yen(of_charges(list(charges)).values())


def _yen(standings: Iterable[Standing]) -> dict[str, str]:
    found = list(standings)
    names = ("charged", "applied", "outstanding", "overpaid")
    return {name: f"{sum(getattr(one, name) for one in found):,}" for name in names}


def _open_joints() -> QuerySet[JointPayer]:
    return JointPayer.objects.filter(recorded__endswith__isnull=True)


def joints(assessment: Assessment) -> list[dict[str, Any]]:
    """Who owes an assessment together with its payer; no address (連帯納税義務者の一覧)."""
    found = list(_open_joints().filter(assessment=assessment).select_related("person").order_by("pk"))
    hidden = withheld_among([one.person_id for one in found])
    return [
        head(one.person, is_protected=one.person_id in hidden)
        | {"row": one.pk, "id": one.person_id, "share": one.share}
        for one in found
    ]


def owed_with_others(payer: Addressee) -> list[dict[str, Any]]:
    """Assessments of others that this person owes with them: whose, and no more (連帯して納付する賦課)."""
    found = _open_joints().filter(person=payer).select_related("assessment__payer").order_by("pk")
    return [
        {
            **named(one.assessment), "share": one.share, "number": one.assessment.payer.number,
            "name": one.assessment.payer.name, "id": one.assessment.payer_id,
        }
        for one in found
    ]  # fmt: skip
