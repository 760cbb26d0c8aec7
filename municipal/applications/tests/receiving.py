"""A family of four whose move-out data came, and receptions of one line (試験用の窓口受付)."""

from datetime import date
from typing import Any

from municipal.applications.counter.counting import Counts
from municipal.applications.models import Case, Reception
from municipal.applications.operations.at_the_counter import hand_in, note, receive
from municipal.core import clock
from municipal.residents.models import Received, ReceivedKind

from .acting import CLERK, Clerk

FAMILY = (
    ("乙野　一郎", "オツノ　イチロウ", "1985-04-01", "1", "世帯主"),
    ("乙野　花子", "オツノ　ハナコ", "1987-08-09", "2", "妻"),
    ("乙野　二郎", "オツノ　ジロウ", "2016-05-05", "1", "子"),
    ("乙野　桃", "オツノ　モモ", "2022-03-03", "2", "子"),
)
FORMER = {"prefecture": "見本県", "city": "見本市", "block": "本通", "lot": "５番地"}
PLANNED, HOME, PHONE = "2026-11-20", "架空市青葉一丁目1番1号", "000-0000-0000"
IDENTITY = {"identity_check": "photo_document", "identity_document": "運転免許証", "agreed": "screen"}
JOINED = {"moved_on": PLANNED, "notifier": "head", "together": ["card", "nhi"]}


def family() -> list[Received]:
    return [
        Received.objects.create(
            kind=ReceivedKind.MOVE_OUT, key=f"999999{at:04d}", sender="見本市", noticed_on=date(2026, 11, 18),
            received_at=clock.now(), said={
                "name": name, "name_kana": kana, "born_on": born, "sex": sex, "relationship": relationship,
                "planned_on": PLANNED, "resident_code": f"999999{at:04d}", **FORMER,
            },
        )
        for at, (name, kana, born, sex, relationship) in enumerate(FAMILY)
    ]  # fmt: skip


def newcomers(*codes: str, channel: str = "counter", **said: Any) -> Reception:
    given: dict[str, Any] = {"received_on": clock.today(), "event": "moving"} | said
    return receive(actor=CLERK, channel=channel, chosen=codes, received=[one.pk for one in family()], **given)


def answered(reception: Reception, said: dict[str, dict[str, Any]], people: dict[str, Any] | None = None) -> Reception:
    name, kana, born, _sex, _relationship = FAMILY[0]
    who = {"name": name, "kana": kana, "born_on": born, "address": HOME, "phone": PHONE}
    return note(
        actor=CLERK, reception=reception.public, applicant=who,
        said={code: (answers, people or {}) for code, answers in said.items()},
    )  # fmt: skip


def handed_in(reception: Reception, actor: Clerk = CLERK, **said: Any) -> list[Case]:
    return hand_in(actor=actor, reception=reception.public, counts=Counts(), **{**IDENTITY, **said})
