"""``manage.py make_town``: a fictional municipality with its register, the same every time (架空の町の作成)."""

import argparse
import gc
from collections.abc import Callable
from datetime import date
from itertools import islice
from typing import Any, NamedTuple

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from fixtures.town import build, lived, town
from fixtures.town.deeds import FOUNDING
from fixtures.town.model import Town
from municipal.addressees.demo import open_cases
from municipal.audit.models import Entry
from municipal.audit.operations import record
from municipal.core import clock
from municipal.core.actors import System
from municipal.core.eras import parse_day
from municipal.core.refusals import Refused
from municipal.identity.demo import open_demo_accounts
from municipal.municipalities import wall
from municipal.municipalities.operations import found
from municipal.places.demo import furnish
from municipal.residents.demo import furnish_notes, receive_examples
from municipal.residents.loading import Loader
from municipal.residents.models import ResidentEvent, ResidentRecord
from municipal.residents.playing import after, begin, last_numbers, life_of, play, protect_as_told

BATCH, AT_ONCE = 20_000, 400
PLAYED = 2_500
"""Towns of up to so many residents are lived through unless said otherwise."""
BEGUN, MADE = "residents.begin_town", "residents.make_town"
TOWNS = {"990019": "Kaku City", "990027": "Mogi Town"}


def _day(text: str) -> date:
    try:
        return parse_day(text)
    except Refused as refused:
        raise argparse.ArgumentTypeError(str(refused)) from refused


class Asked(NamedTuple):
    """Which of the possible towns: its size, the seed, its present day (求められた町)."""

    residents: int
    seed: int
    as_of: date


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
        way = parser.add_mutually_exclusive_group()
        way.add_argument(
            "--played", action="store_true", default=None, dest="is_played",
            help=f"live the five years through, act by act (default up to {PLAYED} people); the same register",
        )  # fmt: skip
        way.add_argument("--bulk", action="store_false", dest="is_played", help="load everything at once")
        parser.add_argument("--if-empty", action="store_true", help="a town that has residents is no error")
        parser.add_argument(
            "--without-places", action="store_true", help="no address dictionary, offices, mayor, notes and copies"
        )
        parser.add_argument("--without-accounts", action="store_true", help="open no demo accounts")

    def handle(self, *args: Any, **options: Any) -> None:
        """Found, fill, open accounts; a town that has residents is left as it is, unless its making was cut short."""
        made_up = town(options["town"])
        code = int(made_up.code)
        found(
            code=made_up.code, name=made_up.name, prefecture=made_up.prefecture, name_en=TOWNS[made_up.code],
            is_fictional=True,
        )  # fmt: skip
        asked = Asked(options["residents"], options["seed"], options["as_of"] or clock.today())
        with wall.within(code):
            begun = _begun()
            if begun is None and ResidentRecord.objects.exists():
                if options["if_empty"]:
                    return
                raise CommandError(f"{made_up.name}には住民がいます。つくり直すには、データベースを空にしてください。")
        is_played = begun is not None or options["is_played"] or (
            options["is_played"] is None and asked.residents <= PLAYED
        )  # fmt: skip
        try:
            lives, rows = _play(made_up, begun or asked, self._say) if is_played else _load(made_up, asked)
        except ValueError as error:
            raise CommandError(str(error)) from error
        if not options["without_places"]:
            with wall.within(code):
                furnish(made_up.code, made_up.name)
        with wall.within(code):
            receive_examples((begun or asked).as_of)
            open_cases((begun or asked).as_of)
        if not options["without_accounts"]:
            open_demo_accounts(code)
            if not options["without_places"]:
                with wall.within(code):
                    furnish_notes()
                # Named, not imported: certificates stand above the register, money beside it. Without places nobody
                # certifies or writes to anybody.
                call_command("issue_samples", town=made_up.code, stdout=self.stdout)
                call_command("charge_samples", town=made_up.code, seed=options["seed"], stdout=self.stdout)
                call_command("bank_samples", town=made_up.code, stdout=self.stdout)
                call_command("apply_samples", town=made_up.code, stdout=self.stdout)
        self.stdout.write(f"{made_up.name} ({made_up.code}): {lives} people, {rows} rows of history.")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _load(made_up: Town, asked: Asked) -> tuple[int, int]:
    """Load everybody in batches; returns how many people and rows there were."""
    loader, lives, rows, last_person = Loader(), 0, 0, 0
    people = build(made_up, *asked)
    with wall.within(int(made_up.code)):
        while batch := list(islice(people, BATCH)):
            rows += loader.load([life_of(person, asked.as_of) for person in batch])
            lives, last_person = lives + len(batch), batch[-1].serial
        last_numbers(last_person, max(int(number[:-1]) for number in loader.households))
        _note(MADE)
    return lives, rows


def _play(made_up: Town, asked: Asked, say: Callable[[str], None]) -> tuple[int, int]:
    """Live everything through, from the people the town begins with; returns how many people and rows there were.

    In pieces, each committed and counted by PostgreSQL: without statistics, and in one transaction, every act takes
    several times as long. A town whose making was cut short goes on behind the last act that was decided. ``say`` is
    told how far it is.
    """
    blocks, town = list(lived(made_up, *asked)), int(made_up.code)
    acts = sum(deed.act != FOUNDING for block in blocks for deed in block.journal.deeds)
    with wall.within(town):
        if _begun() is None:
            begin(block.journal.deeds for block in blocks)
            _note(BEGUN, f"{asked.residents}:{asked.seed}:{asked.as_of}")
        done = ResidentEvent.objects.count()
        to_come = after(done, (deed for block in blocks for deed in block.journal.deeds))
    # What was lived is only read from here on: no need to look for garbage in it after every act.
    gc.freeze()
    try:
        while some := list(islice(to_come, AT_ONCE)):
            with connections["owner"].cursor() as cursor:
                cursor.execute("ANALYZE")
            with wall.within(town):
                lived_now = play(some)
            done += lived_now
            # The first pieces hold those with whom the town begins: nothing is lived yet.
            if lived_now:
                say(f"{made_up.name}: five years lived through, {done} of {acts} acts ...")
    finally:
        gc.unfreeze()
    people = [person for block in blocks for person in block.finished()]
    with wall.within(town):
        protect_as_told(people, asked.as_of)
        _note(MADE)
    return len(people), sum(len(person.states) for person in people)


def _note(act: str, code: str = "") -> None:
    record(actor=System("make_town"), act=act, screen="manage.py make_town", code=code)


def _begun() -> Asked | None:
    """What was asked of a town whose making was cut short; None for any other."""
    # Both stand near the beginning of the audit, however long it has become since.
    if Entry.objects.filter(act=MADE).order_by("seq").first() is not None:
        return None
    begun = Entry.objects.filter(act=BEGUN).order_by("seq").first()
    if begun is None:
        return None
    residents, seed, as_of = begun.code.split(":")
    return Asked(int(residents), int(seed), date.fromisoformat(as_of))
