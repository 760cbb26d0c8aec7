"""A skipped test proves nothing: each skip stands on a reviewed list, or the run fails (省いた試験の点検).

The list is ``allowed_skips.txt`` beside this file: a pattern for the test's file, a colon, the reason it gives. An
expected failure counts as a skip.
"""

from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

LIST = Path(__file__).with_name("allowed_skips.txt")


def allowed(text: str) -> list[tuple[str, str]]:
    """The list as (pattern of the file, reason); empty lines and those that begin with # are for the reader."""
    lines = (line.strip() for line in text.splitlines())
    pairs = (line.partition(":") for line in lines if line and not line.startswith("#"))
    return [(pattern.strip(), reason.strip()) for pattern, _, reason in pairs]


def is_allowed(test: str, reason: str, known: Iterable[tuple[str, str]]) -> bool:
    """Whether this test (``path::name``) may be skipped for exactly this reason."""
    path = test.partition("::")[0]
    return any(fnmatchcase(path, pattern) and reason == allowed_reason for pattern, allowed_reason in known)


def reason_of(report: pytest.TestReport | pytest.CollectReport) -> str:
    """Why it was skipped, as its author wrote it."""
    if hasattr(report, "wasxfail"):
        return f"expected to fail {report.wasxfail}".strip()
    told = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return told.removeprefix("Skipped: ")


class Skips:
    """Collects what was skipped without leave, and fails the run for it (点検係)."""

    def __init__(self, known: Iterable[tuple[str, str]]) -> None:
        self.known = list(known)
        self.found: list[str] = []

    def look_at(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        if report.skipped and not is_allowed(report.nodeid, reason_of(report), self.known):
            self.found.append(f"{report.nodeid}: {reason_of(report)}")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.look_at(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self.look_at(report)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.found and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.found:
            terminalreporter.section("Skipped, and not on the reviewed list")
            for line in self.found:
                terminalreporter.line(line)


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Skips(allowed(LIST.read_text())), "kijun-skips")
