"""The counter: find a person, read the record, its history, the household, who looked (住民の照会画面)."""

from typing import Any, cast

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from municipal.addressees.outputs import Purpose, prints_addresses
from municipal.audit.models import Kind as AuditKind
from municipal.audit.operations import disclose
from municipal.audit.reading import entries_for
from municipal.core.actors import STAFF
from municipal.core.characters import kind_of_query
from municipal.core.clauses import implements
from municipal.core.dates import RegisterDate
from municipal.core.eras import wareki
from municipal.core.refusals import Refused
from municipal.extracts.wards import is_due
from municipal.identity.access import StaffRequest, needs
from municipal.identity.models import Staff
from municipal.residents import inquiry, investigations
from municipal.residents.models import Period
from municipal.residents.search import Conditions, find, remember
from municipal.residents.shown import written
from municipal.residents.stays import stays
from municipal.residents.stored import within_reach
from municipal.web.forms.refusing import show_and_log
from municipal.web.forms.residents import AsOfForm, SearchForm

from . import entering, histories, people
from .paging import pager

PAGE = 50


@needs("residents.search")
@require_safe
@implements("resident-record/1.0#2.1.3/m1", "resident-record/1.0#2.1.1/m1", "resident-record/1.0#3.1")
@prints_addresses("residents.search", Purpose.SCREEN)
def search(request: HttpRequest) -> HttpResponse:
    """Whom the one box means; everybody in the list counts as seen (検索)."""
    asked = cast(StaffRequest, request)
    form = SearchForm(request.GET if "q" in request.GET else None)
    context: dict[str, Any] = {"form": form, "people": None, "is_more": False, "understood": ""}
    if form.is_bound and form.is_valid():
        query = form.cleaned_data["q"]
        try:
            hits, from_store = within_reach(
                find(query, may_use_resident_code="item.resident_code" in asked.permissions), asked.permissions
            )
        except Refused as refused:
            show_and_log(asked, form, refused)
        else:
            rows = inquiry.rows(hits.addressees)
            _disclose(
                asked, [found["addressee_id"] for found in rows], inquiry.LIST_FIELDS, form.cleaned_data["purpose"]
            )
            remember(asked.staff, Conditions(box=query))
            former = hits.by_former_name
            shown = [people.row(found, is_former_name=found["addressee_id"] in former) for found in rows]
            context |= {"people": shown, "is_more": hits.is_cut, "understood": _understood(query), "stored": from_store}
    return render(request, "residents/search.html", context, status=422 if form.errors else 200)


def _disclose(request: StaffRequest, subjects: list[int], fields: Any, purpose: str = inquiry.COUNTER) -> None:
    if subjects:
        disclose(actor=request.staff, subjects=subjects, fields=fields, purpose=purpose)


def _understood(query: str) -> str:
    """How the box was read, where it was read as a date."""
    if kind_of_query(query) not in ("era_date", "date"):
        return ""
    return gettext("生年月日 %(day)s") % {"day": RegisterDate.entered(query).shown()}


@needs("residents.view")
@require_safe
@implements("resident-record/1.0#2.2.1/m1", "resident-record/1.0#2.2.4/m1")
@prints_addresses("residents.person", Purpose.SCREEN)
def person(request: HttpRequest, number: str) -> HttpResponse:
    """One person's record as it stands, or as it stood and was known at another time (住民の記録)."""
    asked, found = cast(StaffRequest, request), people.found(request, number)
    form = AsOfForm(request.GET or None)
    is_past = form.is_bound and form.is_valid() and form.asks()
    record: Any = found.record
    if is_past:
        record = inquiry.as_of(found.addressee, valid_on=form.valid_day(), known_at=form.known_at())
    _disclose(asked, [found.addressee.pk], people.DISCLOSED)
    members = [] if is_past else _members(asked, found)
    context = {
        "form": form,
        "person": people.head(found, record or found.record),
        "record": _of_row(record) if record else None,
        "as_of": _as_of(form) if is_past else None,
        "groups": _groups(asked, found, record, is_past=is_past) if record else [],
        "members": members,
        "entering": None if is_past else entering.state_of(asked, found.record, _living(members)),
        "is_ward_leaving": not is_past and "residents.enter" in asked.permissions and is_due(found.record),
    }
    return render(request, "residents/person.html", context, status=422 if form.errors else 200)


