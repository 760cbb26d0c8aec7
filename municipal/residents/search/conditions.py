"""What several conditions at once may say of the person who is meant (検索条件)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from municipal.core.characters import refuse_company_symbols, refuse_unstorable
from municipal.core.clauses import implements
from municipal.core.refusals import Refused

LONGEST = 100
BLANKS = (
    "name", "name_kana", "born_on", "relationship", "resident_code", "domicile", "register_head", "became_resident_on",
    "address_lot", "address_building", "address_postal_code", "alias", "former_family_name", "nationality",
    "residence_card_number", "stay_expires_on",
)  # fmt: skip
"""Items of which somebody may ask who has none (#2.1.3/m6)."""

ADDRESS = frozenset({"address", "address_code", "lot", "building", "ward_code"})
"""Conditions that say where somebody lives: they confirm no protected address (#3.4)."""

NARROWING = frozenset({"box", "match", "part", "sex", "relationship", "status", "times", "on", "ward_code"})
"""Conditions that mean nobody by themselves: half the town has them."""


@implements("resident-record/1.0#2.1.3/m1", "resident-record/1.0#2.1.3/m4")
@dataclass(frozen=True)
class Conditions:
    """Every condition of a search, empty where it is not one; all of them must hold (検索条件).

    ``box``: what was typed into the one box, which asks by itself. ``match``: how names are compared, ``part``,
    ``start`` or ``exact``. ``part``: of which name, ``any``, ``given``, ``former`` or ``alias``. ``born``: a day, a
    month or a year in either calendar. ``times``: ``any`` looks at former names and addresses too, ``now`` does not.
    ``on``: the day on which everything is to hold, ISO 8601. ``blank``: items that must be empty. ``status``: ``1``
    living here, ``removed`` for anybody removed.
    """

    box: str = ""
    name: str = ""
    kana: str = ""
    match: str = "part"
    part: str = "any"
    born: str = ""
    sex: str = ""
    relationship: str = ""
    address: str = ""
    address_code: str = ""
    lot: str = ""
    building: str = ""
    ward_code: str = ""
    number: str = ""
    household: str = ""
    status: str = ""
    removal_reason: str = ""
    resident_code: str = ""
    card_number: str = ""
    blank: tuple[str, ...] = ()
    times: str = "any"
    on: str = ""

    def said(self) -> dict[str, Any]:
        """The conditions that are ones, by name (設定された条件)."""
        return {one.name: value for one in fields(self) if (value := getattr(self, one.name)) and value != one.default}

    def as_json(self) -> dict[str, Any]:
        """The conditions as they are remembered; ``read`` gives them back (保存形)."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}

    @property
    def asks_for_an_address(self) -> bool:
        """Whether any condition says where somebody lives (住所による検索か)."""
        return bool(ADDRESS & self.said().keys() or {one for one in self.blank if one.startswith("address")})


def read(said: Mapping[str, Any]) -> Conditions:
    """The conditions in ``said``, unknown names left out (検索条件の読取り)."""
    known = {one.name for one in fields(Conditions)}
    values = {name: tuple(value) if name == "blank" else str(value) for name, value in said.items() if name in known}
    return Conditions(**values)  # type: ignore[arg-type]


@implements("resident-record/1.0#2.1.2/n1")
def refuse_unfit(asked: Conditions) -> None:
    """Raise Refused for letters that no register holds, company symbols, and conditions that mean nobody."""
    for name, value in asked.said().items():
        if isinstance(value, str):
            refuse_unstorable(value, LONGEST, name)
            refuse_company_symbols(value, name)
    if any(name not in BLANKS for name in asked.blank):
        raise Refused("未入力かどうかを条件にできない項目です。一覧から選んでください。", field="blank", code="invalid")
    if not asked.said().keys() - NARROWING:
        raise Refused(
            "さがす人を決める条件がありません。氏名、生年月日、住所、番号などを入れてください。",
            field="name",
            code="search_too_broad",
        )
