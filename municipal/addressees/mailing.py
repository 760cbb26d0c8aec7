"""To whom and where a paper about somebody goes, for many people at once (送付先の判定).

This room knows non-residents and corporations by itself; registers that know where people live tell it by
``tells_homes``. An address gets in here only through ``address_for``.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef

from municipal.core import clock

from .models import Addressee, AddresseeKind, LifeState, Protection, Recipient, RecipientKind
from .outputs import Purpose, address_for, names_of_group, prints_addresses, written

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Delivery:
    """What stands in the window of an envelope, or that none may go out (送付の宛先).

    ``recipient``: the name to print; ``role``: what stands beside it, as 相続人代表者（故 甲野　太郎 様分）.
    ``lines`` are empty where nothing can be sent: ``is_withheld`` for a protected person who named no safe address,
    else ``problem`` says why ("dead", "no_address"); ``care_of`` then says where the paper waits. ``honorific``: 様, or
    御中 for a corporation.
    """

    recipient: str
    role: str
    postal_code: str
    lines: tuple[str, ...]
    care_of: str
    is_withheld: bool
    problem: str = ""
    honorific: str = "様"


@dataclass(frozen=True)
class Home:
    """Where a register says that somebody is to be reached: group ``group`` of ``values`` (住まい)."""

    values: Row
    group: str
    is_withheld: bool


Homes = Callable[[Collection[int]], Mapping[int, Home]]

_registers: list[Homes] = []


def tells_homes(homes: Homes) -> Homes:
    """Let a register say where the people live whom it knows (住まいの照会先の登録)."""
    _registers.append(homes)
    return homes


PROBLEM_DEAD, PROBLEM_NO_ADDRESS = "dead", "no_address"
DIRECTORY = ("id", "kind", "name", "life_state", *names_of_group("mailing"), *names_of_group("forwarding"))
RECIPIENT = ("addressee_id", "kind", "subject", "name", "is_safe_for_protected", *names_of_group("address"))
LIVING = frozenset({LifeState.RESIDENT, LifeState.MOVED_OUT})


@prints_addresses("addressees.delivery", Purpose.MAIL)
def deliveries(
    people: Collection[int], *, subject: str = "", on: date | None = None, office: str = ""
) -> dict[int, Delivery]:
    """Where papers about ``people`` (addressee ids) go on that day, today by default (送付先の一括判定).

    ``subject``: the code of a fee; a recipient for that fee alone comes before one for everything. ``office``: who
    keeps what cannot be sent. A handful of statements, however many people; whoever is not of this town is left out.
    """
    named = _recipients(people, subject, on or clock.today())
    return {row["id"]: _delivery(row, home, named.get(row["id"], []), office) for row, home in _homes(people)}


def withheld_among(people: Collection[int]) -> frozenset[int]:
    """Those of ``people`` (addressee ids) whose own address nobody is told (秘匿の対象者)."""
    return frozenset(row["id"] for row, home in _homes(people) if home.is_withheld)


def _homes(people: Collection[int]) -> Iterator[tuple[Row, Home]]:
    """What the directory says of each, and the home that a register tells, or else the directory."""
    told: dict[int, Home] = {}
    for register in _registers:
        told |= register(people)
    covered = Protection.objects.filter(addressee=OuterRef("pk"), lifted_on__isnull=True)
    rows = Addressee.objects.filter(pk__in=people).annotate(is_covered=Exists(covered))
    for row in rows.values(*DIRECTORY, "is_covered"):
        home = told.get(row["id"]) or Home(row, "forwarding" if written(row, "forwarding") else "mailing", False)
        yield row, replace(home, is_withheld=home.is_withheld or row["is_covered"])


def _recipients(people: Collection[int], subject: str, on: date) -> dict[int, list[Row]]:
    """Recipients in force, those for the one subject first."""
    rows = Recipient.objects.filter(
        addressee__in=people, subject__in={"", subject}, valid__contains=on, recorded__endswith__isnull=True
    )
    found: dict[int, list[Row]] = {}
    for row in rows.order_by("-subject").values(*RECIPIENT):
        found.setdefault(row["addressee_id"], []).append(row)
    return found


def _delivery(row: Row, home: Home, named: Iterable[Row], office: str) -> Delivery:
    to = chosen(named, life_state=row["life_state"], is_withheld=home.is_withheld)
    if to is not None:
        shown = address_for(Purpose.MAIL, to, "address", is_protected=False)
        honorific = "様" if to["name"] else _honorific(row)
        return Delivery(
            to["name"] or row["name"], _role(to, row["name"]), shown.postal_code, shown.lines, "", is_withheld=False,
            honorific=honorific,
        )  # fmt: skip
    if row["life_state"] == LifeState.DEAD:
        role = "死亡（相続人代表者の届出なし）"
        return Delivery(row["name"], role, "", (), _kept(office), home.is_withheld, PROBLEM_DEAD)
    shown = address_for(Purpose.MAIL, home.values, home.group, is_protected=home.is_withheld)
    if shown.is_withheld:
        return Delivery(row["name"], "", "", (), _handed(office), is_withheld=True, honorific=_honorific(row))
    problem, care_of = ("", "") if shown.lines else (PROBLEM_NO_ADDRESS, _kept(office))
    return Delivery(
        row["name"], "", shown.postal_code, shown.lines, care_of, is_withheld=False, problem=problem,
        honorific=_honorific(row),
    )  # fmt: skip


def chosen(named: Iterable[Row], *, life_state: str, is_withheld: bool) -> Row | None:
    """The first of ``named`` that may receive the mail of somebody in that state of life (送付先の選択).

    Whoever is protected is written to only where they said it is safe; the mail of the dead goes only to whoever
    represents the heirs, and that of the living to no heir. Of non-residents no register says whether they live.
    """
    for row in named:
        is_for_heirs = row["kind"] == RecipientKind.HEIRS
        if is_withheld and not row["is_safe_for_protected"]:
            continue
        if (life_state == LifeState.DEAD and not is_for_heirs) or (life_state in LIVING and is_for_heirs):
            continue
        return row
    return None


def _role(to: Row, payer: str) -> str:
    """What stands beside the recipient's name; on paper, so in Japanese."""
    if to["kind"] == RecipientKind.HEIRS:
        return f"相続人代表者（故 {payer} 様分）"
    if to["kind"] == RecipientKind.OTHER_ADDRESS:
        return f"（{payer} 様分）" if to["name"] not in ("", payer) else ""
    return f"{RecipientKind(to['kind']).label}（{payer} 様分）"


def _honorific(row: Row) -> str:
    return "御中" if row["kind"] == AddresseeKind.CORPORATION else "様"


def _handed(office: str) -> str:
    return f"{office}の窓口でお渡しします" if office else "窓口でお渡しします"


def _kept(office: str) -> str:
    return f"{office}で保管します" if office else "担当課で保管します"
