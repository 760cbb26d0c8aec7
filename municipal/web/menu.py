"""The main menu: sections, and in each what this person is offered (主な機能).

A choice and no permission check: whether a page is shown, the doorway decides.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, ResolverMatch, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _


@dataclass(frozen=True)
class Entry:
    """One link: its words, its page, who is offered it (項目).

    ``permissions``: any of them is enough. ``pages``: namespaces and names of the pages where it is marked; by default
    every page of its own namespace.
    """

    label: str
    view: str
    permissions: tuple[str, ...]
    pages: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()

    def is_here(self, match: ResolverMatch) -> bool:
        """Whether the page that ``match`` found is one of its pages (現在の項目)."""
        if self.arguments:
            return match.view_name == self.view and tuple(match.kwargs.values()) == self.arguments
        if match.view_name in self.pages:
            return True
        # A page that another entry names is that entry's, whoever has the rest of the namespace.
        is_named = any(match.view_name in other.pages for _label, entries in SECTIONS for other in entries)
        return not is_named and match.namespace in (self.pages or (self.view.partition(":")[0],))


RESIDENTS = (
    Entry(_("住民をさがす"), "residents:search", ("residents.search",), ("residents", "searching")),
    Entry(_("転入の入力"), "entries:form", ("residents.enter",), (), ("move_in",)),
    Entry(_("仮登録一覧"), "drafts:list", ("residents.enter", "residents.decide")),
    Entry(_("受信した通知"), "received:list", ("residents.enter",)),
    Entry(_("支援措置"), "measures:list", ("measures.view",)),
    Entry(_("届出期限"), "late:notices", ("residents.view",)),
)
CERTIFICATES = (
    Entry(
        _("交付履歴"), "certificates:list", ("certificates.history",), ("certificates:list", "certificates:issue"),
    ),
    Entry(_("帳票の設定"), "certificates:settings", ("certificates.settings",), ("certificates:settings",)),
)  # fmt: skip
MONEY = (
    Entry(_("公金の窓口"), "money:desk", ("payments.view",), ("money:desk",)),
    Entry(_("納付義務者"), "payers:list", ("payments.view", "payments.payers")),
    Entry(_("賦課"), "money:assessments", ("payments.view", "payments.assess"), (
        "money:assessments", "money:assessment", "money:assessment_new", "money:revise", "money:upload", "money:intake",
    )),
    Entry(_("納付書"), "slips:list", ("payments.view", "payments.slips")),
    Entry(_("収納"), "collections:list", ("payments.view", "payments.collect")),
    Entry(_("照合待ち"), "queues:list", ("payments.view", "payments.collect")),
    Entry(_("三者照合"), "reconciliation:overview", ("payments.view", "payments.collect")),
    Entry(_("滞納整理"), "arrears:list", ("payments.view", "payments.arrears")),
    Entry(_("決算"), "arrears:settlement", ("payments.view",), ("arrears:settlement",)),
    Entry(_("口座振替・還付"), "banking:overview", ("payments.view", "payments.collect")),
    Entry(_("オンライン納付"), "online:list", ("payments.view",)),
    Entry(_("元帳"), "money:ledger", ("payments.view",), ("money:ledger", "money:posting", "money:accounts")),
    Entry(_("集計とグラフ"), "money:figures", ("payments.view",), ("money:figures",)),
    Entry(_("締め"), "closing:overview", ("payments.close",)),
    Entry(_("料金項目"), "money:fees", ("payments.view",), ("money:fees",)),
    Entry(_("公金の設定"), "money:settings", ("payments.settings",), ("money:settings",)),
)  # fmt: skip
DATA = (
    Entry(_("人口の統計"), "counts:months", ("residents.view",), ("counts", "statistics")),
    Entry(
        _("データの抽出"), "extracts:overview", ("extracts.run", "extracts.sample", "extracts.inspection_copy"),
    ),
    Entry(_("適合検査"), "inspections:list", ("inspect_files",)),
    Entry(
        _("引渡しと受入れ"), "transfer:overview",
        ("transfer.hand_over", "transfer.approve", "transfer.take_in", "residents.enter"),
    ),
)  # fmt: skip
APPLICATIONS = (
    Entry(_("窓口受付"), "desk:home", ("applications.counter",)),
    Entry(
        _("申請の一覧"),
        "cases:list",
        ("applications.view", "applications.work", "applications.decide"),
        ("cases", "linkage:papers"),
    ),
    Entry(_("受給資格"), "entitlements:list", ("entitlements.view", "entitlements.keep")),
    Entry(_("情報連携"), "linkage:desk", ("applications.work", "evidence.answer", "evidence.settings")),
    Entry(_("国の申請サイト"), "intake:list", ("applications.intake",)),
)
KEEPING = (
    Entry(_("操作の記録"), "audit:entries", ("audit.view",)),
    Entry(_("一括処理"), "runs:list", ("jobs.view",)),
    Entry(_("住所一括変更"), "address_changes:list", ("addresses.change",)),
    Entry(_("日締め"), "days:list", ("days.close",), ("days:list", "days:day")),
    Entry(_("停止中の受付"), "days:papers", ("caught_up.enter",), ("days:papers",)),
    Entry(_("住所辞書"), "places:overview", ("places.manage",)),
    Entry(_("台帳の設定"), "register:settings", ("register.settings",)),
    Entry(_("手続カタログ"), "procedures:list", ("procedures.edit", "procedures.publish")),
    Entry(_("職員と権限"), "staff:list", ("staff.view",)),
)
SECTIONS = (
    (_("住民"), RESIDENTS),
    (_("証明書"), CERTIFICATES),
    (_("申請"), APPLICATIONS),
    (_("公金"), MONEY),
    (_("統計・データ"), DATA),
    (_("管理"), KEEPING),
)
"""Every section with its entries, in the order of the page, the same on every page."""


def menu(request: HttpRequest) -> dict[str, Any]:
    """``menu`` for the templates: sections with the links offered, the one of this page marked (主な機能)."""
    permissions: Collection[str] = getattr(request, "permissions", frozenset())
    match = request.resolver_match
    return {"menu": list(_sections(permissions, match)) if match is not None and permissions else []}


def _sections(permissions: Collection[str], match: ResolverMatch) -> Iterator[dict[str, Any]]:
    for label, entries in SECTIONS:
        links = [
            {"label": gettext(entry.label), "url": url, "is_here": entry.is_here(match)}
            for entry in entries
            if any(one in permissions for one in entry.permissions) and (url := url_of(entry))
        ]
        if links:
            yield {"label": gettext(label), "links": links, "is_here": any(one["is_here"] for one in links)}


@cache
def url_of(entry: Entry) -> str:
    """The path of its page; empty where this installation has no such page (項目のURL)."""
    try:
        return reverse(entry.view, args=entry.arguments)
    except NoReverseMatch:
        return ""
