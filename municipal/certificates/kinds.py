"""The forms that leave the system on paper: which there are, and what goes for each (帳票の種類).

Numbers of forms are those that resident-record/1.0#1.3.8 names. The official form sheets (its chapter 4) are not at
hand: layouts and formal sentences are ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_noop as _

HOUSEHOLD, PERSON, LETTER, LIST = "household", "person", "letter", "list"
"""Families of forms; each has a drawing of its own, but for lists: an extract makes them."""
INSPECTION = "inspection_copy"


@dataclass(frozen=True)
class Kind:
    """One form (帳票).

    ``removed``: it is about a removed record; ``remade``: about one that was made anew since. ``may_be_official``:
    公用 may be printed (#5.7). ``fee_yen``: the fee until the municipality sets its own. ``attestation``: what the
    officer certifies.
    """

    code: str
    name: str
    section: str
    family: str
    fee_yen: int = 0
    removed: bool = False
    remade: bool = False
    may_be_official: bool = False
    may_choose_items: bool = False
    attestation: str = ""


_ALL = (
    Kind(
        "household_copy", _("住民票の写し（世帯連記式）"), "20.1.2", HOUSEHOLD, 300, may_be_official=True,
        attestation="この写しは、上の者についての住民票の記載と相違ないことを証明する。",
    ),
    Kind(
        "person_copy", _("住民票の写し（個人票）"), "20.1.1", PERSON, 300, may_be_official=True,
        attestation="この写しは、上の者についての住民票の記載と相違ないことを証明する。",
    ),
    Kind(
        "removed_copy", _("住民票の除票の写し"), "20.1.3", PERSON, 300, removed=True, may_be_official=True,
        attestation="この写しは、上の者についての除票の記載と相違ないことを証明する。",
    ),
    Kind(
        "remade_copy", _("改製原住民票の写し"), "20.1.3", PERSON, 300, remade=True, may_be_official=True,
        attestation="この写しは、上の者についての改製前の住民票の記載と相違ないことを証明する。",
    ),
    Kind(
        "record_items", _("住民票記載事項証明書"), "20.1.4", HOUSEHOLD, 300, may_be_official=True,
        may_choose_items=True, attestation="上の事項が住民票に記載されていることを証明する。",
    ),
    Kind(
        "removed_items", _("住民票除票記載事項証明書"), "20.1.4", PERSON, 300, removed=True, may_be_official=True,
        may_choose_items=True, attestation="上の事項が除票に記載されていることを証明する。",
    ),
    Kind(
        "move_out_certificate", _("転出証明書"), "20.2.1", PERSON,
        attestation="上のとおり転出することを証明する。",
    ),
    Kind(
        "equivalent_certificate", _("転出証明書に準ずる証明書"), "20.2.2", PERSON,
        attestation="上のとおり転出したことを証明する。この証明書は、転入届に添えるために交付する。",
    ),
    Kind("code_notice", _("住民票コード通知票"), "20.4.1", LETTER),
    Kind("code_change_notice", _("住民票コード変更通知票"), "20.4.2", LETTER),
    Kind("code_correction_notice", _("住民票コード修正通知票"), "20.4.3", LETTER),
    Kind("receipt_notice", _("住民異動届受理通知"), "20.5", LETTER),
    Kind("ex_officio_notice", _("職権記載等通知書"), "20.5", LETTER),
    Kind("arrival_inquiry", _("転入通知未着照会書"), "20.5", LETTER),
    # Made by an extract, which only notes it here.
    Kind(INSPECTION, _("住民基本台帳の一部の写し（閲覧用）"), "20.3.1", LIST),
)  # fmt: skip
KINDS: Mapping[str, Kind] = {kind.code: kind for kind in _ALL}
"""Every form by its code, in the order in which screens list them."""

COPIES = tuple(code for code, kind in KINDS.items() if kind.section.startswith("20.1"))
"""What is issued at the counter on request: copies and certificates of items."""
MOVING_OUT = ("move_out_certificate", "equivalent_certificate")
"""What whoever leaves takes along; only these may be re-issued (#4.1.3.0.3)."""
CODE_NOTICES = ("code_notice", "code_change_notice", "code_correction_notice")
REISSUED, OFFICIAL = "再交付", "公用"
BY_CARD = "特例による転出処理済"
"""What a move-out certificate says that is asked for although the card stands for it (#4.1.3.0.4/m4)."""
MARKS = (REISSUED, OFFICIAL)
"""All that may be marked on a certificate: no other phrase has a place (#5.7/n1)."""
