"""The layouts of payment codes, read from the packs: which digits mean what (納付コードの桁構成).

``layout.csv`` of a pack cuts the payload into fields without a gap. Its column ``rule`` says, in words of the form
``kind`` or ``kind:argument``, what each field must obey; ``checks`` knows the kinds. A field that its own rule or
another field determines needs no value to be composed.
"""

from __future__ import annotations

import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property

from municipal.conformance.packs import Pack, UnreadablePack, find

EL_QR = "el-qr"
BARCODE = "convenience-barcode"

Value = str | int | date


@dataclass(frozen=True, slots=True)
class Field:
    """One run of digits of a payload, a line of ``layout.csv`` (項目).

    ``offset`` counts from 0, ``length`` in digits. ``path`` names the tags that enclose it (``27/01``). ``rules`` are
    pairs of kind and argument.
    """

    name: str
    offset: int
    length: int
    path: str
    name_ja: str
    name_en: str
    rules: tuple[tuple[str, str], ...]
    status: str
    source: str

    @property
    def span(self) -> slice:
        """Where it stands in the payload (位置)."""
        return slice(self.offset, self.offset + self.length)

    def argument(self, *kinds: str) -> str | None:
        """The argument of the first of its rules that has one of ``kinds``; None when it has none (規則の引数)."""
        return next((argument for kind, argument in self.rules if kind in kinds), None)


@dataclass(frozen=True)
class Layout:
    """All fields of one payload, in order and without a gap (桁構成)."""

    pack: Pack
    fields: tuple[Field, ...]

    @property
    def length(self) -> int:
        """Digits of a whole payload (総桁数)."""
        last = self.fields[-1]
        return last.offset + last.length

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        """The fields by their name (項目名から項目へ)."""
        return {field.name: field for field in self.fields}

    @cached_property
    def spans(self) -> Mapping[str, slice]:
        """Where each field stands in the payload, by its name (項目名から位置へ)."""
        return {field.name: field.span for field in self.fields}

    @cached_property
    def defaults(self) -> tuple[tuple[Field, str, str], ...]:
        """The fields in order, each with what it holds where nobody says anything (既定値の決まり方)."""
        return tuple((field, *_default(field)) for field in self.fields)

    def codes(self, name: str) -> frozenset[str]:
        """The codes of one of the pack's lists (コード一覧)."""
        return frozenset(value.code for value in self.pack.codes[name])

    @property
    def demo_agency(self) -> str:
        """The operator code of specimens, "" where the pack has none (見本の識別コード)."""
        return str(self.pack.facts.get("demo", {}).get("agency", ""))


@cache
def layout(pack_id: str) -> Layout:
    """The layout of the newest pack ``pack_id``; raises UnreadablePack where it has a gap (桁構成の読込み)."""
    pack = find(pack_id)
    try:
        fields = tuple(_field(row) for row in pack.rows("layout.csv"))
    except (ValueError, KeyError) as error:
        raise UnreadablePack(f"{pack.folder / 'layout.csv'}: {type(error).__name__}: {error}") from error
    end = 0
    for field in fields:
        if field.offset != end or field.length < 1:
            raise UnreadablePack(f"{pack.folder / 'layout.csv'}: {field.name} does not begin at {end}")
        end += field.length
    if not fields:
        raise UnreadablePack(f"{pack.folder / 'layout.csv'}: there is no field")
    return Layout(pack, fields)


def _field(row: dict[str, str]) -> Field:
    rules = tuple((kind, argument) for kind, _, argument in (word.partition(":") for word in row["rule"].split()))
    return Field(
        name=row["field"],
        offset=int(row["offset"]),
        length=int(row["length"]),
        path=row["path"],
        name_ja=row["name_ja"],
        name_en=row["name_en"],
        rules=rules,
        status=row["status"],
        source=row["source"],
    )


def crc(digits: str) -> str:
    """CRC-16/CCITT-FALSE of ASCII digits as five decimal digits (CRC).

    Polynomial 1021, start FFFF, nothing reflected; of ``123456789`` it is 10673. Other than in the EMV standard that
    the eL-QR resembles it is written in decimal.
    """
    return f"{binascii.crc_hqx(digits.encode('ascii'), 0xFFFF):05d}"


def check_digit(digits: str) -> str:
    """Modulus 10 with the weights 3, 1 from the right, as GS1 has it (チェックディジット)."""
    total = sum(int(digit) * (1 if place % 2 else 3) for place, digit in enumerate(reversed(digits)))
    return str(-total % 10)


def compose(values: Mapping[str, Value]) -> str:
    """The 255 digits of an eL-QR from the values of its fields (eL-QRのデータの組立て).

    Numbers are filled with zeros on the left, dates written as the field has them, text taken as it is and of the full
    width. Fixed values, tags, lengths, repeated values, reserved areas and CRC need not be given. ``agency`` has no
    default, so that nobody makes a payable slip by leaving something out; with any other than the specimen code the
    two MPN check digits must be given too, because no published text tells how to compute them.
    Raises ValueError with the name of the field. It judges nothing: see ``judge_text``.
    """
    return _compose(layout(EL_QR), values)


def compose_barcode(values: Mapping[str, Value]) -> str:
    """The 44 digits of a convenience-store barcode, AI 91 and check digit included (バーコードの組立て)."""
    return _compose(layout(BARCODE), values)


def _compose(wanted: Layout, values: Mapping[str, Value]) -> str:
    if unknown := set(values) - set(wanted.by_name):
        raise ValueError(f"no such field: {', '.join(sorted(unknown))}")
    payload = ""
    for field, kind, argument in wanted.defaults:
        given = values.get(field.name)
        if given is not None:
            payload += _written(field, given)
        elif kind == "fixed":
            payload += argument
        else:
            payload += _determined(wanted, field, kind, argument, payload, values)
    return payload


def _default(field: Field) -> tuple[str, str]:
    """The rule that makes a value of its own, as kind and argument; empty where none does."""
    for kind, argument in field.rules:
        if kind in {"tag", "length", "is"}:
            return "fixed", argument
        if kind == "zeros":
            return "fixed", "0" * field.length
        if kind in {"unsettled", "same_agency", "same_amount"} or kind in _COMPUTED:
            return kind, argument
    return "", ""


def _determined(
    wanted: Layout, field: Field, kind: str, argument: str, before: str, values: Mapping[str, Value]
) -> str:
    if kind in _COMPUTED:
        return _COMPUTED[kind](before)
    if kind in {"same_agency", "same_amount"}:
        return before[wanted.spans[argument]]
    if kind == "unsettled" and values.get("agency") == wanted.demo_agency:
        return "0" * field.length
    raise ValueError(f"{field.name} is missing")


_COMPUTED = {"crc": crc, "check_digit": check_digit}


def _written(field: Field, value: Value) -> str:
    if isinstance(value, date):
        text = value.strftime("%Y%m%d")[-field.length :]
    else:
        text = str(value).zfill(field.length) if isinstance(value, int) else value
    if len(text) != field.length or not (text.isascii() and text.isdigit()):
        raise ValueError(f"{field.name} takes {field.length} digits")
    return text
