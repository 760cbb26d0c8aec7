"""Provisional entries made from a case: one notice for the approval and the clerk's form (申請からの仮登録)."""

from collections.abc import Callable

from django.utils.translation import gettext_noop as _

from municipal.applications.models import Case
from municipal.core.actors import Actor
from municipal.core.refusals import Refused
from municipal.residents.notices import Notice
from municipal.residents.operations import enter

from . import Done

ENTRY = "entry"
NO_FORM = _("この申請から開ける入力画面はありません。")

ACTS = {
    "register:move_out": ("move_out", "move_out_by_card"),
    "register:move_in": ("move_in", "move_in_by_card", "move_in_unreported", "article30_46", "article30_47"),
    "register:move_within": ("move_within",),
    "register:household_change": (
        "householder_change", "household_split", "household_merger", "household_transfer", "move_within",
    ),
    "register:birth": ("birth",),
}  # fmt: skip
"""What a clerk may enter for a case, by ``does``: the form is filled with one of them and may be changed to another."""

Reader = Callable[[Case], Notice]
readers: dict[str, Reader] = {}
"""By ``does``: what the answers say, as a notice (届書の読取り)."""


def as_notice(does: str) -> Callable[[Reader], Reader]:
    """Let a function read the answers of such cases as a notice (届書の読取りの登録)."""

    def note(function: Reader) -> Reader:
        readers[does] = function
        return function

    return note


def notice_for(case: Case) -> Notice:
    """The notice that the answers of a case make. Raises Refused where they make none (申請からの届書)."""
    reader = readers.get(case.asked.does)
    if reader is None:
        raise Refused(NO_FORM, code="no_form")
    return reader(case)


def entered(actor: Actor, case: Case) -> Done:
    """The provisional entry, by whoever approved; somebody else decides it (仮登録). Raises Refused as ``enter``."""
    return Done(ENTRY, enter(actor=actor, notice=notice_for(case)).pk, is_over=False)
