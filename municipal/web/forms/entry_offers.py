"""Which acts are offered on a person's page, in which group, and when they make sense (異動の選択肢)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from municipal.addressees.models import LifeState
from municipal.residents.models import Kind, ResidentRecord

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Fits = Callable[[ResidentRecord, int], bool]
"""Whether an act makes sense for somebody in a household of so many (選択できる条件)."""


def always(record: ResidentRecord, members: int) -> bool:
    """Whatever the record says (常に)."""
    return True


def lives_here(record: ResidentRecord, members: int) -> bool:
    """The person is a resident (住民)."""
    return record.status == LifeState.RESIDENT


def with_others(record: ResidentRecord, members: int) -> bool:
    """A resident who lives with others (複数人の世帯)."""
    return lives_here(record, members) and members > 1


def is_japanese(record: ResidentRecord, members: int) -> bool:
    """A Japanese resident (日本人住民)."""
    return lives_here(record, members) and record.kind == Kind.JAPANESE


def is_foreign(record: ResidentRecord, members: int) -> bool:
    """A foreign resident (外国人住民)."""
    return lives_here(record, members) and record.kind == Kind.FOREIGN


def has_card(record: ResidentRecord, members: int) -> bool:
    """A resident with an individual-number card (個人番号カードを持つ住民)."""
    return lives_here(record, members) and record.has_individual_number_card


def left(record: ResidentRecord, members: int) -> bool:
    """Whoever announced a move-out, left, or was removed ex officio (転出した人・職権で消除された人)."""
    announced = record.move_out_planned_on is not None and record.status in (LifeState.RESIDENT, LifeState.MOVED_OUT)
    return announced or (record.status == LifeState.REMOVED and record.removal_reason == "deletion_ex_officio")


def has_former_name(record: ResidentRecord, members: int) -> bool:
    """A Japanese resident with a former surname (旧氏のある住民)."""
    return is_japanese(record, members) and bool(record.former_family_name)


def may_get_former_name(record: ResidentRecord, members: int) -> bool:
    """A Japanese resident without one (旧氏のない住民)."""
    return is_japanese(record, members) and not record.former_family_name


def has_alias(record: ResidentRecord, members: int) -> bool:
    """A foreign resident with an alias (通称のある住民)."""
    return is_foreign(record, members) and bool(record.alias)


def may_get_alias(record: ResidentRecord, members: int) -> bool:
    """A foreign resident without one (通称のない住民)."""
    return is_foreign(record, members) and not record.alias


def was_missing(record: ResidentRecord, members: int) -> bool:
    """Whoever was removed ex officio: by a declaration of disappearance, if it can be annulled (職権で消除された人)."""
    return record.status == LifeState.REMOVED and record.removal_reason == "deletion_ex_officio"


def place_is_not_notified(record: ResidentRecord, members: int) -> bool:
    """A foreign resident whose card does not say the address yet (住居地の届出が済んでいない住民)."""
    return is_foreign(record, members) and bool(record.residence_card_number) and not record.is_place_notified


@dataclass(frozen=True)
class Group:
    """Acts that are offered together, under one heading (異動のまとまり)."""

    title: "StrOrPromise"
    acts: Mapping[str, Fits]


OFFERED = (
    Group(_("届出"), {
        "move_within": lives_here, "move_out": lives_here, "move_out_by_card": has_card, "arrival_notice": left,
        "household_split": with_others, "household_merger": lives_here, "household_transfer": with_others,
        "householder_change": with_others,
    }),
    Group(_("戸籍"), {
        "birth": lives_here, "death": lives_here, "marriage": is_japanese, "divorce": is_japanese,
        "adoption": is_japanese, "adoption_dissolution": is_japanese, "recognition": lives_here,
        "entry_in_register": is_japanese, "name_change": is_japanese, "domicile_transfer": is_japanese,
        "special_adoption": lives_here, "special_adoption_dissolution": lives_here,
        "special_adoption_leaving": lives_here, "special_dissolution_leaving": lives_here,
        "sex_change": lives_here, "register_correction": lives_here, "register_notice": is_japanese,
        "disappearance": lives_here, "disappearance_annulled": was_missing,
    }),
    Group(_("氏名・国籍"), {
        "former_surname_entry": may_get_former_name, "former_surname_change": has_former_name,
        "former_surname_deletion": has_former_name, "alias_entry": may_get_alias, "alias_deletion": has_alias,
        "naturalisation": is_foreign, "nationality_acquired": is_foreign, "nationality_lost": is_japanese,
    }),
    Group(_("外国人住民"), {
        "place_notification": place_is_not_notified, "immigration_correction": is_foreign,
        "immigration_removal": is_foreign,
    }),
    Group(_("職権"), {
        "removal_ex_officio": lives_here, "remaking": lives_here, "restoration": lives_here,
        "correction_ex_officio": lives_here, "minor_correction": lives_here, "correction_of_error": always,
    }),
)  # fmt: skip
"""Every act that is opened from a person's page, in the order of the screen."""


def offered(record: ResidentRecord, members: int) -> Iterator[tuple["StrOrPromise", list[str]]]:
    """The acts that make sense for the person as the record stands, group by group (異動の選択肢)."""
    for group in OFFERED:
        names = [name for name, fits in group.acts.items() if fits(record, members)]
        if names:
            yield group.title, names
