"""Decisions that end in an entitlement: who, about whom, since when; one claim for one child (受給資格の認定)."""

from collections.abc import Iterable
from datetime import date

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext_noop as _

from municipal.addressees.models import Addressee
from municipal.applications.models import Case, CaseEvent
from municipal.core.actors import Actor
from municipal.core.refusals import Refused
from municipal.entitlements.kinds import ALL, CHANGE, CHILDREN, END, NAMED, Kind, kind_of
from municipal.entitlements.models import BY_REGISTER, TAKEN, Cause, Entitlement, State, days
from municipal.entitlements.operations import Granting, end, grant, refuse
from municipal.entitlements.register import children_of
from municipal.municipalities import wall
from municipal.residents.acts.standing import newest_periods

from . import Done, carries
from .entitlement_days import claimed_on, first_day, last_day, last_paid
from .persons import chosen

DOES = "entitlement"
NO_KIND = _("この手続の受給資格の種類が登録されていません。担当課で記録してください。")
NO_PERSON = _("だれについての申請かが、まだ台帳で確かめられていません。対象者を確かめてから決定してください。")
NO_CHILD = _("対象となる子どもが、台帳の世帯に見つかりません。世帯を確かめてから決定してください。")
NOTHING_HELD = _("終わらせる受給資格がありません。認定の記録を確かめてください。")
ENDINGS = frozenset({"no_longer", "died"})
"""Answers to why a number of children changed that end something; the others begin something."""


@carries(DOES)
def entitle(actor: Actor, case: Case) -> Done:
    """Grant what a decided case asks for, or end it; what was made first stands for all (受給資格の認定)."""
    kind = _kind(case)
    if _is_ending(kind, case):
        made = [_ended(actor, case, one) for one in _held(kind, case)] or _ended_by_register(kind, case)
        if not made:
            raise Refused(NOTHING_HELD, code="nothing_held")
    else:
        made = [grant(actor=actor, granting=one) for one in grantings(case)]
    return Done("entitlement", min(one.pk for one in made))


def grantings(case: Case) -> list[Granting]:
    """What a case asks for, one for each person it concerns. Raises Refused where nobody knows whom (認定の内容)."""
    kind, person = _kind(case), _person(case)
    about = _about(kind, case, person)
    found = []
    for one in about:
        first = first_day(kind, case, person, one)
        found.append(
            Granting(
                person=person, about=one, kind=kind.kind, procedure=case.procedure, name=kind.name_ja,
                first=first, last=last_day(kind, first, one), lasts=kind.lasts, decided_in=case.number,
            )
        )  # fmt: skip
    return found


def _kind(case: Case) -> Kind:
    found = kind_of(case.procedure)
    if found is None:
        raise Refused(NO_KIND, code="no_kind")
    return found


def _person(case: Case) -> Addressee:
    if case.about is None:
        raise Refused(NO_PERSON, code="no_person")
    return case.about


def _about(kind: Kind, case: Case, person: Addressee) -> list[Addressee]:
    if kind.of == CHILDREN:
        found = children_of(person, claimed_on(case))
    elif kind.of == NAMED:
        found = [row.addressee for row in chosen(case, _named(case))]
    else:
        return [person]
    if not found:
        raise Refused(NO_CHILD, code="no_child")
    return found


def _named(case: Case) -> list[str]:
    """References to everybody whom an answer names."""
    refs = [ref for field in case.asked.asks if field.type == "people" for ref in case.answers.get(field.name) or ()]
    return list(dict.fromkeys(refs))


def _is_ending(kind: Kind, case: Case) -> bool:
    return kind.effect == END or (kind.effect == CHANGE and case.answers.get("cause") in ENDINGS)


def _held(kind: Kind, case: Case) -> list[Entitlement]:
    """What the person holds of this kind, of those whom the case names where it names any."""
    person = _person(case)
    rows = Entitlement.objects.filter(
        person=person, kind=kind.kind, state=State.GRANTED, recorded__endswith__isnull=True
    )  # fmt: skip
    if kind.of != ALL:
        rows = rows.filter(about__in=[row.addressee for row in chosen(case, _named(case))])
    return list(rows.order_by("pk"))


