"""What the screen of each act asks for (異動ごとの入力項目)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from municipal.residents.models import Basis

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

NEWCOMERS, MEMBERS, SEATED, HEAD, FIXES, NOBODY = "newcomers", "members", "seated", "head", "fixes", "nobody"
HERE, ELSEWHERE = "here", "elsewhere"


@dataclass(frozen=True)
class Shape:
    """One act's screen: its title, how people are named, and which other parts it has (入力画面の形).

    ``people``: newcomers by rows, members by boxes, seated members with a relationship each, the new head, items to
    correct, or nobody. ``place``: an address of this town, one elsewhere, or none. ``everybody``: all members are
    ticked at first. ``basis``: the ground that is usual.
    """

    title: "StrOrPromise"
    people: str = MEMBERS
    joins: bool = False
    place: str = ""
    came_from: bool = False
    planned: bool = False
    everybody: bool = False
    basis: str = Basis.NOTICE.value


_REGISTER, _OFFICE = Basis.FAMILY_REGISTER.value, Basis.EX_OFFICIO.value

SHAPES: Mapping[str, Shape] = {
    "move_in": Shape(_("転入"), NEWCOMERS, joins=True, place=HERE, came_from=True),
    "move_in_by_card": Shape(_("特例転入"), NEWCOMERS, joins=True, place=HERE, came_from=True, planned=True),
    "move_within": Shape(_("転居"), SEATED, joins=True, place=HERE, everybody=True),
    "move_out": Shape(_("転出"), place=ELSEWHERE, everybody=True),
    "arrival_notice": Shape(_("転入通知の受理"), place=ELSEWHERE, everybody=True, basis=Basis.MUNICIPALITY.value),
    "household_split": Shape(_("世帯分離"), SEATED),
    "household_merger": Shape(_("世帯合併"), SEATED, joins=True, everybody=True),
    "household_transfer": Shape(_("世帯変更"), SEATED, joins=True),
    "householder_change": Shape(_("世帯主変更"), HEAD),
    "birth": Shape(_("出生"), NEWCOMERS, joins=True, basis=_REGISTER),
    "death": Shape(_("死亡"), basis=_REGISTER),
    "correction_ex_officio": Shape(_("職権修正"), FIXES, basis=_OFFICE),
    "minor_correction": Shape(_("軽微な修正"), FIXES, basis=_OFFICE),
    "correction_of_error": Shape(_("誤記修正"), FIXES, basis=_OFFICE),
    "cancellation": Shape(_("異動の取消し"), NOBODY, basis=_OFFICE),
}
"""Every act that a clerk enters, in the order in which the law lists them."""

TITLES: Mapping[str, "StrOrPromise"] = {name: shape.title for name, shape in SHAPES.items()} | {
    "removal_of_announced": _("転出予定日の到来による消除")
}
"""What every act is called on screens, those included that nobody enters."""

WITHOUT_MEMBERS = frozenset({"move_in", "move_in_by_card"})
"""Acts that are opened from the navigation: whoever comes has no page yet."""
