"""Findings that somebody has taken responsibility for, until a day (指摘の免除).

A waiver file is TOML. Every field is compulsory, so that nobody has to ask later who decided what and why::

    [[waiver]]
    rule = "RES-0012"
    scope = { file = "residents*.csv", column = "続柄_表記", rows = [2, "10-20"] }
    reason = "migrated in 1998; the old words are corrected when the household next comes to the counter"
    approver = "市民課長"
    expires = 2027-03-31

In ``scope`` only ``file`` is compulsory (a pattern with ``*``); without ``column`` or ``rows`` all are meant. A waiver
holds through the day of ``expires``. What is waived stays visible, and a waiver that meets no finding or has expired
is itself a problem: otherwise old exceptions would hide new faults.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from municipal.conformance.baseline import fingerprint
from municipal.conformance.findings import Finding, Outcome
from municipal.conformance.refusals import RefusedInput
from municipal.conformance.results import Report, RuleResult

_CODE = re.compile(r"[A-Z]+-[0-9]{4}")
_ROWS = re.compile(r"([0-9]{1,9})-([0-9]{1,9})")
_FIELDS = {"rule": str, "scope": dict, "reason": str, "approver": str, "expires": date}
_SCOPE = ("file", "column", "rows")


class UnreadableWaivers(RefusedInput):
    """A waiver file that cannot be used, and why; the command ends with status 64 (読めない免除ファイル)."""


@dataclass(frozen=True, slots=True)
class Waiver:
    """One exception: which findings of which rule, why, who says so, until when (免除).

    ``column`` None means every column, ``rows`` are inclusive pairs (first, last), none meaning every row.
    """

    rule: str
    file: str
    column: str | None
    rows: tuple[tuple[int, int], ...]
    reason: str
    approver: str
    expires: date

    def meets(self, finding: Finding) -> bool:
        """Whether this finding is in its scope (範囲内か)."""
        return (
            finding.code == self.rule
            and fnmatchcase(finding.file, self.file)
            and (self.column is None or finding.column == self.column)
            and (not self.rows or any(first <= finding.row <= last for first, last in self.rows))
        )

    @property
    def scope(self) -> str:
        """Its scope in one line, as reports print it (免除の範囲)."""
        rows = ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in self.rows)
        return " / ".join(filter(None, (self.file, self.column, rows)))


class Waivers:
    """The waivers of one run, which remember whether they were needed (免除の一覧)."""

    def __init__(self, waivers: tuple[Waiver, ...], today: date) -> None:
        self.all = waivers
        self.today = today
        self._used: set[Waiver] = set()
        self._live: dict[str, list[Waiver]] = {}
        for waiver in waivers:
            if waiver.expires >= today:
                self._live.setdefault(waiver.rule, []).append(waiver)

    def covers(self, finding: Finding) -> bool:
        """Whether the finding is set aside; asked of every finding, listed or not (免除されるか)."""
        return self.waiver_of(finding) is not None

    def waiver_of(self, finding: Finding) -> Waiver | None:
        """The first waiver in force that meets the finding (該当する免除)."""
        for waiver in self._live.get(finding.code, ()):
            if waiver.meets(finding):
                self._used.add(waiver)
                return waiver
        return None

    def names(self, code: str) -> bool:
        """Whether a waiver in force speaks of this rule: its findings must be seen one by one (対象の規則か)."""
        return code in self._live

    def covers_rule(self, code: str, file: str) -> bool:
        """Whether all findings of a rule in a file are set aside; ask only where it found some (全件の免除か)."""
        for waiver in self._live.get(code, ()):
            if fnmatchcase(file, waiver.file) and waiver.column is None and not waiver.rows:
                self._used.add(waiver)
                return True
        return False

    def problems(self) -> tuple[tuple[str, str], ...]:
        """A sentence in Japanese and one in English for every expired or unused waiver (免除の問題)."""
        return tuple(filter(None, map(self._problem, self.all)))

    def _problem(self, waiver: Waiver) -> tuple[str, str] | None:
        name = f"{waiver.rule} ({waiver.scope})"
        if waiver.expires < self.today:
            return (
                f"免除 {name} は {waiver.expires} に期限が切れています。期限を見直すか、免除を削除してください。",
                f"The waiver {name} expired on {waiver.expires}. Review it or remove it.",
            )
        if waiver not in self._used:
            return (
                f"免除 {name} に当たる指摘はありませんでした。不要になった免除は削除してください。",
                f"The waiver {name} met no finding. Remove it if it is no longer needed.",
            )
        return None


def read(path: Path, today: date) -> Waivers:
    """The waivers in a file as they stand on ``today``; raises UnreadableWaivers (免除ファイルの読込み)."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise _unreadable(path, "ファイルを開けません", f"cannot be opened ({error.strerror})") from error
    except (ValueError, RecursionError) as error:
        raise _unreadable(path, f"TOML として読めません（{error}）", f"is no TOML ({error})") from error
    entries = document.get("waiver")
    if set(document) != {"waiver"} or not isinstance(entries, list):
        raise _unreadable(
            path, "[[waiver]] 以外のものがあるか、一件もありません", "must hold [[waiver]] and nothing else"
        )
    return Waivers(tuple(_waiver(path, number, entry) for number, entry in enumerate(entries, 1)), today)