def _ended_by_register(kind: Kind, case: Case) -> list[Entitlement]:
    """What a move-out or a death ended before the notice of it was decided: nothing is left to do."""
    rows = Entitlement.objects.filter(person=_person(case), kind=kind.kind, cause__in=BY_REGISTER)
    return list(rows.filter(recorded__endswith__isnull=True).order_by("pk"))


def _ended(actor: Actor, case: Case, one: Entitlement) -> Entitlement:
    last = max(last_paid(kind_of(case.procedure), case), one.starts_on or date.min)
    reason = f"受付番号 {case.number}"
    return end(actor=actor, number=one.number, last=last, reason=reason, cause=Cause.CEASED)


def refuse_second_claim(actor: Actor, case: Case, event: CaseEvent) -> None:
    """Of several who claim for one child, only one is proposed and decided (重複する請求の拒否; a follower of steps).

    The sentence never says who the other is or where: who asks may be the one from whom that must be kept.
    """
    kind = kind_of(case.procedure)
    if event.action not in ("propose", "approve") or kind is None or case.asked.does != DOES:
        return
    if case.about is None or not kind.lasts or _is_ending(kind, case):
        return
    wanted = grantings(case)
    _wait_for(kind.kind, [one.about.pk for one in wanted])
    if _is_granted(case, wanted) or _is_under_way(case, kind, {one.about.pk for one in wanted}):
        raise Refused(TAKEN, code="already_claimed")


def is_claimed_twice(case: Case) -> bool:
    """Whether a case that is not decided meets another claim or an entitlement (重複の有無)."""
    kind = kind_of(case.procedure)
    if kind is None or case.asked.does != DOES or case.about is None or not kind.lasts or _is_ending(kind, case):
        return False
    try:
        wanted = grantings(case)
    except Refused:
        return False
    return _is_granted(case, wanted) or _is_under_way(case, kind, {one.about.pk for one in wanted})


def _is_granted(case: Case, wanted: Iterable[Granting]) -> bool:
    same = Q()
    for one in wanted:
        same |= Q(kind=one.kind, about=one.about, valid__overlap=days(one.first, one.last))
    held = Entitlement.objects.filter(same, lasts=True, recorded__endswith__isnull=True).exclude(state=State.REFUSED)
    return held.exclude(decided_in=case.number).exists()


def _is_under_way(case: Case, kind: Kind, people: set[int]) -> bool:
    """Whether another case of this procedure, of the same home, was proposed or approved for any of ``people``."""
    if kind.of != CHILDREN:
        return False
    others = Case.objects.filter(procedure=case.procedure, state__in=("proposed", "approved"), about__isnull=False)
    others = others.exclude(pk=case.pk).filter(about__in=_who_may_claim(people)).select_related("about")
    return any(people & {one.pk for one in children_of(_person(other), claimed_on(other))} for other in others)


def _who_may_claim(children: set[int]) -> set[int]:
    """Everybody of the homes in which these children live."""
    homes = newest_periods().filter(addressee__in=children).values("household")
    return set(newest_periods().filter(household__in=homes, is_registered=True).values_list("addressee", flat=True))


def _wait_for(kind: str, people: Iterable[int]) -> None:
    """Two who decide at the same time for the same child do so one after the other."""
    with connection.cursor() as cursor:
        for pk in sorted(people):
            key = f"entitlement {wall.current()} {kind} {pk}"
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def note_refusal(actor: Actor, case: Case, event: CaseEvent) -> None:
    """A rejected claim is kept as refused, with its reason (不認定の記録; a follower of steps)."""
    kind = kind_of(case.procedure)
    if event.action != "reject" or kind is None or case.about is None or case.asked.does != DOES:
        return
    granting = Granting(
        person=case.about, about=case.about, kind=kind.kind, procedure=case.procedure, name=kind.name_ja,
        first=claimed_on(case), lasts=kind.lasts, decided_in=case.number, reason=event.reason[:300],
    )  # fmt: skip
    refuse(actor=actor, granting=granting)
