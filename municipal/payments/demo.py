"""Two years of money in a made-up town: charged, paid with every fault, put right (研修用の町の公金).

Played through the operations, each act with the clock stopped at its day. Who is charged and how people pay is said by
``fixtures/money``; the same seed and day give the same town, but for the confirmation numbers, which nobody can guess.
"""

import csv
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import groupby
from pathlib import Path

from fixtures.money import habits, opening
from fixtures.money.habits import Bill, Told
from fixtures.money.levies import CORPORATION, Levy, file_of, levies
from municipal.addressees.models import Addressee, AddresseeKind, LifeState
from municipal.addressees.operations.directory import DirectoryEntry, register_payer
from municipal.addressees.operations.recipients import Redirection, register_recipient
from municipal.core import clock
from municipal.core.actors import System
from municipal.core.numbers import CORPORATE_NUMBER, number_of
from municipal.municipalities import wall

from .balances import of_charges
from .files import written
from .matching import spent
from .models import Account, Assessment, Channel, Charge, Report, Slip, Transfer
from .operations import (
    apply,
    assess_file,
    close_through,
    close_year,
    identify,
    issue_slips,
    refund,
    reissue_slip,
    revise,
    settle,
    take_in,
    withdraw_slip,
    write_off,
)
from .operations.demands import demand
from .operations.owners import Joint, name_joint_payers
from .overdue import to_be_demanded
from .rules.instalments import fiscal_year

CLERK = System("demo")
TEN = time(10, tzinfo=clock.TOKYO)
FORTNIGHT, FOUR_WEEKS = timedelta(days=14), timedelta(days=28)
PATIENCE = timedelta(days=40)
"""What is older is put right; what is younger waits in the queues of whoever looks."""
PAYABLE_FOR = timedelta(days=40)
ADULTS_BORN_BEFORE = "2006"
MOST_DEMANDS = 12
OUTSIDERS = Path(__file__).parents[2] / "fixtures" / "money" / "outsiders.csv"


def furnish(town: int, *, seed: int = 1, pause: Callable[[], None] = lambda: None) -> int:
    """Play the money of the made-up town up to today, once; returns how many instalments there are (研修用の登録).

    In pieces, each committed, with a ``pause`` behind it in which PostgreSQL may be told to count: without statistics
    everything takes several times as long. Cut short, it leaves books that are right and people who pay no more.
    """
    with wall.within(town):
        if Assessment.objects.exists():
            return Charge.objects.count()
        play = _Play(seed, clock.today())
        _outsiders()
        _at(min(play.today, opening.CHARGED_ON), play.open)
    for day, act in play.calendar():
        with wall.within(town):
            _at(day, act)
        pause()
    with wall.within(town):
        return Charge.objects.count()


def _at(day: date, act: Callable[[], object]) -> None:
    with clock.stopped_at(datetime.combine(day, TEN)):
        act()


def _outsiders() -> None:
    """Corporations and people from elsewhere who own something here."""
    with OUTSIDERS.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            body = row["corporate_number"]
            entry = DirectoryEntry(
                row["kind"], row["name"], row["kana"], CORPORATE_NUMBER.of(body) if body else "",
                {part: row[part] for part in ("prefecture", "city", "block", "lot", "postal_code")},
            )  # fmt: skip
            register_payer(actor=CLERK, entry=entry)


