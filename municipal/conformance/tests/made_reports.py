"""Reports made by hand, with everything in them that a report can hold (試験用の報告)."""

from dataclasses import replace
from datetime import date

from municipal.conformance.findings import Finding, Outcome, Severity, Standing
from municipal.conformance.packs import Message
from municipal.conformance.results import JudgedFile, PackUsed, Report, RuleResult

TODAY = date(2026, 11, 23)
CANARY = "金糸雀Kanarienvogel0427"


def message(code: str, ja: str, en: str) -> Message:
    return Message(
        code,
        f"{ja}（列「%(column)s」、値 %(value)s）",
        "住民票の写しに誤った続柄が載ります。",
        "%(limit)s文字以内に直してください。",
        f"{en} (column %(column)s, value %(value)s)",
        "Certificates would show a wrong relationship.",
        "Shorten it to %(limit)s characters.",
    )


def finding(
    code: str, row: int, column: str = "続柄_表記", value: str = CANARY, file: str = "residents.csv"
) -> Finding:
    return Finding(file, row, column, code, value, {"limit": 4})


def result(code: str, outcome: Outcome = Outcome.PASSED, *samples: Finding, **changes: object) -> RuleResult:
    made = RuleResult(
        code=code,
        name="the_relationship_is_in_the_grammar",
        clause="resident-record/1.0#1.1.11/n1",
        severity=Severity.ERROR,
        standing=Standing.CITED,
        outcome=outcome,
        message=message(code, "続柄に使えない言葉があります", "The relationship holds a forbidden word"),
        count=len(samples),
        decisive=len(samples) if outcome is Outcome.FAILED else 0,
        samples=samples,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def judged_file(name: str = "residents.csv", **changes: object) -> JudgedFile:
    made = JudgedFile(
        name=name,
        sha256="ab" * 32,
        bytes=1234,
        kind="csv",
        encoding="cp932",
        delimiter=",",
        newline="\r\n",
        header_row=1,
        rows=1000,
        pack="resident-record-data@1",
        table="residents",
        guess="40 headings (95%), file name",
        columns=("宛名番号", "続柄_表記"),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def every_outcome() -> tuple[RuleResult, ...]:
    """A rule for each way to end, one of them with a second result on provisional grounds."""
    many = tuple(finding("RES-0001", row) for row in range(2, 12))
    return (
        result("FILE-0001"),
        result("FILE-0002", Outcome.FAILED, finding("FILE-0002", 0, "", ""), severity=Severity.WARNING),
        result("ITEM-0001", Outcome.INAPPLICABLE, reason_ja="列がありません: 性別", reason_en="no column: 性別"),
        result("RES-0001", Outcome.FAILED, *many, count=25, decisive=25),
        result(
            "RES-0001",
            Outcome.FAILED,
            finding("RES-0001", 40, "備考"),
            decisive=0,
            standing=Standing.PROVISIONAL,
        ),
        result("RES-0002", Outcome.FAILED, finding("RES-0002", 5), decisive=0, severity=Severity.INFO),
        result(
            "RES-0003", Outcome.CANNOT_TELL, finding("RES-0003", 6), reason_ja="本文で決まりません。", reason_en="open"
        ),
        result("RES-0004", Outcome.UNTESTED, reason_ja="参照先がありません。", reason_en="no table to look up"),
        result("RES-0005", Outcome.PASSED),
        result("RES-0005", Outcome.FAILED, finding("RES-0005", 7), decisive=0, standing=Standing.PROVISIONAL),
    )


def report(*results: RuleResult, **changes: object) -> Report:
    made = Report(
        files=(
            judged_file(),
            judged_file(
                "x.zip/世帯#1.csv", encoding="utf-8", pack="", table="", guess="", header_row=0, columns=(CANARY,)
            ),
        ),
        packs=(PackUsed("resident-record-data@1", "住民記録データ", "Resident record data", "provisional", "cd" * 32),),
        results=results or every_outcome(),
        as_of=date(2026, 11, 20),
        today=TODAY,
        clauses={"resident-record/1.0#1.1.11/n1": Outcome.FAILED, "resident-record/1.0#1.1.10": Outcome.PASSED},
    )
    return replace(made, **changes)  # type: ignore[arg-type]
