"""What has to be written after an act, to whom, and about what (職権記録書・通知書; #4.0.4, #4.0.5, #4.2.0.1)."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_noop as _

from municipal.core.clauses import implements

from .acts.standing import members_of, newest_periods
from .models import Basis, Household, ResidentEvent, ResidentRecord
from .rules.kinship import HEAD

EX_OFFICIO_RECORD, EX_OFFICIO_NOTICE = "ex_officio_record", "ex_officio_notice"
HEAD_NOTICE, HEAD_REQUEST = "head_notice", "head_request"
TITLES = {
    EX_OFFICIO_RECORD: _("職権記録書"), EX_OFFICIO_NOTICE: _("職権記載等通知書"), HEAD_NOTICE: _("世帯主変更通知書"),
    HEAD_REQUEST: _("世帯主変更依頼通知書"),
}  # fmt: skip
NOTIFIED = frozenset(
    {
        "move_in", "move_in_by_card", "move_within", "move_out", "household_split", "household_merger",
        "household_transfer", "householder_change", "entry_ex_officio", "removal_ex_officio",
    }
)  # fmt: skip
"""Acts that somebody should have notified (#4.1): done without, the person is told."""


@dataclass(frozen=True)
class Letter:
    """One paper after an act: its kind, to whom, of which household, and the rows it tells of (通知・記録書).

    ``recipient`` is None for the office's own record sheet.
    """

    kind: str
    recipient: ResidentRecord | None
    household: Household
    rows: tuple[ResidentRecord, ...]

    @property
    def title(self) -> str:
        """What it is called."""
        return TITLES[self.kind]


@implements(
    "resident-record/1.0#4.2.0.1/m2", "resident-record/1.0#4.2.0.1/m3", "resident-record/1.0#4.0.4/m2",
    "resident-record/1.0#4.0.4/m5", "resident-record/1.0#4.0.5/m1", "resident-record/1.0#4.0.5/m2",
)  # fmt: skip
def letters(event: ResidentEvent) -> list[Letter]:
    """The record sheet and the letters that follow from ``event`` (異動のあとの通知).

    A household that lost its head gets the notice where the last member became head ex officio, else the request.
    """
    rows = list(event.records.select_related("addressee", "household", "event").order_by("serial"))
    found = list(_of_the_office(event, rows))
    for home in dict.fromkeys(_homes_left(rows)):
        found += _on_the_head(event, home, [row for row in rows if row.household_id == home.pk])
    return found


def _of_the_office(event: ResidentEvent, rows: list[ResidentRecord]) -> Iterator[Letter]:
    if event.basis == Basis.NOTICE or not rows:
        return
    yield Letter(EX_OFFICIO_RECORD, None, rows[0].household, tuple(rows))
    if event.basis == Basis.EX_OFFICIO and event.act in NOTIFIED:
        for addressee in dict.fromkeys(row.addressee_id for row in rows):
            own = tuple(row for row in rows if row.addressee_id == addressee)
            yield Letter(EX_OFFICIO_NOTICE, own[-1], own[-1].household, own)


def _homes_left(rows: list[ResidentRecord]) -> Iterator[Household]:
    """The households of the rows and those that their people came from."""
    for row in rows:
        yield row.household
        before = row.addressee.records.filter(serial__lt=row.serial).order_by("-serial").first()
        if before is not None:
            yield before.household


def _on_the_head(event: ResidentEvent, home: Household, rows: list[ResidentRecord]) -> Iterator[Letter]:
    heads = [row for row in rows if row.reason == "householder_change" and row.relationship == HEAD]
    is_ours = event.act != "householder_change" or event.basis == Basis.EX_OFFICIO
    if heads and is_ours:
        yield Letter(HEAD_NOTICE, topmost(home), home, tuple(heads))
    elif members_of(home) and is_headless(home):
        yield Letter(HEAD_REQUEST, topmost(home), home, ())


def is_headless(home: Household) -> bool:
    """Whether people live in ``home`` and none of them leads it (世帯主不在)."""
    return not any(one.relationship == HEAD for one in members_of(home))


@implements("resident-record/1.0#4.0.5/m3")
def topmost(home: Household) -> ResidentRecord | None:
    """To whom a letter about the head goes: the one of those left who stood highest before (通知の送付先).

    The order is the stored one, which the removal of the head did not change.
    """
    return next(iter(members_of(home)), None)


@implements("resident-record/1.0#4.0.5/m2")
def headless() -> list[tuple[Household, ResidentRecord]]:
    """Every household without a head with whom the request goes to, in the order of numbers (対象者リスト)."""
    living = newest_periods().filter(is_registered=True)
    led = living.filter(is_head=True).values("household")
    homes = Household.objects.filter(pk__in=living.exclude(household__in=led).values("household")).order_by("number")
    return [(home, first) for home in homes if (first := topmost(home)) is not None]
