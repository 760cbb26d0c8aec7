"""Whom a case means, as the register knows them (申請に書かれた人と台帳の照合).

People are matched inside one household only and never guessed: two who could be meant are nobody.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_noop as _

from municipal.applicants.rules import search_key
from municipal.applications.models import Case
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.residents.acts.standing import RESIDENT, members_of, record_of
from municipal.residents.models import Capacity, IdentityCheck, ResidentRecord
from municipal.residents.rules.kinship import HEAD

NOT_KNOWN = _("申請した人が台帳のどなたか、まだ確かめられていません。宛名番号を入れてください。")
NOT_HERE = _("対象の方は現在の住民ではありません（転出、死亡など）。台帳を確かめ、手で処理してください。")
NOT_A_MEMBER = _("申請に書かれた方が、世帯の中に見つかりません。氏名と生年月日を台帳と見比べてください。")
NOBODY = _("申請に対象の方が書かれていません。申請の内容を確かめてください。")


def subject_of(case: Case) -> ResidentRecord:
    """The newest row of the resident whom the case is about. Raises Refused for nobody, and for who left (対象者)."""
    found = known_subject_of(case)
    if found.status != RESIDENT:
        raise Refused(NOT_HERE, code="not_a_resident")
    return found


def known_subject_of(case: Case) -> ResidentRecord:
    """The newest row of whom the case is about, of those who left too. Raises Refused for nobody (対象者の記録)."""
    if case.about is None:
        raise Refused(NOT_KNOWN, field="number", code="not_identified")
    return record_of(case.about.number)


def chosen(case: Case, refs: Sequence[str]) -> list[ResidentRecord]:
    """The members of the subject's household whom these references name, in the order named (選ばれた世帯員).

    Raises Refused for nobody, and for a name that is no member's or of more than one member.
    """
    members = members_of(subject_of(case).household)
    found = [member_named(members, case.people.get(ref, {})) for ref in refs]
    if not found:
        raise Refused(NOBODY, code="nobody_named")
    return list({one.addressee_id: one for one in found}.values())


def member_named(members: Sequence[ResidentRecord], said: dict[str, str]) -> ResidentRecord:
    """The one member with this number, or this name and birth date where one is said. Raises Refused (世帯員の照合)."""
    number, key = said.get("number", ""), search_key(said.get("name", ""))
    fitting = [one for one in members if (one.addressee.number == number if number else key in _names(one))]
    if said.get("born_on"):
        fitting = [one for one in fitting if _born(one) == said["born_on"]]
    if len(fitting) != 1:
        raise Refused(NOT_A_MEMBER, code="not_a_member")
    return fitting[0]


def _names(one: ResidentRecord) -> set[str]:
    return {search_key(name) for name in (one.name, one.alias, one.kanji_name, one.roman_name) if name}


def _born(one: ResidentRecord) -> str:
    """The birth date as a form says it; as the register writes it where a part of it is unknown."""
    return one.born_on.date.isoformat() if one.born_on and one.born_on.date else str(one.born_on or "")


def is_same_person(case: Case, record: ResidentRecord) -> bool:
    """Whether who applied, by what they say of themselves, is this person (申請者との一致)."""
    said = case.applicant
    return search_key(str(said.get("name", ""))) in _names(record) and said.get("born_on") == _born(record)


def notifier(case: Case) -> dict[str, Any]:
    """Who gives the notice, as what, and how they were identified (届出人)."""
    name = str(case.applicant.get("name", ""))[:100]
    is_own = case.about is None or not case.account or case.account.person_id == case.about_id
    return {
        "notifier_name": name,
        "notifier_capacity": (Capacity.SELF if is_own else Capacity.PROXY).value,
        "identity_check": identity_of(case),
    }


def identity_of(case: Case) -> str:
    """How who applied was identified: by the card online, at the counter as the staff noted (本人確認の方法)."""
    if case.signature or case.account:
        return IdentityCheck.NUMBER_CARD.value
    seen = case.bundle.receptions.order_by("-pk").first() if case.bundle else None
    return str(seen.identity_check) if seen else ""


def told_on(case: Case) -> date:
    """The day on which the notice reached the office (届出日)."""
    at: datetime = case.submitted_at
    return at.astimezone(clock.TOKYO).date()


def head_of(members: Sequence[ResidentRecord]) -> ResidentRecord | None:
    """The head of a household (世帯主)."""
    return next((one for one in members if one.relationship == HEAD), None)
