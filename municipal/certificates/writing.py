"""What notices say and to whom they go (通知書の内容).

``resident-record/1.0#4.1.0.3``, #4.1.3.1.4, #4.2.0.1, #4.3.3. Each is about one act of the register.
"""

from collections.abc import Callable, Mapping, Sequence

from municipal.addressees.outputs import Purpose, prints_addresses
from municipal.addressees.outputs import written as address_written
from municipal.core import clock
from municipal.core.clauses import implements
from municipal.core.eras import wareki
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality
from municipal.residents.models import Basis, ResidentEvent, ResidentRecord
from municipal.residents.shown import written

from .contents import Block, Contents, Item
from .kinds import KINDS, Kind
from .models import FormSettings
from .rules.wording import filled
from .signing import Signature

RECEIVED = frozenset(
    {
        "move_in", "move_in_by_card", "move_in_unreported", "move_within", "move_out", "household_split",
        "household_merger", "household_transfer", "householder_change", "birth", "article_30_46", "article_30_47",
    }
)  # fmt: skip
"""Acts of which the receipt may be told (#4.1.0.3/m1)."""
_CODES = {"code_notice": "付番", "code_change_notice": "変更", "code_correction_notice": "修正"}

Facts = tuple[tuple[str, ...], tuple[str, ...], tuple[Block, ...]]
"""Where a letter goes, what it says, and the facts in its table."""


def _block(*rows: tuple[str, str]) -> Block:
    return Block("", tuple(Item("fact", label, filled(text)) for label, text in rows))


def _to(parts: Mapping[str, object], prefix: str, name: str) -> tuple[str, ...]:
    postal = str(parts.get(f"{prefix}_postal_code") or "")
    shown = f"〒{postal[:3]}-{postal[3:]}" if len(postal) == 7 else ""
    return tuple(filter(None, (shown, address_written(parts, prefix), f"{name}　様")))


def place_before(event: ResidentEvent, row: ResidentRecord) -> str:
    """The group of ``row`` that is the address before the act; empty where there is none in Japan (異動前住所)."""
    group = {"move_within": "address_within_before"}.get(event.act)
    if event.act.startswith("move_in"):
        parts = vars(row)
        is_abroad = bool(parts["address_before_country"] or parts["address_before_abroad"])
        group = "" if is_abroad or not address_written(parts, "address_before") else "address_before"
    if event.act == "birth":
        group = ""
    return "address" if group is None else group


def place_after(event: ResidentEvent) -> str:
    """The group of the row that is the address after the act (異動後住所)."""
    return "planned_destination" if event.act == "move_out" else "address"


@implements(
    "resident-record/1.0#4.1.0.3/m1", "resident-record/1.0#4.1.0.3/m2", "resident-record/1.0#4.1.0.3/m3",
    "resident-record/1.0#4.1.0.3/n1",
)  # fmt: skip
def receipt(event: ResidentEvent, rows: Sequence[ResidentRecord], *, to_new_address: bool) -> Facts:
    """That a notice was received: five facts, to the notifier at the address before the move (受理通知).

    Of the two readings of AMB-026 we take the words: the moved person's former address, in the notifier's name. Where
    there is none, or writing there would be wrong (``to_new_address``), to the moved person at the new one.
    """
    if event.act not in RECEIVED:
        raise Refused("受理通知を出せるのは、転入・転居・転出・世帯変更の届出だけです。", code="no_receipt")
    row, before = rows[0], place_before(event, rows[0])
    if to_new_address or not before:
        to = _to(vars(row), place_after(event), row.name)
    else:
        to = _to(vars(row), before, event.notifier_name or row.name)
    facts = _block(
        ("届出の年月日", wareki(event.notified_on) if event.notified_on else ""),
        ("異動の事由", written("reason", row.reason, kind=row.kind)),
        ("届出人の氏名", event.notifier_name),
        ("異動者の氏名", "、".join(one.name for one in rows)),
    )
    body = ("次の住民異動届を受理しました。", "この届に心当たりのない方は、届出をした役所の窓口へご連絡ください。")
    return to, body, (facts,)


