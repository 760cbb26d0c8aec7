"""Charging a fee to a town and printing its slips, from the file of assessments to the PDF (調定と納付書).

One instalment each, as of the light vehicle tax; one payer in a thousand is protected. What a job does in steps is
done in steps here, each committed.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.ground import TOWN
from benchmarks.measuring import Table, Times
from benchmarks.slips import STEMS

Fresh = Callable[[], AbstractContextManager[object]]

PAYERS, GOAL_SECONDS, AT_ONCE, FEE, YEAR = 100_000, 480, 5_000, "904", 2026
DUE = date(2026, 12, 25)


def measure(fresh: Fresh, payers: int = PAYERS) -> list[Table]:
    """Seconds by the clock for each part, and for all of it (計測)."""
    from django.conf import settings

    with fresh(), TemporaryDirectory() as folder:
        settings.KIJUN_PAYMENTS = Path(folder)
        _people(payers)
        return [_measured(payers, Path(folder))]


def _people(count: int) -> None:
    """Payers with an address, outside of what is measured."""
    from municipal.addressees.models import Addressee
    from municipal.addressees.operations import protect
    from municipal.core.actors import System
    from municipal.municipalities import wall

    for start in range(0, count, AT_ONCE):
        with wall.within(TOWN):
            made = Addressee.objects.bulk_create(
                Addressee(
                    number=f"{serial:010d}", kind="non_resident", name=f"{STEMS[serial % 10]}野　{serial}",
                    kana=f"コウノ　{serial % 997:03d}", mailing_postal_code=f"{9990000 + serial % 9999}",
                    mailing_prefecture="架空県", mailing_city="架空市", mailing_block=f"松町{serial % 30 + 1}丁目",
                    mailing_lot=f"{serial % 900 + 1}番地", mailing_building="見本ハイツ　１０１号室",
                )
                for serial in range(start + 1, min(start + AT_ONCE, count) + 1)
            )  # fmt: skip
            for owner in made[::1000]:
                said = {"starts_on": date(2026, 1, 1), "ends_on": date(2027, 12, 31), "is_own": True}
                protect(actor=System(), addressee=owner, **said)  # type: ignore[arg-type]


def _file(count: int) -> bytes:
    lines = ["fee,levy_year,fiscal_year,reference,payer,total_yen,due_on"]
    lines += [
        f"{FEE},{YEAR},{YEAR},{serial:08d},{serial:010d},{2_000 + serial % 100 * 100},{DUE}"
        for serial in range(1, count + 1)
    ]
    return ("\n".join(lines) + "\n").encode()


def _measured(count: int, folder: Path) -> Table:
    from municipal.core.actors import System
    from municipal.municipalities import wall
    from municipal.office import jobs
    from municipal.payments.balances import books
    from municipal.payments.operations import assess_file, order_slip_run

    note = "By the clock, with PostgreSQL and the disk; own CPU: of this process alone, whatever else the machine does."
    table = Table("Charging a town", ("part", "payers", "seconds", "payers / s", "own CPU s"), note=note)
    data, times = _file(count), Times()
    with times.taking(), wall.within(TOWN):
        assess_file(actor=System(), data=data)
    with times.taking():
        with wall.within(TOWN):
            run = order_slip_run(actor=System(), fee=FEE, levy_year=YEAR, order="postal")
        jobs.run(TOWN, run.job_id)
    with wall.within(TOWN):
        is_whole = run.lines.count() == count and not books().broken()
        is_whole &= run.counter.count() == len(range(0, count, 1000))
    for part, seconds, cpu in zip(
        ("assessments charged", "slips issued and printed"), times.wall, times.cpu, strict=True
    ):
        table.add(part, f"{count:,}", f"{seconds:.0f}", f"{count / seconds:,.0f}", f"{cpu:.0f}")
    whole, cpu = sum(times.wall), sum(times.cpu)
    is_met = whole <= GOAL_SECONDS and is_whole
    table.add("all", f"{count:,}", f"{whole:.0f}", f"{count / whole:,.0f}", f"{cpu:.0f}", is_met=is_met)
    size = sum(path.stat().st_size for path in folder.rglob("*.pdf")) / 1024 / 1024
    table.add("size of the files", f"{count:,}", "", f"{size:.0f} MiB", "")
    return table
