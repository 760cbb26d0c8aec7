"""Saying from which month on is counted (統計の操作)."""

from datetime import date

from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.clauses import implements
from municipal.core.eras import wareki_month
from municipal.core.refusals import Refused

from .models import Beginning


@operation("statistics.begin")
def begin_counting(*, actor: Actor, first_month: date) -> Beginning:
    """Say which month is the first that is counted (集計の開始月の設定). Raises Refused for one that lies ahead."""
    if first_month > clock.today():
        raise Refused("今月までの年月を選んでください。", field="month", code="no_such_month")
    made = Beginning.objects.create(first_month=first_month.replace(day=1), said_at=clock.now())
    record(actor=actor, fields=["first_month"])
    return made


def first_month() -> date | None:
    """The first month that is counted; None where every month is (集計の開始月)."""
    return Beginning.objects.order_by("-pk").values_list("first_month", flat=True).first()


@implements("resident-record/1.0#6.1/m3")
def refuse_before_the_beginning(month: date) -> None:
    """Raises Refused for a month before this system was in use: its figures are the former system's (開始前の月)."""
    first = first_month()
    if first is not None and month < first:
        raise Refused(
            "%(month)sより前の集計は、以前のシステムで行ってください。", field="month", code="before_the_beginning",
            month=wareki_month(first),
        )  # fmt: skip