def _unreadable(path: Path, ja: str, en: str) -> UnreadableWaivers:
    return UnreadableWaivers(f"免除ファイル {path.name}：{ja}。", f"Waiver file {path.name}: {en}.")


def _waiver(path: Path, number: int, entry: Any) -> Waiver:
    fault = _fault_of(entry)
    if fault:
        raise _unreadable(path, f"{number}件目の {fault} が正しくありません", f"entry {number}: {fault} is not right")
    scope = entry["scope"]
    return Waiver(
        rule=entry["rule"],
        file=scope["file"],
        column=scope.get("column"),
        rows=tuple(filter(None, map(_rows, scope.get("rows", ())))),
        reason=entry["reason"].strip(),
        approver=entry["approver"].strip(),
        expires=entry["expires"],
    )


def _fault_of(entry: Any) -> str:
    """The name of the first field that is missing, unknown, empty or of the wrong kind; "" if all are right."""
    if not isinstance(entry, dict):
        return "waiver"
    for name, kind in _FIELDS.items():
        value = entry.get(name)
        if not isinstance(value, kind) or isinstance(value, datetime) or (isinstance(value, str) and not value.strip()):
            return name
    if not _CODE.fullmatch(entry["rule"]):
        return "rule"
    unknown = sorted(set(entry) - set(_FIELDS))
    return unknown[0] if unknown else _fault_of_scope(entry["scope"])


def _fault_of_scope(scope: Mapping[str, Any]) -> str:
    rows = scope.get("rows", [1])
    faults = {
        "scope.file": not isinstance(scope.get("file"), str) or not scope["file"],
        "scope.column": not isinstance(scope.get("column", ""), str),
        "scope.rows": not isinstance(rows, list) or not rows or not all(map(_rows, rows)),
        **{f"scope.{name}": True for name in scope if name not in _SCOPE},
    }
    return next((name for name, is_wrong in faults.items() if is_wrong), "")


def _rows(entry: object) -> tuple[int, int] | None:
    if isinstance(entry, int) and not isinstance(entry, bool):
        return (entry, entry) if entry >= 0 else None
    found = _ROWS.fullmatch(entry) if isinstance(entry, str) else None
    first, last = (int(found[1]), int(found[2])) if found else (1, 0)
    return (first, last) if first <= last else None


def apply(report: Report, waivers: Waivers) -> Report:
    """The report with waived findings set aside, still visible, and with the waivers' own problems (免除の適用).

    Where the engine asked ``covers`` for every finding its count stands; otherwise the listed findings are counted,
    and a finding that is not listed counts as not waived.
    """
    given = {
        fingerprint(finding): waiver
        for result in report.results
        for finding in result.samples
        if (waiver := waivers.waiver_of(finding))
    }
    results = tuple(_set_aside(result, given) for result in report.results)
    problems = tuple(dict.fromkeys((*report.problems, *waivers.problems())))
    facts = {**report.facts, "waivers": waivers.all, "waived": given}
    return replace(report, results=results, problems=problems, facts=facts)


def _set_aside(result: RuleResult, given: Mapping[str, Waiver]) -> RuleResult:
    waived = max(result.waived, sum(fingerprint(finding) in given for finding in result.samples))
    if not waived:
        return result
    is_all = waived == result.count
    return replace(
        result,
        waived=waived,
        decisive=min(result.decisive, result.count - waived),
        outcome=Outcome.WAIVED if is_all and result.outcome is Outcome.FAILED else result.outcome,
    )
