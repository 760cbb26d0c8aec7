"""Which days an act may name (異動日・届出日の規則; resident-record/1.0#4.0.3, #4.1.0.2)."""

from datetime import date

from municipal.core.clauses import implements
from municipal.core.dates import RegisterDate
from municipal.core.refusals import Refused


@implements("resident-record/1.0#1.1.8/m5")
def ordering_day(event_on: RegisterDate, today: date) -> date:
    """The day from which rows of history are ordered: the day itself, or the last it can mean, not after today.

    Kept inside only; no screen shows it (内部の並び順の日).
    """
    return event_on.date or min(event_on.latest(), today)


@implements("resident-record/1.0#4.0.3/m3")
def refuse_future(event_on: RegisterDate, today: date, *, may_be_ahead: bool) -> None:
    """Only a move-out may be dated ahead (異動日)."""
    if not may_be_ahead and event_on.earliest() > today:
        raise Refused(
            "異動日に先の日は入力できません。今日までの日を入力してください。", field="event_on", code="event_in_future"
        )


@implements("resident-record/1.0#4.1.0.2/m3")
def refuse_untimely_notice(event_on: RegisterDate, notified_on: date, today: date, *, may_be_ahead: bool) -> None:
    """A notice was given by today, and not before what it tells of, except a move-out (届出日)."""
    if notified_on > today:
        raise Refused(
            "届出日に先の日は入力できません。今日までの日を入力してください。",
            field="notified_on",
            code="notice_in_future",
        )
    if not may_be_ahead and event_on.earliest() > notified_on:
        raise Refused(
            "届出日が異動日より前になっています。日付を確かめてください。", field="notified_on", code="notice_too_early"
        )


UNNAMED_DAYS = 365
"""A child may be without a name that long: the notice of birth may come before it."""


@implements("resident-record/1.0#4.1.0.1/m3")
def may_be_unnamed(born_on: RegisterDate | None, on: date) -> bool:
    """Whether somebody born on that day may have no name yet: the birth is notified with the act (未命名の子)."""
    return bool(born_on) and 0 <= (on - born_on.earliest()).days <= UNNAMED_DAYS  # type: ignore[union-attr]


def refuse_before_birth(event_on: RegisterDate, born_on: RegisterDate) -> None:
    """Nothing happens to anybody before birth (生年月日より前の異動)."""
    if event_on.latest() < born_on.earliest():
        raise Refused(
            "異動日が生年月日より前になっています。日付を確かめてください。", field="event_on", code="before_birth"
        )


def refuse_out_of_order(valid_from: date, newest_from: date) -> None:
    """An act does not slip in before what is already recorded of the person (異動の順序)."""
    if valid_from < newest_from:
        raise Refused(
            "この方には、より新しい異動（%(day)s）が記録されています。その異動を先に取り消すか、誤記修正で直してください。",
            field="event_on",
            code="later_act_recorded",
            day=newest_from.isoformat(),
        )