def _groups(request: StaffRequest, found: inquiry.Person, record: Any, *, is_past: bool) -> list[dict[str, Any]]:
    """The record's items; beside those of today that are being looked into stands a mark."""
    doubted = investigations.marked(found.addressee.pk) if not is_past else ()
    withheld = found.withheld(record)
    return people.groups(record, permissions=request.permissions, withheld=withheld, doubted=doubted)


def _of_row(record: Any) -> dict[str, Any]:
    return {
        "serial": record.serial,
        "reason": written("reason", record.reason, kind=record.kind),
        "recorded_at": people.moment(record.recorded_at),
    }


def _living(members: list[dict[str, Any]]) -> int:
    """How many of a household live in it now."""
    return sum(not {*member["badges"]} - {"protected"} for member in members)


def _as_of(form: AsOfForm) -> dict[str, str]:
    return {"valid_on": wareki(form.valid_day()), "recorded_on": people.moment(form.known_at())}


def _members(request: StaffRequest, found: inquiry.Person) -> list[dict[str, Any]]:
    """The household in stored order, those who left included; all of them count as seen."""
    rows = inquiry.members(found.record.household)
    _disclose(
        request, [row["addressee_id"] for row in rows if row["addressee_id"] != found.addressee.pk], inquiry.LIST_FIELDS
    )
    return [people.row(row) | {"is_this_person": row["addressee_id"] == found.addressee.pk} for row in rows]


@needs("residents.history")
@require_safe
@implements("resident-record/1.0#2.2.1/m1", "resident-record/1.0#2.2.1/m2", "resident-record/1.0#2.2.1/n1")
@prints_addresses("residents.history", Purpose.SCREEN)
def history(request: HttpRequest, number: str) -> HttpResponse:
    """Every row of one stay, the newest first, and what each changed; the newest stay unless asked (異動の履歴)."""
    asked, found = cast(StaffRequest, request), people.found(request, number)
    parts = stays(inquiry.history(found.addressee).select_related("event"))
    chosen = histories.chosen_stay(request.GET.get("stay", ""), len(parts))
    records = parts[chosen - 1]
    believed = Period.objects.filter(addressee=found.addressee, recorded__endswith__isnull=True)
    still = set(believed.values_list("record_id", flat=True))
    cancelled, state = histories.cancelled_among(records), entering.state_of(asked, found.record, 1)
    may_enter, papers = bool(state and state["may_enter"]), histories.caught_up(records)
    rows = []
    for before, record in zip([None, *records], records, strict=False):
        rows.append(
            _of_row(record)
            | {
                "event_on": written("event_on", record.event_on, kind=record.kind),
                "processed_on": written("processed_on", record.processed_on, kind=record.kind),
                "is_latest": record is parts[-1][-1],
                "corrected_on": "" if record.pk in still else _replaced(found, record),
                "url": "",
                "paper": papers.get(record.event_id or 0),
                **histories.act_of(record, cancelled, may_enter=may_enter, is_true=record.pk in still),
                "changes": people.changes(
                    before, record, permissions=asked.permissions, withheld=found.withheld(before, record)
                ),
            }
        )
    _disclose(asked, [found.addressee.pk], [*people.DISCLOSED, "history"])
    context = {
        "person": people.head(found, found.record), "rows": rows[::-1], "pager": None, "entering": state,
        "stays": [{"number": one, "is_shown": one == chosen} for one in range(1, len(parts) + 1)],
    }  # fmt: skip
    return render(request, "residents/history.html", context)


def _replaced(found: inquiry.Person, record: Any) -> str:
    """When it became known that a row was never, or no longer, true on any day."""
    last = Period.objects.filter(addressee=found.addressee, record=record).order_by("-recorded__endswith").first()
    return people.moment(last.recorded.upper) if last and last.recorded.upper else ""


