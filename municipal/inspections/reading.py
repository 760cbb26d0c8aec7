"""The result of an inspection as a screen needs it, read from its JSON report (検査結果の読取り)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from municipal.conformance.findings import Exit, Outcome, Severity
from municipal.conformance.packs import Requirement, shipped
from municipal.conformance.privacy import HIDDEN
from municipal.conformance.reports.words import (
    DELIMITERS,
    EXITS,
    NEWLINES,
    NOT_RECOGNISED,
    OUTCOMES,
    SEVERITIES,
    Section,
)
from municipal.conformance.reports.words import STANDINGS as GROUNDS
from municipal.conformance.written_reports import parse

Tree = Mapping[str, Any]

_ORDER = [
    Section.FINDINGS,
    Section.PROVISIONAL,
    Section.INFORMATION,
    Section.WAIVED,
    Section.UNTESTED,
    Section.CANNOT_TELL,
    Section.PASSED,
    Section.INAPPLICABLE,
]


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a list is narrowed to; empty is everything (しぼり込み)."""

    outcome: str = ""
    severity: str = ""
    text: str = ""


@dataclass(frozen=True)
class Result:
    """One JSON report in one language, ja or en; every method gives plain data for a template (検査結果)."""

    report: Tree
    language: str

    @property
    def verdict(self) -> str:
        """What the checker itself says in one line, and no more than that (検査の結び)."""
        return str(self.report["headline"][self.language])

    def words(self, both: Any) -> str:
        """The one of two languages that is wanted."""
        return str(both.first(self.language))

    def files(self) -> list[dict[str, Any]]:
        """The files as they were read, in the order of the report (検査したファイル)."""
        return [
            {
                "name": file["name"],
                "sha256": file["sha256"],
                "bytes": file["bytes"],
                "rows": file["rows"],
                "taken_for": f"{file['pack']} {file['table']}".strip() or self.words(NOT_RECOGNISED),
                "guess": file["guess"],
                "encoding": " ".join(filter(None, (file["encoding"], file["kind"]))),
                "delimiter": self.words(DELIMITERS[file["delimiter"]]) if file["delimiter"] in DELIMITERS else "",
                "newline": self.words(NEWLINES[file["newline"]]) if file["newline"] in NEWLINES else "",
            }
            for file in self.report["files"]
        ]

    def rules(self, chosen: Chosen) -> list[dict[str, Any]]:
        """How each rule ended: first what decides, then what else was found, last what had nothing to judge (規則)."""
        found = (one for one in self.report["results"] if self._is_chosen(one, chosen))
        return [self._rule(one) for one in sorted(found, key=lambda one: _ORDER.index(one["section"]))]

    def rule(self, code: str) -> list[dict[str, Any]]:
        """What stands under one code: mostly one entry, two where some grounds are provisional (規則の結果)."""
        return [
            {**self._rule(found), "places": list(self._places(found))}
            for found in self.report["results"]
            if found["code"] == code
        ]

    def _is_chosen(self, found: Tree, chosen: Chosen) -> bool:
        said = found["message"][self.language]
        haystack = " ".join((found["code"], found["name"], found["clause"], *map(str, said.values()))).casefold()
        return (
            chosen.outcome in ("", found["outcome"])
            and chosen.severity in ("", found["severity"])
            and all(word in haystack for word in chosen.text.casefold().split())
        )

    def _rule(self, found: Tree) -> dict[str, Any]:
        return {
            **{name: found[name] for name in ("code", "clause", "count", "decisive", "outcome", "severity")},
            "listed": len(found["findings"]),
            "outcome_name": self.words(OUTCOMES[Outcome(found["outcome"])]),
            "severity_name": self.words(SEVERITIES[Severity(found["severity"])]),
            "grounds": next(self.words(said) for name, said in GROUNDS.items() if name.value == found["standing"]),
            "reason": found["reason"][self.language],
            **found["message"][self.language],
        }

    def _places(self, found: Tree) -> Iterator[dict[str, Any]]:
        for place in found["findings"]:
            hidden = HIDDEN[self.language] if place["value"] is None else place["value"]
            yield {
                "file": place["file"],
                "row": place["row"],
                "column": place["column"],
                "value": hidden,
                "what": place["message"][self.language]["what"],
            }

    def requirements(self, chosen: Chosen) -> list[dict[str, Any]]:
        """The outcome of each requirement that a rule speaks of, with our summary of it (要件ごとの結果)."""
        found = []
        for clause, outcome in self.report["clauses"].items():
            requirement = _requirement(clause)
            summary = getattr(requirement, f"summary_{self.language}", "")
            title = getattr(requirement, f"title_{self.language}", "")
            haystack = f"{clause} {title} {summary}".casefold()
            if chosen.outcome in ("", outcome) and all(word in haystack for word in chosen.text.casefold().split()):
                found.append({
                    "clause": clause, "title": title, "summary": summary, "outcome": outcome,
                    "outcome_name": self.words(OUTCOMES[Outcome(outcome)]),
                })  # fmt: skip
        return found


def result(content: bytes, language: str) -> Result:
    """Read a stored JSON report; raises RefusedInput if it is none (検査結果の読取り)."""
    return Result(parse(content), "en" if language.startswith("en") else "ja")


def ending(status: int | None, language: str) -> str:
    """How a run ended, in the checker's words; empty while it has not (終了状態の言葉)."""
    return "" if status is None else EXITS[Exit(status)].first("en" if language.startswith("en") else "ja")


def outcomes(language: str) -> list[tuple[str, str]]:
    """Every outcome with its word, for a form (結果の選択肢)."""
    return [
        (outcome.value, both.first("en" if language.startswith("en") else "ja")) for outcome, both in OUTCOMES.items()
    ]


def severities(language: str) -> list[tuple[str, str]]:
    """Every severity with its word, for a form (重大度の選択肢)."""
    return [(one.value, both.first("en" if language.startswith("en") else "ja")) for one, both in SEVERITIES.items()]


@cache
def _all_requirements() -> Mapping[str, Requirement]:
    return {
        f"{pack.id}/{pack.version}#{found.clause}": found for pack in shipped().values() for found in pack.requirements
    }


def _requirement(clause: str) -> Requirement | None:
    """``pack/version#clause``, also where the report writes ``pack@version#clause``."""
    return _all_requirements().get(clause.replace("@", "/", 1))
