"""Writing notes, remarks, memos; looking into whether a record is true (統合記載欄・メモ・実態調査の操作)."""

from datetime import date
from typing import Any, TypeVar

from django.db import models

from municipal.addressees.fields import glyphs_of
from municipal.addressees.models import Addressee
from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.characters import refuse_unstorable
from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.residents.acts import Plan
from municipal.residents.models import ActualHead, Household, Memo, Remark, ResidentRecord, StandingNote
from municipal.residents.notices import ITEMS

Written = TypeVar("Written", bound=models.Model)


def checked(text: str, kind: type[models.Model], field: str = "text") -> str:
    """The text as it may be stored. Raises Refused for nothing, too much, or what cannot be stored (文の確認)."""
    text = text.strip()
    if not text:
        raise Refused("内容を入力してください。", field=field, code="empty")
    refuse_unstorable(text, glyphs_of(kind._meta.get_field(field)) or 0, field, is_multiline=True)
    return text


def _of(addressee: int) -> Addressee:
    """The person, locked, so that of two clerks one comes second."""
    found = Addressee.objects.select_for_update().filter(pk=addressee).first()
    if found is None or not found.records.exists():
        raise Refused(
            "この宛名番号の住民は見つかりません。番号を確かめてください。", field="person", code="no_such_person"
        )
    return found


def _former(kind: type[Written], person: Addressee, number: int | None) -> Written | None:
    """What is to be replaced. Raises Refused for what is not this person's, or was replaced or taken away."""
    if number is None:
        return None
    found: Any = kind._default_manager.filter(addressee=person, pk=number).first()
    if found is None:
        raise Refused("この記載は見つかりません。画面を開き直してください。", code="not_found")
    if found.is_struck or found.replaced_by.exists():
        raise Refused("ほかの職員が先に直しました。最新の内容を確認して、もう一度入力してください。", code="replaced")
    return found  # type: ignore[no-any-return]


def _by(actor: Actor) -> dict[str, Any]:
    return {"written_at": clock.now(), "written_by_kind": actor.actor_kind, "written_by_id": actor.actor_id}


@implements(
    "resident-record/1.0#1.1.14/m2", "resident-record/1.0#1.1.14/m3", "resident-record/1.0#1.1.14/m7",
    "resident-record/1.0#1.1.14/m8", "resident-record/1.0#1.1.5/m4",
)  # fmt: skip
@operation("residents.write_remark")
def write_remark(
    *, actor: Actor, person: int, text: str, serial: int | None = None, item: str = "", replaces: int | None = None
) -> Remark:
    """A note on the row ``serial`` and one of its items, or a remark on the person (留意事項・備考の入力).

    ``replaces``: the id of what it says anew; that stays. On a removed record too: an error found in it is noted.
    """
    found = _of(person)
    former = _former(Remark, found, replaces)
    if former is not None:
        sort, row, item = former.sort, former.record, former.item
    else:
        row = _row(found, serial)
        sort = Remark.Sort.NOTE if row else Remark.Sort.REMARK
    if item and (item not in ITEMS or row is None):
        raise Refused("関係する項目を一覧から選んでください。", field="item", code="invalid")
    made = Remark.objects.create(
        addressee=found, sort=sort, record=row, item=item, text=checked(text, Remark), replaces=former, **_by(actor)
    )
    record(actor=actor, subjects=[found.pk], fields=["remarks"], code=sort)
    return made


def _row(person: Addressee, serial: int | None) -> ResidentRecord | None:
    if serial is None:
        return None
    found = person.records.filter(serial=serial).first()
    if found is None:
        raise Refused("この履歴は見つかりません。履歴から選び直してください。", field="serial", code="not_found")
    return found


@operation("residents.strike_remark")
def strike_remark(*, actor: Actor, person: int, remark: int) -> Remark:
    """Take a note or remark away; that it stood, and who took it away, stays (記載の削除)."""
    found = _of(person)
    former = _former(Remark, found, remark)
    assert former is not None
    made = Remark.objects.create(
        addressee=found, sort=former.sort, record=former.record, item=former.item, text=former.text, replaces=former,
        is_struck=True, **_by(actor),
    )  # fmt: skip
    record(actor=actor, subjects=[found.pk], fields=["remarks"], code="struck")
    return made