@dataclass
class _Play:
    """What is known while a town is played: what the channels will tell, and what the bank still owes."""

    seed: int
    today: date
    to_tell: list[Told] = field(default_factory=list)
    on_the_way: Counter[str] = field(default_factory=Counter)

    def calendar(self) -> Iterator[tuple[date, Callable[[], object]]]:
        """Every act up to today, in the order of the days."""
        year = fiscal_year(self.today)
        acts: list[tuple[date, int, Callable[[], object]]] = [
            (levy.charged_on, 0, partial(self.charge, levy)) for one in (year - 1, year) for levy in levies(one)
        ]
        day = acts[0][0]
        while (day := day + (FORTNIGHT if day >= date(year, 4, 1) else FOUR_WEEKS)) <= self.today:
            acts.append((day, 1, self.collect))
        for month in _months(acts[0][0], self.today):
            acts.append((month.replace(day=20), 2, self.put_right))
            acts.append((month.replace(day=25), 3, partial(close_through, actor=CLERK, day=_closing_day(month))))
        acts += [(month.replace(day=21), 4, self.demand) for month in _months(acts[0][0], self.today)]
        acts.append((date(year, 6, 2), 4, partial(close_year, actor=CLERK, year=year - 1)))
        acts.append((date(year, 9, 5), 4, self.revise))
        acts.append((self.today, 5, _heirs_and_owners))
        acts.append((date(year, 10, 20), 4, self.give_up))
        for day, _, act in sorted(acts, key=lambda one: one[:2]):
            if day <= self.today:
                yield day, act

    def open(self) -> None:
        """The notices for training: their slips are the first ones of the town, and nobody pays them."""
        assess_file(actor=CLERK, data=opening.assessments())
        charges = Charge.objects.select_related("assessment").order_by("pk")
        issue_slips(actor=CLERK, charges=list(charges), pay_until=clock.today() + opening.SHOWN_UNTIL)

    def charge(self, levy: Levy) -> None:
        """Assessments by file, and a slip for every instalment."""
        assess_file(actor=CLERK, data=file_of(levy, _payers(levy.kind), self.seed))
        charges = Charge.objects.select_related("assessment").filter(
            assessment__fee=levy.fee, assessment__levy_year=levy.year, slips=None
        )
        for due_on, some in groupby(charges.order_by("due_on", "pk"), key=lambda one: one.due_on):
            self.hand_out(issue_slips(actor=CLERK, charges=list(some), pay_until=due_on + PAYABLE_FOR))

    def hand_out(self, slips: Sequence[Slip], *, due_on: date | None = None) -> None:
        """From now on the channels may tell of these slips; people pay around the due day, or another one."""
        for slip in slips:
            self.to_tell += habits.told(Bill(slip.number, slip.yen, due_on or slip.charge.due_on), self.seed)

    def collect(self) -> None:
        """The files since the last time, one of each channel; the money of those, of which the stores keep some."""
        today = clock.today()
        for channel, yen in self.on_the_way.items():
            if yen > 0:
                kept = 330 if channel == Channel.STORE and today.day <= 14 else 0
                settle(actor=CLERK, channel=Channel(channel), reference=f"{channel}-{today:%Y%m%d}",
                       yen=max(1, yen - kept), credited_on=today)  # fmt: skip
        self.on_the_way.clear()
        now = sorted([*(one for one in self.to_tell if one.told_on <= today), *habits.strays(today)])
        self.to_tell = [one for one in self.to_tell if one.told_on > today]
        by_channel: dict[str, list[Told]] = defaultdict(list)
        for one in now:
            by_channel[one.channel].append(one)
        for channel, told in by_channel.items():
            data = written(habits.COLUMNS, [one[1:] for one in told])
            take_in(actor=CLERK, name=f"{channel}-{today:%Y%m%d}.csv", data=data)
            self.on_the_way[channel] = sum(one.yen for one in told if one.stage == "confirmed")

    def put_right(self) -> None:
        """What waited long enough: money of nobody, over-payments, slips that were lost."""
        old = datetime.combine(clock.today() - PATIENCE, TEN)
        waiting = Report.objects.filter(
            slip=None, posting__isnull=False, posting__recorded_at__lt=old, stage="confirmed"
        )
        for report in waiting.order_by("pk"):
            slip = Slip.objects.filter(number=habits.read_right(report.number)).first()
            if slip and not spent([report.pk]):
                identify(actor=CLERK, report=report, charge=slip.charge)
        over = Transfer.objects.filter(credit=Account.OVERPAID, posting__recorded_at__lt=old)
        charges = Charge.objects.filter(pk__in=over.values("charge")).select_related("assessment").order_by("pk")
        for charge, standing in zip(charges, of_charges([one.pk for one in charges]).values(), strict=True):
            if standing.overpaid:
                _give_back(charge, standing.overpaid)
        self.print_anew()

    def print_anew(self) -> None:
        """Two lost slips a month; one of the old ones is withdrawn."""
        late = Slip.objects.filter(
            charge__due_on__lt=clock.today() - PATIENCE, charge__due_on__gte=clock.today() - 2 * PATIENCE,
            successors=None, supersedes=None,
        ).select_related("charge__assessment")  # fmt: skip
        standings = of_charges([one.charge_id for one in late])
        unpaid = [one for one in late.order_by("pk") if standings[one.charge_id].outstanding]
        for place, slip in enumerate(unpaid[:2]):
            new = reissue_slip(actor=CLERK, slip=slip, pay_until=clock.today() + PAYABLE_FOR)
            if place:
                withdraw_slip(actor=CLERK, slip=slip, reason="紛失の届出により再発行")
            self.hand_out([new], due_on=clock.today() + timedelta(days=20))

    def demand(self) -> None:
        """What is overdue since three weeks, each once; a third pay then. Notices for training are left alone."""
        overdue = to_be_demanded(clock.today() - timedelta(days=20)).exclude(assessment__reference__startswith="K")
        charges = list(overdue.select_related("assessment__payer")[:MOST_DEMANDS])
        if charges:
            slips = [one.slip for one in demand(actor=CLERK, charges=charges)]
            paying = {one.number for one in self.to_tell}
            self.hand_out(
                [one for one in slips[::3] if one.supersedes is None or one.supersedes.number not in paying],
                due_on=clock.today() + PATIENCE,
            )

    def revise(self) -> None:
        """Premiums of this year, some lowered after they were paid, some raised."""
        this_year = Assessment.objects.filter(fee="901", levy_year=fiscal_year(clock.today())).order_by("pk")
        for place, one in enumerate(this_year[:6]):
            total = one.total_yen * (130 if place % 3 == 0 else 30) // 100
            revise(actor=CLERK, assessment=one, total_yen=total, reason="所得の更正に伴う再計算")

    def give_up(self) -> None:
        """Light vehicle tax of last year that three people still owe."""
        last_year = fiscal_year(clock.today()) - 1
        charges = Charge.objects.filter(assessment__fee="904", assessment__levy_year=last_year).order_by("pk")
        standings = of_charges([one.pk for one in charges])
        for charge in [one for one in charges if standings[one.pk].outstanding][:3]:
            write_off(actor=CLERK, charge=charge, reason="stay_at_once", basis="財産がないことの調査による")


