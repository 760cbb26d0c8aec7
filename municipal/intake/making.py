"""Applications of made-up people, filled in from the forms of the catalogue (模擬の申請データの作成)."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import Any

from PIL import Image

from municipal.applicants.authority import signed
from municipal.applicants.models import Certificate
from municipal.applications.rules.answers import asked, pruned
from municipal.applications.rules.applicant import asked_of_applicant
from municipal.core import clock
from municipal.municipalities import wall
from municipal.payments.paper.addressing import moment, one_sheet
from municipal.payments.paper.sheet import Column, Sheet, Table
from municipal.procedures.catalogue import Entry, Field

from .payload import ANSWERS, FORM, PROFILE, SIGNATURE, Json, canonical, listed, text_of, written

SOMEBODY = {"name": "乙川　次郎", "kana": "オトカワ　ジロウ", "born_on": "1990-05-05", "address": "模擬県模擬市例町2"}
PHONE = "000-0000-0000"
_PEOPLE = {"p1": {"name": "甲野　例", "kana": "コウノ　レイ", "born_on": "2020-04-01", "relationship": "子"}}


@dataclass
class Filled:
    """Answers to a form, and the files that belong to them (記入した内容)."""

    answers: Json = field(default_factory=dict)
    people: dict[str, dict[str, str]] = field(default_factory=dict)
    files: list[tuple[str, bytes]] = field(default_factory=list)


def filled(entry: Entry) -> Filled:
    """Something for every question that a form asks (記入)."""
    made = Filled()
    for _turn in entry.asks:
        # Answers decide what is asked next.
        open_now = [one for one in asked(entry.asks, made.answers) if one.name not in made.answers]
        for one in open_now:
            made.answers[one.name] = _value(one, made, one.name)
        if not open_now:
            break
    made.answers = pruned(entry.asks, made.answers)
    kept = {one.name for one in asked(entry.asks, made.answers)}
    made.files = [one for one in made.files if one[0].partition("__")[0] in kept]
    # What stands for a file is put in its place when it is attached.
    made.answers = {name: value for name, value in made.answers.items() if value is not None}
    return made


def _value(one: Field, made: Filled, name: str) -> Any:
    if one.type == "file":
        made.files.append((name, _picture()))
        return None
    if one.type == "people":
        made.people |= _PEOPLE
        return list(_PEOPLE)
    if one.type == "group":
        row: Json = {}
        for inner in one.fields:
            if len([each for each in asked(one.fields, row) if each.name == inner.name]):
                row[inner.name] = _value(inner, made, f"{name}__0__{inner.name}")
        return [{key: value for key, value in row.items() if value is not None}]
    return _plain(one)


def _plain(one: Field) -> Any:
    first = one.options[0].value if one.options else ""
    samples: Mapping[str, Any] = {
        "date": clock.today().isoformat(), "text": "見本"[: one.most if one.most > 1 else 2], "choice": first,
        "choices": [first], "yes_no": True, "number": 1, "person": dict(_PEOPLE["p1"]),
        "address": "架空県架空市見本町1",
        "account": {
            "bank": "0001", "branch": "001", "kind": "ordinary", "number": "1234567", "holder": "ミホン　イチロウ",
        },
    }  # fmt: skip
    return samples[one.type]


def _picture() -> bytes:
    file = BytesIO()
    Image.new("RGB", (8, 8), "white").save(file, "PNG")
    return file.getvalue()


def made(
    entry: Entry, receipt: str, who: Mapping[str, str], certificate: Certificate | None, *, at: datetime,
    serial: str = "", said: Filled | None = None,
) -> tuple[Json, dict[str, bytes]]:  # fmt: skip
    """The manifest and the parts of one application (申請データの作成). ``serial``: to sign under another number."""
    content = said or filled(entry)
    names = {one.name for one in asked_of_applicant(entry)}
    applicant = {name: text for name, text in {**who, "phone": PHONE}.items() if name in names and text}
    parts = {
        ANSWERS: canonical({"applicant": applicant, "answers": content.answers, "people": content.people}),
        FORM: _form(entry, receipt, at),
    }
    rows = [listed(ANSWERS, "answers", parts[ANSWERS]), listed(FORM, "form", parts[FORM])]
    for number, (name, file) in enumerate(content.files, 1):
        path = f"attachments/{number:03d}.png"
        parts[path] = file
        rows.append(listed(path, "attachment", file, field=name, title="写真.png"))
    manifest: Json = {
        "profile": PROFILE, "receipt_number": receipt, "municipality": f"{wall.current():06d}", "procedure": entry.id,
        "version": entry.version, "applied_at": at.astimezone(clock.TOKYO).isoformat(timespec="seconds"),
        "language": "ja", "parts": rows,
    }  # fmt: skip
    if certificate is not None:
        parts[SIGNATURE] = _signature(manifest, certificate, serial)
        manifest["parts"] = [*rows, listed(SIGNATURE, "signature", parts[SIGNATURE])]
    return manifest, parts


def zipped(made_up: tuple[Json, dict[str, bytes]], order: Sequence[str] = ()) -> bytes:
    """The same as a ZIP (ZIPの作成)."""
    return written(*made_up, order)


def _signature(manifest: Json, certificate: Certificate, serial: str) -> bytes:
    made_by = signed(wall.current(), certificate.serial, bytes(certificate.content), text_of(manifest))
    return canonical({
        "serial": serial or certificate.serial, "algorithm": "ECDSA-SHA256",
        "signature": base64.b64encode(made_by.signature).decode(),
        "certificate": base64.b64encode(made_by.certificate).decode(),
    })  # fmt: skip


def _form(entry: Entry, receipt: str, at: datetime) -> bytes:
    """The form as paper, which nobody needs to read: the answers travel as data."""
    file = BytesIO()
    rows = (("手続", entry.title.ja), ("受付番号", receipt), ("申請日時", moment(at).removesuffix("現在")))
    table = Table("", (Column("項目", 40), Column("内容", 130)), rows)
    one_sheet(file, Sheet(
        title="申請書（研修用）", town="", office=entry.desk.ja, issued_on=at.astimezone(clock.TOKYO).date(),
        recipient="", role="", address=(), care_of="", as_of=moment(at), body=(table,), is_specimen=True,
    ))  # fmt: skip
    return file.getvalue()
