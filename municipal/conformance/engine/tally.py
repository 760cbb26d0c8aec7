"""Counts what is found and keeps the first of it (指摘の集計)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from municipal.conformance.findings import Finding, Standing
from municipal.conformance.packs import Item, Pack, UnreadablePack
from municipal.conformance.rules import Rule


class Accepted(Protocol):
    """What waivers answer: whether a finding was accepted by somebody (容認の問い合わせ)."""

    def covers(self, finding: Finding) -> bool:
        """Whether this finding is set aside (容認されているか)."""

    def names(self, code: str) -> bool:
        """Whether any waiver speaks of this rule at all (規則に容認があるか)."""


@dataclass
class Count:
    """What one rule found so far (規則ごとの集計)."""

    found: int = 0
    waived: int = 0
    samples: list[Finding] = field(default_factory=list)


def is_provisional(rule: Rule, pack: Pack, item: Item | None = None) -> bool:
    """Whether a finding rests on something unsure: the rule, the item, or a pack that speaks by itself (暫定か)."""
    if rule.standing is Standing.PROVISIONAL or (item is not None and item.status == Standing.PROVISIONAL):
        return True
    return item is None and rule.clause.startswith("pack.toml") and pack.status == Standing.PROVISIONAL


def place_of(error: BaseException) -> str:
    """Kind and place of an error in the program; its text may hold data and is left out (不具合の場所)."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    at = f" in {place.tb_frame.f_globals.get('__name__')}:{place.tb_lineno}" if place else ""
    return f"{type(error).__name__}{at}"


class Tally:
    """All findings of a run: counted without limit, the first ``cap`` of every rule kept (集計).

    What rests on provisional facts is counted apart, under the same code. ``broken`` are the rules that failed by their
    own fault, with the place of the fault: whatever they found before is not to be trusted.
    """

    def __init__(self, cap: int, waivers: Accepted | None = None) -> None:
        self.cap = cap
        self.waivers = waivers
        self.counts: dict[tuple[str, bool], Count] = {}
        self.broken: dict[str, str] = {}

    @contextmanager
    def attempt(self, rule: Rule) -> Iterator[None]:
        """Run a part of a rule; what it raises breaks this rule alone, not the run (規則の試行).

        A pack that cannot be used and too little memory concern every rule and go on up.
        """
        try:
            yield
        except (UnreadablePack, MemoryError):
            raise
        except Exception as error:
            self.broken.setdefault(rule.code, place_of(error))

    def count(self, rule: Rule, *, provisional: bool) -> Count:
        """The count of a rule, new if it found nothing yet (規則の集計)."""
        return self.counts.setdefault((rule.code, provisional), Count())

    def add(self, rule: Rule, findings: Iterable[Finding], *, provisional: bool) -> None:
        """Take findings in their order (指摘の追加)."""
        count = self.count(rule, provisional=provisional)
        for finding in findings:
            count.found += 1
            if self.waivers is not None and self.waivers.covers(finding):
                count.waived += 1
            if len(count.samples) < self.cap:
                count.samples.append(finding)

    def add_unseen(self, rule: Rule, number: int, *, provisional: bool) -> None:
        """Take ``number`` more findings that nobody needs to see one by one (件数だけの追加)."""
        self.count(rule, provisional=provisional).found += number

    def fold(self, count: Count, same: Sequence[Finding], one: Finding | None, number: int) -> None:
        """Put one finding in the place of ``number``, the kept of which are ``same`` (指摘のまとめ)."""
        told = [one] if one else []
        if self.waivers is not None:
            count.waived += sum(map(self.waivers.covers, told)) - sum(map(self.waivers.covers, same))
        places = {found.place for found in same}
        count.samples = [found for found in count.samples if found.place not in places] + told
        count.found -= number - 1

    def is_full(self, rule: Rule, *, provisional: bool) -> bool:
        """Whether more findings of this rule need only be counted (件数だけでよいか)."""
        if self.waivers is not None and self.waivers.names(rule.code):
            return False
        return len(self.count(rule, provisional=provisional).samples) >= self.cap