def _heirs_and_owners() -> None:
    """Whoever speaks for the heirs of one of the cast, and who owns a house together with another."""
    cast = {
        serial: Addressee.objects.filter(number=number_of(serial, opening.WIDTH)).first()
        for serial in (*opening.HEIRS, *opening.OWNERS)
    }
    (dead, heir), (payer, owner) = opening.HEIRS, opening.OWNERS
    gone, stays = cast[dead], cast[heir]
    if gone and stays and gone.life_state == LifeState.DEAD:
        said = Redirection("heirs", opening.HEIRS_HOME, clock.today(), name=stays.name, kana=stays.kana)
        register_recipient(actor=CLERK, addressee=gone, said=said)
    owned, other = Assessment.objects.filter(payer=cast[payer]).order_by("pk").first(), cast[owner]
    if owned and other:
        name_joint_payers(actor=CLERK, assessment=owned, people=[Joint(other, "2分の1")])


def _months(first: date, last: date) -> Iterator[date]:
    """The first day of each month from the one behind ``first`` up to ``last``."""
    month = first.replace(day=1)
    while (month := (month + timedelta(days=32)).replace(day=1)) <= last:
        yield month


def _closing_day(month: date) -> date:
    """The last day of the month before."""
    return month - timedelta(days=1)


def _payers(kind: str) -> Sequence[str]:
    """The numbers of those who may be charged: grown-up residents and owners from elsewhere, or corporations."""
    everybody = Addressee.objects.order_by("number")
    if kind == CORPORATION:
        return list(everybody.filter(kind=AddresseeKind.CORPORATION).values_list("number", flat=True))
    grown_up = everybody.filter(life_state=LifeState.RESIDENT, born_on__lt=ADULTS_BORN_BEFORE)
    elsewhere = everybody.filter(kind=AddresseeKind.NON_RESIDENT)
    return [*elsewhere.values_list("number", flat=True), *grown_up.values_list("number", flat=True)]


def _give_back(charge: Charge, yen: int) -> None:
    """Used for another debt of the same payer where there is one that is overdue, else paid back."""
    theirs = Charge.objects.filter(
        assessment__payer=charge.assessment.payer_id, due_on__lt=clock.today()
    ).exclude(pk=charge.pk)  # fmt: skip
    standings = of_charges(list(theirs.values_list("pk", flat=True)))
    owing = [one for one in theirs.select_related("assessment").order_by("due_on") if standings[one.pk].outstanding]
    if owing:
        used = min(yen, standings[owing[0].pk].outstanding)
        apply(actor=CLERK, of=charge, to=owing[0], yen=used)
        yen -= used
    if yen:
        refund(actor=CLERK, charge=charge, yen=yen)
