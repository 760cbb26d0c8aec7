"""What the counter prints: every form with the same values, a guide in large letters, blank forms (窓口の帳票)."""

from collections.abc import Mapping, Sequence
from typing import IO, Any

from municipal.applications.keys import code_of
from municipal.applications.models import Case, Draft, Reception
from municipal.applications.operations.at_the_counter import desk_token, drafts_of
from municipal.applications.prefill import HELD
from municipal.applications.rules.answers import asked, said
from municipal.applications.rules.applicant import asked_of_applicant, papers
from municipal.core import clock
from municipal.core.eras import wareki
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality
from municipal.payments.paper.document import Document, Page
from municipal.payments.paper.fitting import broken
from municipal.payments.paper.letters import Letters
from municipal.payments.paper.sheet import Column, Sheet, Table, empty_frame, write_sheet
from municipal.procedures.catalogue import Entry, Field

from .offering import Offer

LINE, LARGE, HEADING, FOOT = 26, 14.0, 18.0, 275.0
ITEMS = (Column("項目", 60), Column("内容", 110))
SIGNED = "上の内容を確かめました。　　　　　年　　　月　　　日　　署名"
AT_THE_OFFICE = "窓口でお渡しします"


def _rows(found: Sequence[tuple[str, Sequence[str]]]) -> tuple[tuple[str, str], ...]:
    """Label and lines as rows of a table; long lines take several."""
    return tuple(
        (label if at == 0 and start == 0 else "", line[start : start + LINE])
        for label, lines in found for at, line in enumerate(lines) for start in range(0, max(len(line), 1), LINE)
    )  # fmt: skip


def values(one: Draft | Case) -> list[tuple[str, list[str]]]:
    """Every value of a form with its label, answered or taken over, as it is printed and shown (帳票の値)."""
    everything = asked_of_applicant(one.asked)
    found = [(field.label.ja, said(field, one.applicant.get(field.name), {}, "ja")) for field in everything]
    for field in asked(one.asked.asks, one.answers):
        value = one.answers.get(field.name)
        is_files = field.type == "file" and value
        found.append((field.label.ja, [f"{len(value)}個"] if is_files else said(field, value, one.people, "ja")))
    return [(label, lines) for label, lines in found if lines] + taken(one.asked, one.filled)


