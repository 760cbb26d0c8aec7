"""What a made-up town has to choose from: its dictionary, offices, mayor (研修用の町の場所)."""

from datetime import date
from pathlib import Path

from municipal.core import clock
from municipal.core.actors import System

from .models import Block, Building, CertifyingOfficer, District, InputPlace, Lot, Terminal
from .operations import (
    load_blocks,
    load_countries,
    put_block,
    put_building,
    put_district,
    put_lot,
    put_officer,
    put_place,
    put_terminal,
)

FOLDER = Path(__file__).parents[2] / "fixtures" / "town" / "dictionary"
SINCE = date(2020, 4, 1)
ACTOR = System("made-up clerk", actor_id=1)


def furnish(code: str, town: str) -> None:
    """Give the made-up town ``code`` its places, once (研修用の町の場所の登録). Runs inside the town."""
    if InputPlace.objects.exists():
        return
    today = clock.today()
    load_blocks(actor=ACTOR, content=(FOLDER / "blocks.csv").read_bytes(), as_of=today, source="架空の住所辞書")
    load_countries(actor=ACTOR, content=(FOLDER / "countries.csv").read_bytes(), as_of=today, source="架空の国名一覧")
    _offices(town)
    own = Block.objects.on(today).filter(municipality_code=code).order_by("code")
    first = own[0]
    _former(first)
    district = District(code="01", name="中央地区", block_codes=[one.code for one in own[:4]])
    put_district(actor=ACTOR, entry=district, valid_from=SINCE)
    for index in range(1, 13):
        put_lot(actor=ACTOR, entry=Lot(block=first.code, lot=f"{index}番", kind="house"), valid_from=SINCE)
    home = Building(code="0001", block=first.code, lot="2番", name="コーポ月見", kana="コーポツキミ")
    put_building(actor=ACTOR, entry=home, valid_from=SINCE)


def _offices(town: str) -> None:
    for code, name, kind in (("01", "本庁", "main"), ("02", "汐見支所", "branch"), ("03", "税務課", "section")):
        put_place(actor=ACTOR, entry=InputPlace(code=code, name=name, kind=kind), valid_from=SINCE)
    for code, name, place in (("W01", "窓口1番", "01"), ("W02", "窓口2番", "01"), ("S01", "支所1番", "02")):
        put_terminal(actor=ACTOR, entry=Terminal(code=code, name=name, place_code=place), valid_from=SINCE)
    mayor = CertifyingOfficer(seat="head", title=f"{town}長", name="架空　首一")
    put_officer(actor=ACTOR, entry=mayor, valid_from=SINCE)


def _former(today: Block) -> None:
    """A name that ended: it stays choosable for a domicile."""
    said = {name: getattr(today, name) for name in ("municipality_code", "prefecture", "prefecture_kana", "city")}
    former = Block(
        code=f"{today.code[:5]}901000", city_kana=today.city_kana, large="旧本陣", large_kana="キュウホンジン", **said
    )
    put_block(actor=ACTOR, entry=former, valid_from=date(1950, 1, 1), valid_until=date(1985, 4, 1))
