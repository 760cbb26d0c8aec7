"""``manage.py make_town``: a fictional municipality with its register, the same every time (架空の町の作成)."""

import argparse
from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError

from fixtures.town import build, town
from fixtures.town.items import items
from fixtures.town.model import Person, State
from municipal.addressees.models import NumberSeries
from municipal.addressees.operations import ADDRESSEE_NUMBERS, HOUSEHOLD_NUMBERS, NUMBER_WIDTH
from municipal.audit.operations import record
from municipal.core import clock
from municipal.core.actors import System
from municipal.core.eras import parse_day
from municipal.core.numbers import number_of
from municipal.core.refusals import Refused
from municipal.identity.demo import open_demo_accounts
from municipal.municipalities import wall
from municipal.municipalities.operations import found
from municipal.residents.loading import Life, Loader, Row
from municipal.residents.models import ResidentRecord

BATCH = 20_000
OFFICE_OPENS = time(9, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
TOWNS = {"990019": "Kaku City", "990027": "Mogi Town"}


def _day(text: str) -> date:
    try:
        return parse_day(text)
    except Refused as refused:
        raise argparse.ArgumentTypeError(str(refused)) from refused


class Command(BaseCommand):
    """Found a made-up town and fill its register."""

    help = (
        "架空の町をつくり、住民と5年分の履歴を登録します（実在の人は一人もいません）。"
        " / Makes a fictional municipality with residents and five years of history; nobody in it is real. "
        "The same residents, seed and day give the same register."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--town", choices=sorted(TOWNS), default="990019", help="code of the town (default 990019)")
        parser.add_argument("--residents", type=int, default=2000, help="people living there (default 2000)")
        parser.add_argument("--seed", type=int, default=1, help="which of the possible towns (default 1)")
        parser.add_argument(
            "--as-of", type=_day, default=None, help="the town's present day, R8.11.23 or 2026-11-23 (default today)"
        )
        parser.add_argument("--if-empty", action="store_true", help="a town that has residents is no error")
        parser.add_argument("--without-accounts", action="store_true", help="open no demo accounts")

    def handle(self, *args: Any, **options: Any) -> None:
        """Found, fill, open accounts; a town that has residents is left as it is."""
        made_up = town(options["town"])
        as_of = options["as_of"] or clock.today()
        code = int(made_up.code)
        found(
            code=made_up.code, name=made_up.name, prefecture=made_up.prefecture, name_en=TOWNS[made_up.code],
            is_fictional=True,
        )  # fmt: skip
        with wall.within(code):
            if ResidentRecord.objects.exists():
                if options["if_empty"]:
                    return
                raise CommandError(f"{made_up.name}には住民がいます。つくり直すには、データベースを空にしてください。")
            try:
                people = build(made_up, options["residents"], options["seed"], as_of)
                lives, rows = _fill(people, as_of)
            except ValueError as error:
                raise CommandError(str(error)) from error
            record(actor=System("make_town"), act="residents.make_town", screen="manage.py make_town")
        if not options["without_accounts"]:
            open_demo_accounts(code)
        self.stdout.write(f"{made_up.name} ({made_up.code}): {lives} people, {rows} rows of history.")


def _fill(people: Iterator[Person], as_of: date) -> tuple[int, int]:
    """Load everybody in batches; returns how many people and rows there were."""
    loader, lives, rows, last_person = Loader(), 0, 0, 0
    while batch := list(islice(people, BATCH)):
        rows += loader.load([_life(person, as_of) for person in batch])
        lives, last_person = lives + len(batch), batch[-1].serial
    last_household = max(int(number[:-1]) for number in loader.households)
    for series, last in ((ADDRESSEE_NUMBERS, last_person), (HOUSEHOLD_NUMBERS, last_household)):
        NumberSeries.objects.create(series=series, last_serial=last)
    return lives, rows


def _life(person: Person, as_of: date) -> Life:
    return Life(
        number_of(person.serial, NUMBER_WIDTH), [_row(state) for state in person.states],
        protected_from=min(as_of, person.states[-1].processed_on) if person.protected else None,
    )  # fmt: skip


def _row(state: State) -> Row:
    recorded_at = state.recorded_at or datetime.combine(state.processed_on, OFFICE_OPENS)
    household = number_of(state.household_serial, NUMBER_WIDTH)
    return Row(items(state), household, state.valid_from, recorded_at, state.corrects)
