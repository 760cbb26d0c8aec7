"""What the screen of each act asks for (異動ごとの入力項目)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from municipal.residents.acts.family import EVENTS
from municipal.residents.acts.foreigners import TOLD_BY_THE_AGENCY
from municipal.residents.models import Basis, Kind

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

NEWCOMERS, MEMBERS, SEATED, HEAD, FIXES, NOBODY = "newcomers", "members", "seated", "head", "fixes", "nobody"
ASKED = "asked"
HERE, ELSEWHERE = "here", "elsewhere"


@dataclass(frozen=True)
class Shape:
    """One act's screen: its title, how people are named, and which other parts it has (入力画面の形).

    ``people``: newcomers by rows, members by boxes, seated members with a relationship each, the new head, items to
    correct, items that are asked of one person, or nobody. ``asks``: those items, or what is asked of each newcomer
    besides. ``only``: the items that may be corrected, all where none are named; ``with_others``: members may get the
    same family register. ``kind``: whom the act makes.
    ``place``: an address of this town, one elsewhere, or none. ``everybody``: all members are ticked at first.
    ``basis``: the ground that is usual.
    """

    title: "StrOrPromise"
    people: str = MEMBERS
    joins: bool = False
    place: str = ""
    came_from: bool = False
    planned: bool = False
    everybody: bool = False
    basis: str = Basis.NOTICE.value
    asks: tuple[str, ...] = ()
    only: frozenset[str] = frozenset()
    with_others: bool = False
    kind: str = Kind.JAPANESE.value


_REGISTER, _OFFICE = Basis.FAMILY_REGISTER.value, Basis.EX_OFFICIO.value
_REQUEST, _APPLICATION, _AGENCY = Basis.REQUEST.value, Basis.APPLICATION.value, Basis.IMMIGRATION.value
_JAPANESE_NAME = ("family_name", "given_name", "family_kana", "given_kana", "domicile", "register_head")
_FORMER, _ALIAS = ("former_family_name", "former_family_kana"), ("alias", "alias_kana")
_FOREIGN_NAME = (
    "roman_name", "kanji_name", "name_kana", "nationality", "article30_45_class", "residence_status",
    "residence_card_number", "stay_years", "stay_months", "stay_expires_on",
)  # fmt: skip


def _told(act: str, title: "StrOrPromise") -> Shape:
    """An event of the family register: only the items that follow from it."""
    only = EVENTS[act].items | {"remarks"}
    return Shape(title, FIXES, basis=_REGISTER, only=only, with_others="domicile" in only)


SHAPES: Mapping[str, Shape] = {
    "move_in": Shape(_("転入"), NEWCOMERS, joins=True, place=HERE, came_from=True),
    "move_in_by_card": Shape(_("特例転入"), NEWCOMERS, joins=True, place=HERE, came_from=True, planned=True),
    "move_in_unreported": Shape(
        _("未届転入"), NEWCOMERS, joins=True, place=HERE, came_from=True, asks=("last_registered_address",)
    ),
    "article30_46": Shape(
        _("法第30条の46の届出"), NEWCOMERS, joins=True, place=HERE, came_from=True, kind=Kind.FOREIGN.value
    ),
    "article30_47": Shape(
        _("法第30条の47の届出"),
        NEWCOMERS,
        joins=True,
        place=HERE,
        came_from=True,
        kind=Kind.FOREIGN.value,
        asks=("address_set_on",),
    ),
    "move_within": Shape(_("転居"), SEATED, joins=True, place=HERE, everybody=True),
    "move_out": Shape(_("転出"), place=ELSEWHERE, everybody=True),
    "move_out_by_card": Shape(_("特例による転出"), place=ELSEWHERE, everybody=True),
    "arrival_notice": Shape(_("転入通知の受理"), place=ELSEWHERE, everybody=True, basis=Basis.MUNICIPALITY.value),
    "household_split": Shape(_("世帯分離"), SEATED),
    "household_merger": Shape(_("世帯合併"), SEATED, joins=True, everybody=True),
    "household_transfer": Shape(_("世帯変更"), SEATED, joins=True),
    "householder_change": Shape(_("世帯主変更"), HEAD),
    "birth": Shape(_("出生"), NEWCOMERS, joins=True, basis=_REGISTER),
    "death": Shape(_("死亡"), basis=_REGISTER),
    "naturalisation": Shape(_("帰化"), ASKED, basis=_REGISTER, asks=_JAPANESE_NAME),
    "nationality_acquired": Shape(_("国籍取得"), ASKED, basis=_REGISTER, asks=_JAPANESE_NAME),
    "nationality_lost": Shape(_("国籍喪失"), ASKED, basis=_REGISTER, asks=_FOREIGN_NAME, kind=Kind.FOREIGN.value),
    "former_surname_entry": Shape(_("旧氏の記載"), ASKED, basis=_REQUEST, asks=_FORMER),
    "former_surname_change": Shape(_("旧氏の変更"), ASKED, basis=_REQUEST, asks=_FORMER),
    "former_surname_deletion": Shape(_("旧氏の削除"), ASKED, basis=_REQUEST),
    "alias_entry": Shape(_("通称の記載"), ASKED, basis=_APPLICATION, asks=_ALIAS),
    "alias_deletion": Shape(_("通称の削除"), ASKED, basis=_APPLICATION),
    "place_notification": Shape(_("住居地の届出")),
    "immigration_correction": Shape(_("入管庁通知による修正"), FIXES, basis=_AGENCY, only=TOLD_BY_THE_AGENCY),
    "immigration_removal": Shape(_("入管庁通知による消除"), basis=_AGENCY),
    "marriage": _told("marriage", _("婚姻")),
    "divorce": _told("divorce", _("離婚")),
    "adoption": _told("adoption", _("養子縁組")),
    "adoption_dissolution": _told("adoption_dissolution", _("養子離縁")),
    "special_adoption": _told("special_adoption", _("特別養子縁組")),
    "special_adoption_dissolution": _told("special_adoption_dissolution", _("特別養子縁組の離縁")),
    "recognition": _told("recognition", _("認知")),
    "entry_in_register": _told("entry_in_register", _("入籍")),
    "name_change": _told("name_change", _("氏名の変更")),
    "domicile_transfer": _told("domicile_transfer", _("転籍・分籍")),
    "sex_change": _told("sex_change", _("性別の取扱いの変更")),
    "register_correction": _told("register_correction", _("戸籍訂正")),
    "register_notice": _told("register_notice", _("本籍地からの記載事項通知")),
    "special_adoption_leaving": Shape(_("特別養子縁組に伴う転出"), place=ELSEWHERE, basis=_REGISTER),
    "special_adoption_coming": Shape(
        _("特別養子縁組に伴う転入"), NEWCOMERS, joins=True, place=HERE, came_from=True, basis=_REGISTER
    ),
    "special_dissolution_leaving": Shape(_("特別養子縁組の離縁に伴う転出"), place=ELSEWHERE, basis=_REGISTER),
    "special_dissolution_coming": Shape(
        _("特別養子縁組の離縁に伴う転入"), NEWCOMERS, joins=True, place=HERE, came_from=True, basis=_REGISTER
    ),
    "disappearance": Shape(_("失踪宣告"), basis=_REGISTER),
    "disappearance_annulled": Shape(_("失踪宣告の取消し"), SEATED, joins=True, place=HERE, basis=_REGISTER),
    "entry_ex_officio": Shape(
        _("職権記載"),
        NEWCOMERS,
        joins=True,
        place=HERE,
        came_from=True,
        basis=_OFFICE,
        asks=("last_registered_address",),
    ),
    "removal_ex_officio": Shape(_("職権消除"), everybody=True, basis=_OFFICE),
    "remaking": Shape(_("改製"), basis=_OFFICE),
    "restoration": Shape(_("再製"), basis=_OFFICE),
    "correction_ex_officio": Shape(_("職権修正"), FIXES, basis=_OFFICE),
    "minor_correction": Shape(_("軽微な修正"), FIXES, basis=_OFFICE),
    "correction_of_error": Shape(_("誤記修正"), FIXES, basis=_OFFICE),
    "cancellation": Shape(_("異動の取消し"), everybody=True, basis=_OFFICE),
}
"""Every act that a clerk enters, in the order in which the law lists them."""

TITLES: Mapping[str, "StrOrPromise"] = {name: shape.title for name, shape in SHAPES.items()} | {
    "removal_of_announced": _("転出予定日の到来による消除"),
    "address_renumbering": _("住居表示・町名地番の変更"),
    "individual_number_entry": _("個人番号の指定"),
    "individual_number_change": _("個人番号の変更（請求）"),
    "individual_number_change_ex_officio": _("個人番号の変更（職権）"),
    "individual_number_correction": _("個人番号の修正"),
    "resident_code_change": _("住民票コードの変更"),
    "resident_code_correction": _("住民票コードの修正"),
}
"""What every act is called on screens, those included that nobody enters."""

WITHOUT_MEMBERS = frozenset(
    {
        "move_in", "move_in_by_card", "move_in_unreported", "article30_46", "article30_47",
        "entry_ex_officio", "special_adoption_coming", "special_dissolution_coming",
    }
)  # fmt: skip
"""Acts that are opened from the navigation: whoever comes has no page yet."""
