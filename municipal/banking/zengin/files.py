"""Writing a file of records, and reading one back with every sum checked (銀行のデータの作成と読取り)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from municipal.core.refusals import Refused

from .layouts import LENGTH, Field, Layout, Record, layout
from .letters import decoded, encoded

Values = Mapping[str, str | int]
CRLF = b"\r\n"
MOST_BYTES = 20 * 1024 * 1024
EBCDIC_ONE = b"\xf1"


@dataclass(frozen=True)
class Row:
    """One data record: its number in the file from 1, and what its fields hold without the filling (データ行)."""

    line: int
    said: Mapping[str, str]

    @property
    def yen(self) -> int:
        """The amount in yen."""
        return int(self.said["yen"])


@dataclass(frozen=True)
class File:
    """A whole file whose sums agree (銀行のデータ)."""

    header: Mapping[str, str]
    rows: Sequence[Row]
    trailer: Mapping[str, str]


def written(name: str, header: Values, data: Iterable[Values], totals: Values) -> bytes:
    """The bytes of a file: header, data, trailer with ``totals``, end; each record ends with CR LF (データの作成).

    Raises ValueError for a value that does not fit its field: whoever calls has refused it before.
    """
    form = layout(name)
    lines = [("header", header), *(("data", one) for one in data), ("trailer", totals), ("end", {})]
    return b"".join(_record(form.records[kind], values) + CRLF for kind, values in lines)


def _record(record: Record, values: Values) -> bytes:
    return b"".join(_cell(field, values.get(field.name, "")) for field in record.fields)


def _cell(field: Field, value: str | int) -> bytes:
    text = field.fixed or str(value)
    if len(text) > field.width or (field.is_number and not (text.isascii() and text.isdigit()) and text):
        raise ValueError(f"{field.name} does not hold that")
    return encoded(text.rjust(field.width, "0") if field.is_number else text.ljust(field.width))


def read(name: str, data: bytes) -> File:
    """The records of a file (データの読取り).

    Raises Refused with the number of the record for everything that makes it no such file: cut, another character
    code, bad letters, records out of order, wrong number or sum in the trailer.
    """
    form, before = layout(name), ""
    found: dict[str, list[Row]] = {kind: [] for kind in form.records}
    for line, record in enumerate(_records(data), start=1):
        kind, row = _parsed(form, line, record)
        if kind not in _AFTER[before]:
            raise Refused(
                "%(line)d行目のレコードの順序が違います。1つのファイルに1つの請求だけを入れてください。",
                field="file", code="invalid", line=line,
            )  # fmt: skip
        found[kind].append(row)
        before = kind
    if before != "end":
        raise Refused(
            "ファイルが途中で切れています（エンド・レコードがありません）。銀行から受け取り直してください。",
            field="file", code="invalid",
        )  # fmt: skip
    made = File(found["header"][0].said, found["data"], found["trailer"][0].said)
    refuse_wrong_totals(made, "count", "yen", made.rows)
    return made


_AFTER = {"": {"header"}, "header": {"data", "trailer"}, "data": {"data", "trailer"}, "trailer": {"end"}, "end": set()}
"""Which record may follow which."""


def refuse_wrong_totals(file: File, count: str, yen: str, rows: Sequence[Row]) -> None:
    """Refuse a trailer whose fields ``count`` and ``yen`` do not say what ``rows`` add up to (合計の確認)."""
    said = int(file.trailer[count]), int(file.trailer[yen])
    found = len(rows), sum(row.yen for row in rows)
    if said != found:
        raise Refused(
            "トレーラ・レコード（%(line)d行目）の合計 %(said_count)d件 %(said_yen)d円が、"
            "明細の合計 %(count)d件 %(yen)d円と合いません。",
            field="file", code="invalid", line=len(file.rows) + 2, said_count=said[0], said_yen=said[1],
            count=found[0], yen=found[1],
        )  # fmt: skip


def _records(data: bytes) -> list[bytes]:
    if len(data) > MOST_BYTES:
        raise Refused("ファイルが大きすぎます。20MBまでに分けてください。", field="file", code="too_large")
    if data.startswith(EBCDIC_ONE):
        raise Refused(
            "文字コードがEBCDICです。JISコードで受け取り直してください。", field="file", code="invalid"
        )  # fmt: skip
    # Some programs end a file with the sign of the end of a file.
    body = data.removesuffix(b"\x1a")
    if b"\n" in body:
        records = body.replace(CRLF, b"\n").removesuffix(b"\n").split(b"\n")
    else:
        records = [body[start : start + LENGTH] for start in range(0, len(body), LENGTH)]
    for line, record in enumerate(records, start=1):
        if len(record) != LENGTH:
            raise Refused(
                "%(line)d行目の長さが%(length)dバイトです。120バイトの行だけを取り込めます。",
                field="file", code="invalid", line=line, length=len(record),
            )  # fmt: skip
    return records


def _parsed(form: Layout, line: int, data: bytes) -> tuple[str, Row]:
    record = form.by_mark.get(chr(data[0]))
    if record is None:
        raise Refused(
            "%(line)d行目のデータ区分が1、2、8、9のどれでもありません。", field="file", code="invalid", line=line
        )
    said = {field.name: _said(line, field, data[field.offset : field.offset + field.width]) for field in record.fields}
    return record.name, Row(line, said)


def _said(line: int, field: Field, data: bytes) -> str:
    text = decoded(data)
    if text is None:
        raise Refused(
            "%(line)d行目の「%(name)s」に、銀行のデータに使えない文字があります。",
            field="file", code="invalid", line=line, name=field.name_ja,
        )  # fmt: skip
    if field.is_number and not text.isdigit():
        raise Refused(
            "%(line)d行目の「%(name)s」が数字ではありません。", field="file", code="invalid", line=line,
            name=field.name_ja,
        )  # fmt: skip
    if field.fixed and text != field.fixed:
        raise Refused(
            "%(line)d行目の「%(name)s」が「%(found)s」です。「%(fixed)s」のデータだけを取り込めます。",
            field="file", code="invalid", line=line, name=field.name_ja, found=text, fixed=field.fixed,
        )  # fmt: skip
    return text if field.is_number else text.rstrip(" ")