def ex_officio(event: ResidentEvent, rows: Sequence[ResidentRecord]) -> Facts:
    """That the register was changed without a notice (職権記載等通知)."""
    if event.basis != Basis.EX_OFFICIO:
        raise Refused("この異動は職権によるものではありません。", code="not_ex_officio")
    row = rows[0]
    facts = _block(
        ("氏名", "、".join(one.name for one in rows)),
        ("処理の事由", written("reason", row.reason, kind=row.kind)),
        ("異動の年月日", written("event_on", row.event_on, kind=row.kind)),
        ("処理の年月日", wareki(event.processed_on)),
    )
    body = ("届出がなかったため、住民票の記載等を職権で行いました。次のとおりお知らせします。",)
    return _to(vars(row), "address", row.name), body, (facts,)


def code(event: ResidentEvent, rows: Sequence[ResidentRecord], kind: Kind) -> Facts:
    """The resident-record code that somebody has been given (住民票コードの通知)."""
    row = rows[0]
    blocks = tuple(
        _block(
            ("氏名", one.name),
            ("生年月日", written("born_on", one.born_on, kind=one.kind)),
            ("住民票コード", one.resident_code),
        )
        for one in rows
    )
    body = (
        f"住民票コードの{_CODES[kind.code]}を行いましたので、お知らせします。ほかの人に知られないよう、大切に保管してください。",
    )
    return _to(vars(row), "address", row.name), body, blocks


def inquiry(event: ResidentEvent, rows: Sequence[ResidentRecord]) -> Facts:
    """Asking the municipality of destination whether people arrived (転入通知未着の照会)."""
    row = rows[0]
    parts = vars(row)
    city = f"{parts['planned_destination_prefecture']}{parts['planned_destination_city']}"
    if not city or not row.move_out_planned_on:
        raise Refused("国内への転出予定が記録されていないため、照会書を作れません。", code="no_destination")
    people = tuple(
        _block(
            ("氏名", one.name), ("生年月日", written("born_on", one.born_on, kind=one.kind)),
            ("転出前の住所", address_written(vars(one), "address")),
            ("転出先住所（予定）", address_written(vars(one), "planned_destination")),
            ("転出予定年月日", written("move_out_planned_on", one.move_out_planned_on, kind=one.kind)),
        )
        for one in rows
    )  # fmt: skip
    body = ("次の者について、転入の通知をまだ受け取っていません。転入の有無をお知らせください。",)
    return (f"{city}　住民記録担当課　御中",), body, people


@prints_addresses("certificates.letter", Purpose.MAIL)
def letter(
    kind: Kind, event: ResidentEvent, rows: Sequence[ResidentRecord], settings: FormSettings, signed: Signature,
    *, to_new_address: bool = False,
) -> Contents:  # fmt: skip
    """The contents of a notice about ``event`` (通知書の内容).

    Whether it may be sent has been asked before (``residents.suppression``). Raises Refused for an act that has none.
    """
    writers: Mapping[str, Callable[[], Facts]] = {
        "receipt_notice": lambda: receipt(event, rows, to_new_address=to_new_address),
        "ex_officio_notice": lambda: ex_officio(event, rows),
        "arrival_inquiry": lambda: inquiry(event, rows),
    }
    addressed, body, people = writers.get(kind.code, lambda: code(event, rows, kind))()
    return Contents(
        kind=kind.code, title=KINDS[kind.code].name, town=Municipality.objects.get(pk=wall.current()).name,
        addressed=addressed, body=body, people=people, dated=wareki(clock.today()), officer=signed.officer,
        officer_name=signed.name, phrases=tuple(settings.phrases), keeps_cut=settings.keeps_cut,
    )  # fmt: skip
