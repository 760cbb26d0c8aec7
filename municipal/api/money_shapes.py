"""Charges, payments, refunds and events of money as plain data (公金のデータの形).

Ids are words that mean nothing by themselves; payers stand in everything by number only, and no address in anything.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.payments.announcements import TOPICS
from municipal.payments.balances import Standing
from municipal.payments.models import Account, Charge, Posting, Report, Slip, Transfer, WebhookCall, WebhookEndpoint

CHARGE, PAYMENT, REFUND, EVENT, ENDPOINT = "ch", "pm", "rf", "ev", "we"
STATES = ("unpaid", "overdue", "paid", "overpaid", "written_off", "none")
REFUND_STATES = ("booked", "returned")
FIGURES = ("charged", "applied", "written_off", "outstanding", "overpaid", "refunded")


def word(prefix: str, number: int | None) -> str | None:
    """The id of a row as callers know it; null for none (ID)."""
    return None if number is None else f"{prefix}_{number}"


def number(prefix: str, said: str) -> int | None:
    """The row that an id means; None for what is no id of that sort (IDの解釈)."""
    found = re.fullmatch(rf"{prefix}_([1-9]\d{{0,17}})", said, re.ASCII)
    return int(found[1]) if found else None


def moment(at: datetime | None) -> str | None:
    """A time in Japan with its offset; null for none (日時)."""
    return None if at is None else at.astimezone(clock.TOKYO).isoformat()


def state_of(standing: Standing, due_on: date) -> str:
    """How a charge stands in one word of STATES (調定の状態)."""
    if standing.outstanding > 0:
        return "overdue" if due_on < clock.today() else "unpaid"
    if standing.overpaid > 0:
        return "overpaid"
    if standing.charged == 0:
        return "none"
    return "written_off" if standing.written_off > 0 else "paid"


def charge(one: Charge, standing: Standing) -> dict[str, Any]:
    """One instalment and how it stands; ``outstanding`` and ``overpaid`` are of now (調定)."""
    assessment = one.assessment
    return {
        "id": word(CHARGE, one.pk), "payer": assessment.payer.number, "fee": assessment.fee,
        "levy_year": assessment.levy_year, "fiscal_year": assessment.fiscal_year, "reference": assessment.reference,
        "period": one.period, "due_on": one.due_on.isoformat(), "state": state_of(standing, one.due_on),
        **{name: getattr(standing, name) for name in FIGURES},
        "refund_amount_available": standing.overpaid,
    }  # fmt: skip


def slip(one: Slip) -> dict[str, Any]:
    """One slip of a charge; ``is_current`` where no other came in its place (納付書)."""
    return {
        "number": one.number, "yen": one.yen, "pay_until": one.pay_until.isoformat(), "reissue": one.reissue,
        "issued_at": moment(one.issued_at), "is_withdrawn": bool(one.withdrawals.all()),
        "is_current": not one.successors.all(),
    }  # fmt: skip


def payment(one: Report) -> dict[str, Any]:
    """One report of a channel, with what became of it (収納)."""
    posting = one.posting
    return {
        "id": word(PAYMENT, one.pk), "channel": one.channel, "stage": one.stage, "slip_number": one.number,
        "yen": one.yen, "paid_on": one.paid_on.isoformat(), "place": one.place, "reference": one.reference,
        "match": one.match, "charge": word(CHARGE, one.slip.charge_id) if one.slip else None,
        "event": word(EVENT, one.posting_id), "booked_on": posting.booked_on.isoformat() if posting else None,
        "fiscal_year": posting.fiscal_year if posting else None,
        "is_reversed": bool(posting.reversals.all()) if posting else False,
        "received_at": moment(one.file.received_at),
    }  # fmt: skip


def refund(one: Posting) -> dict[str, Any]:
    """One refund as it was booked; ``interest_yen`` comes on top of ``yen`` (還付)."""
    moves: list[Transfer] = list(one.transfers.all())
    owner = next((move.charge for move in moves if move.charge is not None), None)
    undone = next(iter(one.reversals.all()), None)
    return {
        "id": word(REFUND, one.pk), "charge": word(CHARGE, owner.pk if owner else None),
        "payer": owner.assessment.payer.number if owner else None,
        "yen": _sum(moves, Account.OVERPAID), "interest_yen": _sum(moves, Account.REFUND_INTEREST),
        "state": "returned" if undone else "booked", "booked_on": one.booked_on.isoformat(),
        "fiscal_year": one.fiscal_year, "created_at": moment(one.recorded_at),
    }  # fmt: skip


def _sum(moves: Iterable[Transfer], account: Account) -> int:
    return sum(move.yen for move in moves if move.debit == account)


def event(one: Posting) -> dict[str, Any]:
    """One change of the books (公金の出来事)."""
    return {
        "id": word(EVENT, one.pk), "type": TOPICS[one.kind], "kind": one.kind, "occurred_at": moment(one.recorded_at),
        "booked_on": one.booked_on.isoformat(), "fiscal_year": one.fiscal_year,
        "reverses": word(EVENT, one.reverses_id),
        "transfers": [
            {"charge": word(CHARGE, move.charge_id), "debit": move.debit, "credit": move.credit, "yen": move.yen}
            for move in one.transfers.all()
        ],
    }  # fmt: skip


def endpoint(one: WebhookEndpoint) -> dict[str, Any]:
    """One address that is told of events; its secret is never among this (通知先)."""
    return {
        "id": word(ENDPOINT, one.pk), "url": one.url, "events": one.events, "created_at": moment(one.created_at),
        "disabled_at": moment(one.disabled_at),
    }  # fmt: skip


def call(one: WebhookCall) -> dict[str, Any]:
    """One message for an endpoint and how its last try ended (通知)."""
    return {
        "message": f"msg_{one.event_id}", "type": one.event.topic, "state": one.state, "attempts": one.attempts,
        "status": one.status, "error": one.error,
        "next_at": moment(one.next_at) if one.state == WebhookCall.State.WAITING else None,
    }  # fmt: skip


def row_of(prefix: str, said: str, field: str) -> int:
    """The row that ``said`` means. Raises Refused for what is no id of that sort (IDの確認)."""
    found = number(prefix, said)
    if found is None:
        raise Refused("IDの形が正しくありません。応答にあったIDをそのまま使ってください。", field=field, code="invalid")
    return found
