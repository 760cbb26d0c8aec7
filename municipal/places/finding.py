"""Finding a place in the dictionary: by postal code, by initials, step by step; who certifies (場所の照会)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from municipal.core import clock
from municipal.core.characters import is_kana
from municipal.core.clauses import implements
from municipal.core.eras import plain
from municipal.core.refusals import Refused

from .models import Block, Building, CertifyingOfficer, DictionaryUpdate, InputPlace, Lot, Seat, Terminal
from .rules import is_due, kana_initials

MOST = 60
POSTAL_CODE, LONGEST_INITIALS = 7, 3


@dataclass(frozen=True)
class Step:
    """One choice on the way from prefecture to small area: what to send back, and what to show (選択肢)."""

    code: str
    name: str


def by_postal_code(typed: str) -> list[Block]:
    """The blocks of a postal code typed with or without its hyphen (郵便番号からの住所)."""
    digits = plain(typed).replace("-", "").replace("〒", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) == POSTAL_CODE):
        return []
    return list(Block.objects.on(clock.today()).filter(postal_code=digits).order_by("code")[:MOST])


@implements("resident-record/1.0#1.3.3/m9")
def by_initials(typed: str, own_code: str) -> list[Block]:
    """The blocks whose kana begin so: prefecture, city and block, or fewer from the right (住所カナの頭文字からの住所).

    Two parts are city and block, else prefecture and city; one is a block of the municipality ``own_code``.
    """
    parts = kana_initials(typed)
    if not 1 <= len(parts) <= LONGEST_INITIALS or not is_kana(typed):
        return []
    today = Block.objects.on(clock.today())
    names = ("prefecture_kana", "city_kana", "large_kana")
    wanted = Q(**{f"{name}__startswith": part for name, part in zip(names[-len(parts) :], parts, strict=True)})
    if len(parts) == 1:
        wanted &= Q(municipality_code=own_code)
    if len(parts) == LONGEST_INITIALS - 1:
        wanted |= Q(prefecture_kana__startswith=parts[0], city_kana__startswith=parts[1])
    return list(today.filter(wanted).order_by("code")[:MOST])


@implements("resident-record/1.0#1.3.3/m9", "resident-record/1.0#1.3.3/m10")
def lookup(typed: str, own_code: str) -> list[Block]:
    """Blocks for whatever somebody typed to call an address up: a postal code or initials (住所の呼出し)."""
    return by_postal_code(typed) or by_initials(typed, own_code)


@implements("resident-record/1.0#1.3.3/m11", "resident-record/1.0#1.3.3/m3")
def steps(chosen: str, *, with_former: bool = False) -> list[Step]:
    """What may be chosen next: prefectures, cities of one, large areas, small areas (一覧からの選択).

    ``chosen``: what has been chosen, as digits of an address code: none, 2, 5, or 8. ``with_former``: names that have
    ended as well, for a domicile.
    """
    if chosen and not (chosen.isascii() and chosen.isdigit() and len(chosen) in (2, 5, 8)):
        return []
    known = Block.objects.known() if with_former else Block.objects.on(clock.today())
    length = {0: 2, 2: 5, 5: 8, 8: 11}[len(chosen)]
    name = {2: "prefecture", 5: "city", 8: "large", 11: "small"}[length]
    rows = known.filter(code__startswith=chosen).order_by("code").values_list("code", name)
    found: dict[str, str] = {}
    for code, said in rows:
        found.setdefault(code[:length], said or "（小字なし）")
    return [Step(code, said) for code, said in found.items()]


def block(code: str, *, with_former: bool = False) -> Block | None:
    """The entry with this address code, the newest where it has several (住所コードからの住所)."""
    known = Block.objects.known() if with_former else Block.objects.on(clock.today())
    return known.filter(code=code).order_by("-valid").first() if code.isascii() and code.isdigit() else None


@implements("resident-record/1.0#1.3.3/m10", "resident-record/1.0#1.3.3/m8")
def parts_of(found: Block) -> dict[str, str]:
    """The parts of an address that a block says (住所の各部)."""
    return {
        "postal_code": found.postal_code, "prefecture": found.prefecture, "city": found.city, "block": found.name,
        "municipality_code": found.municipality_code, "block_code": found.block_code,
    }  # fmt: skip


@implements("resident-record/1.0#1.3.2/m1", "resident-record/1.0#1.3.2/m2")
def lots_of(code: str) -> list[Lot]:
    """The lots and house numbers of a block in the order of their numbers (住居表示・地番の一覧)."""
    return list(Lot.objects.on(clock.today()).filter(block=code).order_by("sort_code", "lot"))


@implements("resident-record/1.0#1.3.4/m2")
def buildings_at(code: str, lot: str = "") -> list[Building]:
    """The buildings of a block, those at ``lot`` only where it is named (住所に応じた方書)."""
    found = Building.objects.on(clock.today()).filter(block=code)
    return list((found.filter(lot__in=(lot, "")) if lot else found).order_by("lot", "name")[:MOST])


def is_unknown(place: Mapping[str, str], own_code: str) -> bool:
    """Whether an address in this municipality is not in the dictionary; no for a dictionary that has none of it."""
    own = Block.objects.on(clock.today()).filter(municipality_code=own_code)
    if place.get("municipality_code") != own_code or not place.get("block"):
        return False
    names = {f"{large}{small}" for large, small in own.values_list("large", "small")}
    return bool(names) and place["block"] not in names


@implements("resident-record/1.0#1.3.9/m2", "resident-record/1.0#1.3.9/m3", "resident-record/1.0#1.3.9/n1")
def certifying_officer(day: date, *, ward_code: str = "") -> CertifyingOfficer:
    """Who certifies on ``day``: whoever acts for the mayor then, else the mayor (認証者).

    Raises Refused where nobody is registered: nothing is certified with the name left empty.
    """
    found: dict[str, CertifyingOfficer] = {
        one.seat: one for one in CertifyingOfficer.objects.on(day).filter(ward_code=ward_code)
    }
    officer = found.get(Seat.ACTING) or found.get(Seat.HEAD)
    if officer is None:
        raise Refused(
            "この日の認証者が登録されていません。認証者の職名と氏名を登録してください。", code="no_certifying_officer"
        )
    return officer


@implements("resident-record/1.0#1.3.1/m1")
def terminal_at(address: str | None) -> Terminal | None:
    """The registered terminal with this network address (入力端末の特定)."""
    return Terminal.objects.on(clock.today()).filter(address=address).first() if address else None


@implements("resident-record/1.0#1.3.1/m1")
def office_of(address: str | None, department: str) -> tuple[str, str]:
    """The office and the terminal of a request from ``address``; else the department (入力場所と端末)."""
    terminal = terminal_at(address)
    if terminal is None:
        return department, ""
    place = InputPlace.objects.on(clock.today()).filter(code=terminal.place_code).first()
    return (place.name if place else department), terminal.name


@implements("resident-record/1.0#2.1.3/m2")
def ward_of(department: str) -> str:
    """The ward of the office in which somebody works; empty outside a designated city (所属の行政区)."""
    found = InputPlace.objects.on(clock.today()).filter(name=department).exclude(ward_code="") if department else None
    place = found.first() if found is not None else None
    return place.ward_code if place else ""


@implements("resident-record/1.0#2.1.3/m3", "resident-record/1.0#1.3.3/m12")
def wards() -> list[tuple[str, str]]:
    """The wards of a designated city: code and office (行政区の一覧)."""
    places = InputPlace.objects.on(clock.today()).exclude(ward_code="").order_by("ward_code", "code")
    return list({place.ward_code: (place.ward_code, place.name) for place in places}.values())


@implements("resident-record/1.0#1.3.3/m1", "resident-record/1.0#1.3.3/m2")
def dictionaries() -> list[tuple[str, DictionaryUpdate | None, bool]]:
    """Each dictionary that comes as a file: its last update, and whether the next one is due (辞書の更新状況)."""
    found = []
    for name in DictionaryUpdate.Dictionary.values:
        last = DictionaryUpdate.objects.filter(dictionary=name).order_by("-as_of", "-pk").first()
        found.append((name, last, is_due(name, last.as_of if last else None, clock.today())))
    return found