def taken(entry: Entry, filled: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    """What is taken over from registers, by the label of the held item (引用した値)."""
    found = [(one.label.ja, filled.get(one.name, {})) for one in entry.holds]
    typed = [(label, [one["typed"]]) for label, one in found if one.get("typed")]
    return typed + [(label, list(one["lines"])) for label, one in found if one.get("status") == HELD and one["lines"]]


def write_everything(file: IO[bytes], reception: Reception, guide: Sequence[Offer]) -> None:
    """Write one PDF: a form for each application, then the guide sheet of what belongs to them (届書と案内票)."""
    letters = Letters()
    document = Document(file, letters, empty_frame(letters), title="窓口受付", made_at=clock.now())
    town = Municipality.objects.get(pk=wall.current())
    ones: list[Draft | Case] = [*reception.bundle.cases.order_by("pk")] or [*drafts_of(reception)]
    for one in ones:
        write_sheet(document, _form(town, reception, one))
    _Guide(document, town).write(reception, ones, guide)
    document.finish()


def _form(town: Municipality, reception: Reception, one: Draft | Case) -> Sheet:
    number = (("受付番号", [one.number]),) if isinstance(one, Case) else ()
    head = [*number, ("受付年月日", [wareki(reception.received_on)]), ("受付の経路", [reception.get_channel_display()])]
    body = (
        Table("", ITEMS, _rows(head)),
        Table("申請の内容（役所の記録から引用した値を含みます）", ITEMS, _rows(values(one))), SIGNED,
    )  # fmt: skip
    return _sheet(town, one.asked, one.asked.title.ja, f"{one.applicant.get('name', '')}　様", body)


def _sheet(town: Municipality, entry: Entry, title: str, recipient: str, body: tuple[str | Table, ...]) -> Sheet:
    """Never with an address in the window: it is handed over at the counter."""
    return Sheet(
        title=title, town=town.name, office=entry.desk.ja, issued_on=clock.today(), recipient=recipient, role="",
        address=(), care_of=AT_THE_OFFICE, as_of="", body=body, is_specimen=town.is_fictional,
    )  # fmt: skip


class _Guide:
    """The guide sheet: large letters, one procedure after the other (案内票)."""

    def __init__(self, document: Document, town: Municipality) -> None:
        self.document, self.town, self.letters = document, town, document.letters
        self.page, self.y = Page(document.letters, is_framed=False), 25.0

    def write(self, reception: Reception, ones: Sequence[Draft | Case], guide: Sequence[Offer]) -> None:
        """All pages of the guide (案内票の描画)."""
        self._say("手続のご案内", HEADING + 4, "H1")
        self._say(f"{self.town.name}　{wareki(clock.today())}", LARGE)
        self._say("今日、受け付けた手続", HEADING, "H2")
        for one in ones:
            self._say(f"・{one.asked.title.ja}", LARGE)
            if isinstance(one, Case):
                code = code_of(desk_token(reception.bundle, one.procedure))
                self._say(f"受付番号 {one.number}　確認コード {code}", LARGE, indent=8)
                self._say(f"処理の目安 {wareki(one.due_on)}まで（暫定）　担当 {one.asked.desk.ja}", LARGE, indent=8)
        chosen = {one.procedure for one in ones}
        rest = [one for one in guide if one.entry.id not in chosen]
        if rest:
            self._say("いっしょに確かめる手続", HEADING, "H2")
        for offer in rest:
            self._offer(offer)
        self.document.add(self.page)

    def _offer(self, offer: Offer) -> None:
        entry = offer.entry
        self._say(f"・{entry.title.ja}", LARGE)
        where = entry.elsewhere[0].ja if entry.elsewhere else entry.desk.ja
        day = f"{wareki(offer.due_on)}まで" if offer.due_on else (entry.deadline.text.ja if entry.deadline else "")
        bring = "、".join(one.label.ja for one in papers(entry))
        for label, text in (("なぜ", offer.reason("ja")), ("期限", day), ("どこで", where), ("持ち物", bring)):
            if text:
                self._say(f"{label}　{text}", LARGE, indent=8)

    def _say(self, text: str, size: float, role: str = "P", indent: float = 0) -> None:
        for line in broken(self.letters, text, 170 - indent, size):
            if self.y > FOOT:
                self.document.add(self.page)
                self.page, self.y = Page(self.letters, is_framed=False), 25.0
            self.page.begin(role)
            self.page.text(20 + indent, self.y, line, size)
            self.y += size * 0.55
        self.y += 1.5


def write_blank(file: IO[bytes], entry: Entry) -> None:
    """Write the questions of one procedure with room for answers, for a day without the system (白紙の申請書)."""
    letters = Letters()
    document = Document(file, letters, empty_frame(letters), title=entry.title.ja, made_at=clock.now())
    town = Municipality.objects.get(pk=wall.current())
    fields = (*asked_of_applicant(entry), *entry.asks)
    body = (
        "右の欄に書いてください。選ぶところは、□に印を付けてください。受け付けた日は職員が書きます。",
        Table("", ITEMS, (("受け付けた日（職員）", "　　　　年　　　月　　　日　　受付者"),)),
        Table("申請の内容", ITEMS, tuple(row for field in fields for row in _blank(field))), SIGNED,
    )  # fmt: skip
    write_sheet(document, _sheet(town, entry, entry.title.ja, "", body))
    document.finish()


def _blank(field: Field) -> list[tuple[str, str]]:
    label = field.label.ja + ("" if field.is_required else "（あれば）")
    if field.type == "group":
        return [(label, "（1件目。足りないときは紙を足す）"), *(row for one in field.fields for row in _blank(one))]
    if field.type == "yes_no":
        return [(label, "□ はい　　□ いいえ")]
    if field.type in ("choice", "choices"):
        return [(label if at == 0 else "", f"□ {one.label.ja}") for at, one in enumerate(field.options)]
    room = {
        "date": "　　　　年　　　月　　　日", "people": "氏名　　　　　　　　　　生年月日", "file": "□ 添付する",
        "person": "氏名　　　　　　　　　　生年月日", "account": "金融機関　　　　　支店　　　　　普通・当座　番号",
    }.get(field.type, "")  # fmt: skip
    return [(label, room), ("", "")]
