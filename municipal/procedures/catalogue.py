"""Entries of the catalogue as plain data, read from files (手続の項目).

One file holds one procedure. Reading checks everything first; whoever holds an ``Entry`` holds a sound one.
"""

import csv
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "fixtures" / "procedures"
TABLES = ROOT / "standards" / "applications" / "1"

PAYS_OUT = frozenset({"entitlement", "letter"})
"""Decisions after which money may go to the applicant (給付につながる決定)."""
Content = dict[str, Any]
"""An entry as it stands in its file (手続の項目の中身)."""


@dataclass(frozen=True)
class Text:
    """The same said in Japanese, plain Japanese, English and Korean (4言語の文)."""

    ja: str
    easy: str
    en: str
    ko: str

    def said(self, language: str) -> str:
        """The text for a language tag; Japanese for any other language (表示する文)."""
        return {"ja-easy": self.easy, "en": self.en, "ko": self.ko}.get(language, self.ja)


@dataclass(frozen=True)
class Basis:
    """A law and an article, and whether somebody has read it there (根拠法令)."""

    law: str
    article: str
    status: str


@dataclass(frozen=True)
class Option:
    """One answer of a choice (選択肢)."""

    value: str
    label: Text


@dataclass(frozen=True)
class Condition:
    """A question is asked only after certain answers to an earlier one (表示条件)."""

    field: str
    answers: tuple[str, ...]


@dataclass(frozen=True)
class Field:
    """One thing that the applicant is asked (申請者に聞く項目).

    ``is_for_benefits``: of an account, whether money is only paid into it. Then the account that somebody registered
    with the state may be named; nothing is ever drawn from that one (Act on the Registration of Deposit Accounts for
    Prompt and Certain Payment of Public Benefits, article 3; unverified).
    """

    name: str
    type: str
    label: Text
    help: Text | None
    is_required: bool
    page: str
    options: tuple[Option, ...] = ()
    condition: Condition | None = None
    most: int = 0
    fields: tuple["Field", ...] = ()
    is_for_benefits: bool = False


@dataclass(frozen=True)
class Held:
    """One thing that the municipality holds already, and the law that lets it be used again (保有している項目)."""

    name: str
    label: Text
    source: str
    path: str
    basis: Basis
    is_notice_item: bool


@dataclass(frozen=True)
class Evidence:
    """One document that used to be attached, and where it comes from now (添付書類)."""

    id: str
    title: Text
    obtained: str
    how: Text
    fallback: str

    @property
    def is_dropped(self) -> bool:
        """Whether the applicant no longer brings it (添付の省略)."""
        return self.obtained != "applicant"


@dataclass(frozen=True)
class Deadline:
    """By when, counted from which answer (期限)."""

    days: int
    months: int
    from_field: str
    is_before: bool
    first_day_counts: bool
    rolls: bool
    text: Text
    status: str


@dataclass(frozen=True)
class Entry:
    """One procedure of the catalogue (手続)."""

    id: str
    version: int
    kind: str
    title: Text
    summary: Text
    words: Mapping[str, tuple[str, ...]]
    basis: tuple[Basis, ...]
    events: tuple[str, ...]
    desk: Text
    who: Text
    elsewhere: tuple[Text, Text] | None
    deadline: Deadline | None
    fee_yen: int | None
    fee_item: str
    fee_text: Text
    assurance: str
    paper_steps: tuple[tuple[Text, Text], ...]
    pages: tuple[tuple[str, Text], ...]
    asks: tuple[Field, ...]
    holds: tuple[Held, ...]
    evidence: tuple[Evidence, ...]
    workflow: str
    does: str
    follows: tuple[str, ...]
    after: tuple[str, ...]
    content: Content

    @property
    def is_online(self) -> bool:
        """Whether it can be applied for from home (オンライン申請の可否)."""
        return self.kind == "online"

    @property
    def is_complete_online(self) -> bool:
        """Whether no step needs paper or a visit (オンラインで完結するか)."""
        return self.is_online and not self.paper_steps


def text_of(said: Mapping[str, str]) -> Text:
    """The four languages of a text (4言語の文の読取り)."""
    return Text(said["ja"], said["ja-easy"], said["en"], said["ko"])


def _basis(one: Content) -> Basis:
    return Basis(one["law"], one["article"], one["status"])


def field_of(one: Content, *, is_for_benefits: bool = False) -> Field:
    """A question from its JSON (質問の読取り)."""
    asked = one.get("if")
    return Field(
        one["name"], one["type"], text_of(one["label"]), text_of(one["help"]) if one.get("help") else None,
        one["is_required"], one.get("page", ""),
        tuple(Option(option["value"], text_of(option["label"])) for option in one.get("options") or ()),
        Condition(asked["field"], tuple(asked["is"])) if asked else None,
        one.get("most") or 0,
        tuple(field_of(inner, is_for_benefits=is_for_benefits) for inner in one.get("fields") or ()),
        is_for_benefits and one["type"] == "account",
    )  # fmt: skip


def _deadline(one: Content | None) -> Deadline | None:
    if one is None:
        return None
    return Deadline(
        one["days"], one["months"], one["from"], one["when"] == "before", one["first_day_counts"], one["rolls"],
        text_of(one["text"]), one["status"],
    )  # fmt: skip


def entry_of(content: Content) -> Entry:
    """An entry from JSON whose shape was checked (手続の読取り)."""
    where, fee, does = content["elsewhere"], content["fee"], (content["decision"] or {}).get("does", "")
    return Entry(
        id=content["id"], version=content["version"], kind=content["kind"], title=text_of(content["title"]),
        summary=text_of(content["summary"]),
        words={language: tuple(words) for language, words in content["words"].items()},
        basis=tuple(map(_basis, content["basis"])), events=tuple(content["events"]),
        desk=text_of(content["desk"]), who=text_of(content["who"]),
        elsewhere=(text_of(where["where"]), text_of(where["why"])) if where else None,
        deadline=_deadline(content["deadline"]), fee_yen=fee["yen"], fee_item=fee["item"],
        fee_text=text_of(fee["text"]), assurance=content["assurance"]["level"],
        paper_steps=tuple((text_of(one["step"]), text_of(one["why"])) for one in content["paper_steps"]),
        pages=tuple((one["id"], text_of(one["title"])) for one in content["pages"]),
        asks=tuple(field_of(one, is_for_benefits=does in PAYS_OUT) for one in content["asks"]),
        holds=tuple(
            Held(one["name"], text_of(one["label"]), one["source"], one["path"], _basis(one["basis"]),
                 one["is_notice_item"])
            for one in content["holds"]
        ),
        evidence=tuple(
            Evidence(one["id"], text_of(one["title"]), one["obtained"], text_of(one["how"]), one["fallback"])
            for one in content["evidence"]
        ),
        workflow=content["workflow"], does=does,
        follows=tuple(one["id"] for one in content["follows"]), after=tuple(content["after"]), content=content,
    )  # fmt: skip


def table(name: str) -> list[dict[str, str]]:
    """The rows of a table of ``standards/applications`` (申請の表)."""
    with (TABLES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def written(content: Content) -> str:
    """An entry as its file is written (ファイルの書き方)."""
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


@cache
def shipped() -> tuple[Entry, ...]:
    """The catalogue that comes with the program, in order of id. Raises ValueError for a fault (付属のカタログ)."""
    from .rules import read

    entries, faults = read(FOLDER)
    if faults:
        raise ValueError("\n".join(map(str, faults)))
    return entries


def by_id(entries: Iterable[Entry]) -> dict[str, Entry]:
    """Entries by their id (識別子による索引)."""
    return {entry.id: entry for entry in entries}
