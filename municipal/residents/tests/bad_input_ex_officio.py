"""A good notice of every act ex officio and of the family register (職権・戸籍の異動のよい届書)."""

from typing import Any

from municipal.residents.acts.family import EVENTS

from .acting import ELSEWHERE, PLACE, member, newcomer_said

REGISTER = {"basis": "family_register"}
ENTRIES = frozenset({"entry_ex_officio", "special_adoption_coming", "special_dissolution_coming"})
"""Acts that enter people who have no number yet."""
ITEMS = {"recognition": {"relationship": "同居人"}, "name_change": {"name": "甲野　一朗"}}


def ex_officio(world: Any) -> dict[str, dict[str, Any]]:
    """By act: what its notice says besides the usual."""
    child, newcomer = member(world.child), newcomer_said("丙川　三子", serial=33, sex="2")
    moves: dict[str, dict[str, Any]] = {
        "entry_ex_officio": {"people": (newcomer,), "place": PLACE},
        "removal_ex_officio": {"people": (child,)},
        "disappearance": {"people": (child,), **REGISTER},
        "disappearance_annulled": {
            "people": (member(world.missing, relationship="同居人"),), "joins": world.home(world.head), **REGISTER,
        },
        "remaking": {"people": (child,)},
        "restoration": {"people": (child,)},
        "special_adoption_leaving": {"people": (child,), "place": ELSEWHERE, **REGISTER},
        "special_dissolution_leaving": {"people": (child,), **REGISTER},
        "special_adoption_coming": {"people": (newcomer,), "place": PLACE, **REGISTER},
        "special_dissolution_coming": {"people": (newcomer,), "place": PLACE, **REGISTER},
    }  # fmt: skip
    said = {name: ITEMS.get(name, {"domicile": "架空県架空市竹町１番地"}) for name in EVENTS}
    return moves | {name: {"people": (member(world.child, **items),), **REGISTER} for name, items in said.items()}
