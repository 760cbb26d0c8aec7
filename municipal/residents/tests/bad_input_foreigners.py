"""People and good notices for the acts of foreign residents, names and special moves (悪い届書の土台: 外国人住民)."""

from typing import Any

from municipal.residents.models import ResidentRecord

from .acting import ELSEWHERE, PLACE, act, day, member, newcomer_said, people_of
from .foreigners_lives import stays

ALONE = frozenset(
    {
        "naturalisation", "nationality_acquired", "nationality_lost", "former_surname_entry", "former_surname_change",
        "former_surname_deletion", "alias_entry", "alias_deletion",
    }
)  # fmt: skip
"""Acts that are entered one person at a time."""
ENTRIES = frozenset({"article30_46", "article30_47", "move_in_unreported"})
"""Acts by which people are entered who have no number yet."""
AGENCY: dict[str, Any] = {"basis": "immigration"}
REGISTER: dict[str, Any] = {"basis": "family_register"}
JAPANESE = {"name": "例示　愛", "domicile": "架空県架空市松町１番地", "register_head": "例示　愛"}
EARLIER: dict[str, Any] = {"event_on": day(2026, 4, 1), "place": PLACE}


def found_foreigners() -> dict[str, ResidentRecord]:
    """Somebody with a card, with an alias, and two Japanese with and without a former surname."""
    foreign = people_of(act("article30_46", people=(stays(81, "EXAMPLE ANNA", "AB12345681CD"),), **EARLIER))[0]
    with_alias = stays(82, "EXAMPLE BEATA", "AB12345682CD", alias="例示　別")
    aliased = people_of(act("article30_46", people=(with_alias,), **EARLIER))[0]
    plain = newcomer_said("乙川　平", serial=83, has_individual_number_card=True, born_on=day(1960, 3, 3))
    former = newcomer_said("乙川　旧", serial=84, former_family_name="丁川", born_on=day(1960, 4, 4))
    japanese, married = (people_of(act("move_in", people=(one,), **EARLIER))[0] for one in (plain, former))
    return {"foreign": foreign, "aliased": aliased, "japanese": japanese, "married": married}


def foreigners(people: dict[str, ResidentRecord]) -> dict[str, dict[str, Any]]:
    """By act: what its notice says besides the usual."""
    foreign, aliased, japanese, married = (people[name] for name in ("foreign", "aliased", "japanese", "married"))
    lost = {"name": "EXAMPLE TARO", "nationality": "例示国"}
    request, application = {"basis": "request"}, {"basis": "application"}
    unreported = newcomer_said("丙川　四", serial=34, last_registered_address="見本県例示町")
    return {
        "article30_46": {"people": (stays(35, "EXAMPLE CARLA", "AB12345635CD"),), "place": PLACE},
        "article30_47": {"people": (stays(36, "EXAMPLE DORA", "AB12345636CD"),), "place": PLACE},
        "move_in_unreported": {"people": (unreported,), "place": PLACE, "came_from": ELSEWHERE},
        "move_out_by_card": {"people": (member(japanese),), "place": ELSEWHERE},
        "place_notification": {"people": (member(foreign),)},
        "immigration_correction": {"people": (member(foreign, stay_years=5),), **AGENCY},
        "immigration_removal": {"people": (member(foreign),), **AGENCY},
        "naturalisation": {"people": (member(foreign, **JAPANESE),), **REGISTER},
        "nationality_acquired": {"people": (member(foreign, **JAPANESE),), **REGISTER},
        "nationality_lost": {"people": (member(japanese, **lost),), **REGISTER},
        "former_surname_entry": {"people": (member(japanese, former_family_name="丁川"),), **request},
        "former_surname_change": {"people": (member(married, former_family_name="戊川"),), **request},
        "former_surname_deletion": {"people": (member(married),), **request},
        "alias_entry": {"people": (member(foreign, alias="例示　愛"),), **application},
        "alias_deletion": {"people": (member(aliased),), **application},
    }  # fmt: skip
