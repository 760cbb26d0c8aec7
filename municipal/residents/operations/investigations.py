"""Looking into whether what is recorded is true (実態調査の操作)."""

from datetime import date

from municipal.addressees.models import Addressee
from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.refusals import Refused
from municipal.residents.models import Investigation
from municipal.residents.rules.investigating import ABOUT

from .notes import checked


@operation("residents.begin_investigation")
def begin_investigation(
    *, actor: Actor, people: list[int], about: str, because: str, started_on: date
) -> list[Investigation]:
    """Mark that something about ``people`` (addressee ids) is looked into, from a day on (実態調査の開始).

    Raises Refused for a day ahead, and for somebody of whom the same is being looked into.
    """
    if about not in ABOUT:
        raise Refused("調査の対象を一覧から選んでください。", field="about", code="invalid")
    if started_on > clock.today():
        raise Refused(
            "開始日に先の日は入力できません。今日までの日を入力してください。", field="started_on", code="in_future"
        )
    known = list(Addressee.objects.select_for_update().filter(pk__in=people, kind="resident").order_by("pk"))
    if not known or len(known) < len(set(people)):
        raise Refused("調査する人を選んでください。", field="people", code="nobody")
    open_ones = Investigation.objects.filter(addressee__in=known, about=about, ended_on=None)
    if open_ones.exists():
        raise Refused("この対象は、すでに調査中です。", field="people", code="already_investigated")
    reason = checked(because, Investigation, "because")
    made = [
        Investigation.objects.create(addressee=one, about=about, because=reason, started_on=started_on) for one in known
    ]
    record(actor=actor, subjects=[one.pk for one in known], fields=["investigation"], code=about)
    return made


@operation("residents.end_investigation")
def end_investigation(*, actor: Actor, investigation: int, outcome: str, ended_on: date) -> Investigation:
    """The looking into has ended with ``outcome``; what follows is an act of its own (実態調査の終了)."""
    found = Investigation.objects.select_for_update().filter(pk=investigation, ended_on=None).first()
    if found is None:
        raise Refused("この調査は見つからないか、すでに終わっています。画面を開き直してください。", code="not_found")
    if outcome not in Investigation.Outcome.values or not outcome:
        raise Refused("調査の結果を一覧から選んでください。", field="outcome", code="invalid")
    if ended_on > clock.today() or ended_on < found.started_on:
        raise Refused(
            "終了日は、開始日から今日までの日を入力してください。", field="ended_on", code="ends_out_of_range"
        )
    found.outcome, found.ended_on = outcome, ended_on
    found.save(update_fields=["outcome", "ended_on"])
    record(actor=actor, subjects=[found.addressee_id], fields=["investigation"], code=outcome)
    return found
