"""What a page on a person says of protection and suppression, loudly and without the address (支援措置・抑止の表示)."""

from typing import Any

from django.utils.translation import gettext

from municipal.addressees.measures import Standing, standing_of
from municipal.addressees.models import MeasureStatus
from municipal.addressees.rules import Due
from municipal.addressees.suppression import suppressed_among
from municipal.core.clauses import implements
from municipal.core.eras import wareki
from municipal.residents.inquiry import Person


@implements("resident-record/1.0#1.1.16/m1", "resident-record/1.0#1.1.16/m3", "resident-record/1.0#2.2.4/m1")
def notices(person: Person) -> list[dict[str, Any]]:
    """The banners on top of a record, a removed one too: in which measure, until when (状態の帯)."""
    standing = standing_of([person.addressee.pk]).get(person.addressee.pk)
    said: list[dict[str, Any]] = []
    if standing is not None:
        said.append({"kind": "protected", "text": period(standing), "measure": standing.measure})
    elif person.is_protected:
        said.append({"kind": "protected", "text": "", "measure": ""})
    if _suppressed(person):
        said.append({"kind": "suppressed", "text": ""})
    return said


def marks(person: Person) -> list[str]:
    """The badge of whoever is suppressed otherwise than by a measure (抑止の印)."""
    return ["suppressed"] if _suppressed(person) else []


def _suppressed(person: Person) -> bool:
    return bool(suppressed_among({person.addressee.pk: person.record.household.number}))


@implements("resident-record/1.0#3.4/m7", "resident-record/1.0#3.4/m8")
def period(standing: Standing) -> str:
    """The period in one sentence, with the alert of its coming or passed end (支援措置の期間)."""
    day = {"day": wareki(standing.ends_on) if standing.ends_on else ""}
    if standing.due == Due.PASSED:
        return gettext("支援措置の期間は%(day)sに終了しています。終了の処理をするまで、保護は続きます。") % day
    if standing.due == Due.ENDING:
        return gettext("1か月以内に支援措置の期間が終了します（%(day)sまで）。延長するか確かめてください。") % day
    if standing.status == MeasureStatus.PROVISIONAL:
        return gettext("仮支援措置の期間中です。")
    if standing.ends_on:
        return gettext("支援措置の期間中です（%(day)sまで）。") % day
    return gettext("支援措置の期間中です。")
