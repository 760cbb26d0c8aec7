"""Things that the municipality has as the screens show them: value, source, day, law (引用した項目の表示)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from municipal.applications.models import Case, Draft
from municipal.applications.prefill import (
    HELD,
    LINKAGE,
    NO_BASIS,
    UNAVAILABLE,
    WITHHELD,
    is_hidden,
    lines_of,
    open_items,
)
from municipal.applications.rules.applicant import HELD as HELD_PAGE
from municipal.procedures.catalogue import Entry
from municipal.web.languages import day_said

CHIPS = {
    "register": _("台帳"), "card": _("カード"), "payments": _("収納の記録"), "linkage": _("情報連携"),
    "case": _("前の申請"), "received": _("転出証明書情報"), "heard": _("聞き取り"),
}  # fmt: skip
SENTENCES = {
    HELD: _("台帳に記録はありません。"),
    WITHHELD: _("役所の記録を使います。画面には出しません。"),
    LINKAGE: _("ほかの役所に、担当課が照会します。書かなくてかまいません。"),
    NO_BASIS: _("もう一度使ってよいと定めた法令の記録がないため、お聞きします。"),
    "down": _("いま台帳を見られません。分かることを書いてください。あとで担当課が台帳で確かめます。"),
    "not_kept": _("この画面からは見られません。担当課が自分の台帳で確かめます。"),
}
PARTIAL = _("住所や家族のことは、役所の記録を使います。画面には出しません。")


def sentence_of(one: Mapping[str, Any]) -> str:
    """Why there is no value, in the frame's language; empty where there is one (値のない理由)."""
    if one["status"] == HELD:
        return "" if one["lines"] else gettext(SENTENCES[HELD])
    return gettext(SENTENCES[one["why"] if one["status"] == UNAVAILABLE else one["status"]])


def labels_of(entry: Entry, language: str) -> dict[str, str]:
    """What each held item is called (項目の名前)."""
    return {held.name: held.label.said(language) for held in entry.holds}


def rows(owner: Draft | Case, language: str) -> list[dict[str, Any]]:
    """Every item that was filled in, in the order of the entry (引用した項目の行)."""
    labels, hidden = labels_of(owner.asked, language), is_hidden(owner.about_id)
    return [
        row(name, one, labels.get(name) or labels.get(name.rpartition("-")[0], name), hidden=hidden)
        for name, one in owner.filled.items()
    ]


def row(name: str, one: Mapping[str, Any], label: str, *, hidden: bool) -> dict[str, Any]:
    """One item: what it says, from where, as of when, by which law (引用した項目)."""
    basis = one["basis"]
    lines = lines_of(one, is_hidden=hidden)
    return {
        "name": name, "label": label, "status": one["status"], "lines": lines, "sentence": sentence_of(one),
        "partial": gettext(PARTIAL) if one.get("is_partial") or len(lines) < len(one["lines"]) else "",
        "chip": gettext(CHIPS.get(one["source"], one["source"])), "is_notice": one.get("is_notice", False),
        "as_of": day_said(date.fromisoformat(one["as_of"])) if one["as_of"] and one["status"] == HELD else "",
        "law": f"{basis['law']}{basis['article']}", "is_sure": basis["status"] == "seen",
        "typed": one.get("typed", ""), "is_confirmed": one.get("is_confirmed"),
        "is_not_kept": one.get("why") == "not_kept",
    }  # fmt: skip


def check_rows(draft: Draft, language: str) -> list[dict[str, Any]]:
    """The same for the page on which everything is checked before it is sent (確認の行)."""
    wrong = set(open_items(draft.filled))
    return [
        {
            "name": one["name"], "label": one["label"], "page": HELD_PAGE, "is_wrong": one["name"] in wrong,
            "lines": [*one["lines"], *([one["partial"]] if one["partial"] else []), *_said(one)],
            "tongue": "ja" if one["lines"] else language[:2],
        }
        for one in rows(draft, language)
    ]  # fmt: skip


def _said(one: Mapping[str, Any]) -> list[str]:
    remark = gettext("申請者の記入: %(text)s") % {"text": one["typed"]} if one["typed"] else ""
    return [text for text in (one["sentence"], remark) if text]
