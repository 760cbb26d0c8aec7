"""Who sends a letter about money, to whom and as of when (文書の宛名と差出人)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import IO

from municipal.addressees.mailing import Delivery, deliveries
from municipal.core import clock
from municipal.core.eras import wareki
from municipal.payments.faces import Sender
from municipal.payments.fees import fee
from municipal.payments.models import Channel, Charge

from .document import Document
from .letters import Letters
from .sheet import Sheet, Table, empty_frame, write_sheet


def moment(at: datetime) -> str:
    """A moment as it is printed beside amounts (時点)."""
    local = at.astimezone(clock.TOKYO)
    return f"{wareki(local.date())} {local.hour}時{local.minute:02d}分現在"


def yen(amount: int) -> str:
    """An amount as it is printed (金額)."""
    return f"{amount:,}円"


def name_of(charge: Charge) -> str:
    """Which instalment of what (料金と期別)."""
    item = fee(charge.assessment.fee)
    period = "全期" if item.instalments == 1 else f"第{charge.period}期"
    return f"{item.name_ja} {period}"


def channel_name(code: str) -> str:
    """Where somebody paid, in words; by the town's own books where no channel said so (納付場所)."""
    return str(Channel(code).label) if code else "充当など"


def address_of(payers: Sequence[int], by: Sender, *, subject: str = "") -> Mapping[int, Delivery]:
    """Where papers about these payers go, kept at the office where they may not be sent (送付先)."""
    return deliveries(payers, subject=subject, office=by.decided.office)


def sheet(title: str, to: Delivery, by: Sender, *, body: Sequence[str | Table], as_of: str = "") -> Sheet:
    """A letter of the open town to somebody, of today (文書の組立て). ``as_of``: instead of this moment."""
    postal = (f"〒{to.postal_code[:3]}-{to.postal_code[3:]}",) if to.postal_code and to.lines else ()
    return Sheet(
        title=title, town=by.town.name, office=by.decided.office, issued_on=clock.today(),
        recipient=f"{to.recipient}　{to.honorific}", role=to.role, address=(*postal, *to.lines),
        care_of="" if to.lines else to.care_of, as_of=as_of or moment(clock.now()), body=body,
        is_specimen=by.issuer.is_specimen,
    )  # fmt: skip


def one_sheet(file: IO[bytes], said: Sheet) -> None:
    """Write a file that holds one letter (1通の文書)."""
    letters = Letters()
    document = Document(file, letters, empty_frame(letters), title=said.title, made_at=clock.now())
    write_sheet(document, said)
    document.finish()