@needs("residents.view")
@require_safe
@implements("resident-record/1.0#3.3")
@prints_addresses("residents.household", Purpose.SCREEN)
def household(request: HttpRequest, number: str) -> HttpResponse:
    """The person's household (世帯)."""
    asked, found = cast(StaffRequest, request), people.found(request, number)
    members = _members(asked, found)
    own = next(member for member in members if member["is_this_person"])
    covered = any("protected" in member["badges"] for member in members)
    _disclose(asked, [found.addressee.pk], inquiry.LIST_FIELDS)
    home = {
        "number": found.record.household.number,
        "head_name": found.record.head_name,
        "address": "" if covered else own["address"],
        "address_hidden": people.reason("withheld") if covered else own["address_hidden"],
    }
    state = entering.state_of(asked, found.record, _living(members))
    context = {"person": people.head(found, found.record), "members": members, "household": home, "entering": state}
    return render(request, "residents/household.html", context)


@needs("residents.disclosures")
@require_safe
@implements("resident-record/1.0#10.2/m2")
def disclosures(request: HttpRequest, number: str) -> HttpResponse:
    """Who was shown this person's record (閲覧記録)."""
    asked, found = cast(StaffRequest, request), people.found(request, number)
    page = Paginator(entries_for(found.addressee.pk).filter(kind=AuditKind.DISCLOSURE), PAGE).get_page(
        request.GET.get("page")
    )
    entries = list(page.object_list)
    staff = {one.pk: one for one in Staff.objects.filter(pk__in={e.actor_id for e in entries if e.actor_kind == STAFF})}
    rows = [
        {
            "at": people.moment(entry.at),
            "staff": staff[entry.actor_id].name if entry.actor_id in staff else gettext("システム"),
            "department": staff[entry.actor_id].department if entry.actor_id in staff else "",
            "screen": screen_name(entry.screen or entry.act),
            "purpose": gettext(inquiry.PURPOSES[entry.purpose]) if entry.purpose in inquiry.PURPOSES else entry.purpose,
        }
        for entry in entries
    ]
    _disclose(asked, [found.addressee.pk], ["disclosures"])
    context = {"person": people.head(found, found.record), "rows": rows, "pager": pager(page, request)}
    return render(request, "residents/disclosures.html", context)


SCREENS = {
    "residents:search": "検索", "residents:person": "住民の記録", "residents:history": "異動の履歴",
    "residents:household": "世帯", "residents:disclosures": "閲覧記録", "residents.export": "住民データの出力",
    "identity:sign_in": "サインイン", "identity:sign_out": "サインアウト", "audit:entries": "操作の記録",
    "audit:verify": "操作の記録", "audit:analysis": "記録の分析",
    "staff:list": "職員と権限", "staff:edit": "職員の変更", "staff:add": "職員の登録",
    "inspections:list": "適合検査", "inspections:order": "検査の依頼", "inspections:result": "検査結果",
    "inspections:rule": "検査結果", "inspections:requirements": "要件ごとの結果", "inspections:compare": "検査の比較",
    "inspections:report": "検査報告", "entries:start": "異動の入力", "entries:form": "異動の入力",
    "entries:leave": "異動の入力", "drafts:list": "仮登録一覧", "drafts:detail": "仮登録の内容",
    "drafts:decide": "本登録", "late:notices": "期限を過ぎた届出", "late:arrivals": "転入通知の未着",
    "counts:months": "人口の月報", "notes:page": "統合記載欄・メモ", "notes:letters": "異動のあとの通知",
    "notes:remark": "統合記載欄・メモ", "notes:memo": "統合記載欄・メモ", "notes:investigation": "実態調査",
    "notes:actual_head": "事実上の世帯主", "notes:headless": "世帯主のいない世帯", "notes:standing": "定型の留意事項",
    "numbers:page": "番号", "numbers:show": "個人番号の表示",
    "numbers:form": "番号の異動の入力",
    "numbers:find": "個人番号でさがす", "numbers:stock": "住民票コードの在庫",
    "drafts:decide_several": "本登録", "drafts:return": "差戻し", "drafts:withdraw": "取下げ",
}  # fmt: skip


def screen_name(name: str) -> str:
    """The Japanese name of a screen in the audit, or its own word where it has none."""
    return gettext(SCREENS[name]) if name in SCREENS else name