@implements("resident-record/1.0#1.1.15/m1", "resident-record/1.0#1.1.15/m2", "resident-record/1.0#1.1.15/m3")
@operation("residents.write_memo")
def write_memo(*, actor: Actor, person: int, text: str, replaces: int | None = None) -> Memo:
    """A memo on a person, or another text in the place of one (メモの入力・修正)."""
    found = _of(person)
    former = _former(Memo, found, replaces)
    made = Memo.objects.create(addressee=found, text=checked(text, Memo), replaces=former, **_by(actor))
    record(actor=actor, subjects=[found.pk], fields=["memo"])
    return made


@implements("resident-record/1.0#1.1.15/m3")
@operation("residents.strike_memo")
def strike_memo(*, actor: Actor, person: int, memo: int) -> Memo:
    """Take a memo away; the history of memos keeps it (メモの削除)."""
    found = _of(person)
    former = _former(Memo, found, memo)
    assert former is not None
    made = Memo.objects.create(addressee=found, text=former.text, replaces=former, is_struck=True, **_by(actor))
    record(actor=actor, subjects=[found.pk], fields=["memo"], code="struck")
    return made


@implements("resident-record/1.0#1.1.14/m6")
@operation("residents.set_standing_note")
def set_standing_note(*, actor: Actor, reason: str, text: str) -> StandingNote | None:
    """The note that every act of ``reason`` gets from now on; an empty text takes it away (定型の留意事項)."""
    former = StandingNote.objects.select_for_update().filter(reason=reason).first()
    if text.strip():
        made = former or StandingNote(reason=reason)
        made.text = checked(text, StandingNote)
        made.save()
    else:
        made = None
        StandingNote.objects.filter(reason=reason).delete()
    record(actor=actor, fields=["standing_note"], code=reason)
    return made


@implements("resident-record/1.0#1.1.14/m6")
def with_standing_notes(plan: Plan) -> None:
    """Every row of ``plan`` that has no note of its own gets the one registered for its reason (留意事項の自動入力)."""
    notes = dict(StandingNote.objects.values_list("reason", "text"))
    for change in plan.changes if notes else ():
        change.items["remarks"] = change.items.get("remarks") or notes.get(str(change.items.get("reason")), "")


@implements("resident-record/1.0#4.1.4.3/m1")
@operation("residents.set_actual_head")
def set_actual_head(*, actor: Actor, household: str, name: str, standing: str, since: date) -> ActualHead:
    """Who leads a household in fact, though without a record here (事実上の世帯主の登録).

    Raises Refused for a household nobody lives in, and while another one is recorded as leading it.
    """
    home = Household.objects.filter(number=household).first()
    if home is None:
        raise Refused(
            "この世帯番号の世帯は見つかりません。番号を確かめてください。", field="household", code="not_found"
        )
    if standing not in ActualHead.Standing.values:
        raise Refused("立場を一覧から選んでください。", field="standing", code="invalid")
    if ActualHead.objects.filter(household=home, until=None).exists():
        raise Refused("この世帯の事実上の世帯主は、すでに登録されています。先に終了してください。", code="already_led")
    made = ActualHead.objects.create(
        household=home, name=checked(name, ActualHead, "name"), standing=standing, since=since
    )
    record(actor=actor, subjects=_living(home), fields=["actual_head"])
    return made


@operation("residents.end_actual_head")
def end_actual_head(*, actor: Actor, actual_head: int, until: date) -> ActualHead:
    """From ``until`` on nobody leads the household in fact who has no record (事実上の世帯主の終了)."""
    found = ActualHead.objects.select_for_update().filter(pk=actual_head, until=None).first()
    if found is None:
        raise Refused("この記載は見つかりません。画面を開き直してください。", code="not_found")
    if until < found.since:
        raise Refused("終了日が開始日より前になっています。日付を確かめてください。", field="until", code="ends_early")
    found.until = until
    found.save(update_fields=["until"])
    record(actor=actor, subjects=_living(found.household), fields=["actual_head"], code="ended")
    return found


def _living(home: Household) -> list[int]:
    return sorted(set(home.records.values_list("addressee", flat=True)))
