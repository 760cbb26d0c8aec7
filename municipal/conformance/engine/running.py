"""One run: read, recognise, judge, fold (検査の流れ)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from municipal.conformance.engine.binding import bind
from municipal.conformance.engine.folding import Spoken, fold
from municipal.conformance.engine.rows import RowJudge
from municipal.conformance.engine.sets import Sets
from municipal.conformance.engine.tally import Tally
from municipal.conformance.findings import Finding, Standing
from municipal.conformance.packs import Pack, find, shipped
from municipal.conformance.reading import TableFile, Unreadable, read
from municipal.conformance.recognition import Likeness, known_headings, recognise
from municipal.conformance.results import JudgedFile, Report
from municipal.conformance.rules import Context, Rule, Shape, all_rules
from municipal.conformance.waivers import Waivers

GENERAL = "tabular-file"
"""The pack whose rules speak of files of any kind."""

Progress = Callable[[str, int, int], None]
"""Called with the name of the file, bytes judged and bytes in all."""


@dataclass(frozen=True)
class Asked:
    """What somebody wants to have judged (検査の依頼).

    Without ``packs`` every shipped pack is a candidate and the guess is reported. ``only`` narrows to some rules.
    ``cap`` is how many findings of a rule are kept; all are counted. ``is_plain`` runs the oracle.
    """

    paths: tuple[Path, ...]
    as_of: date
    today: date
    packs: tuple[Pack, ...] = ()
    privacy: str = "rows"
    only: frozenset[str] = frozenset()
    cap: int = 1_000
    is_plain: bool = False
    waivers: Waivers | None = None


def check(asked: Asked, progress: Progress | None = None) -> Report:
    """Judge files, folders and archives (適合性の検査).

    Raises FileNotFoundError for a path that does not exist and UnreadablePack for a pack that cannot be used. Whatever
    is wrong with the files themselves is a finding. The same input gives the same report.
    """
    return _Run(asked, progress or (lambda name, done, total: None)).report()


class _Run:
    """The state of one run: packs that took part, their contexts, what was counted."""

    def __init__(self, asked: Asked, progress: Progress) -> None:
        self.asked = asked
        self.progress = progress
        self.tally = Tally(asked.cap, asked.waivers)
        self.spoken = Spoken()
        self.judged: list[JudgedFile] = []
        self.used: dict[str, Context] = {}
        self.sets: dict[str, Sets] = {}
        self.done = 0

    @cached_property
    def candidates(self) -> tuple[Pack, ...]:
        packs = self.asked.packs or tuple(shipped().values())
        return tuple(pack for pack in packs if pack.tables)

    @cached_property
    def general(self) -> Context:
        return Context(find(GENERAL), self.asked.as_of, self.asked.today)

    def rules(self, pack: Pack) -> list[Rule]:
        """The rules that serve a pack, narrowed to those asked for."""
        only = self.asked.only
        return [rule for rule in all_rules().values() if rule.serves(pack) and (not only or rule.code in only)]

    def report(self) -> Report:
        files = list(read(self.asked.paths, known_headings(self.candidates)))
        total = sum(file.bytes for file in files)
        tables = [file for file in files if isinstance(file, TableFile)]
        likely = recognise([(file.name, file.columns) for file in tables], self.candidates)
        found = dict(zip((id(file) for file in tables), likely, strict=True))
        for file in files:
            self.progress(file.name, self.done, total)
            if isinstance(file, Unreadable):
                self._unreadable(file)
            else:
                self._table(file, found[id(file)], total)
        for name, sets in self.sets.items():
            self.spoken.sets(self.rules(self.used[name].pack), sets.judge(self.tally))
        contexts = list(self.used.values()) or [self.general]
        return fold(self.asked, self.judged, contexts, self.tally, self.spoken, self.rules)

    def _unreadable(self, file: Unreadable) -> None:
        self._file_rules(file, self.general)
        self.judged.append(JudgedFile(file.name, file.sha256, file.bytes, "", "", "", "", 0, 0, "", "", ""))
        self.done += file.bytes

    def _context(self, found: Likeness | None) -> Context:
        if found is None:
            return self.general
        name = found.pack.name
        if name not in self.used:
            self.used[name] = Context(found.pack, self.asked.as_of, self.asked.today)
            rules = [rule for rule in self.rules(found.pack) if rule.shape is Shape.SET]
            self.sets[name] = Sets(self.used[name], rules, is_plain=self.asked.is_plain)
        return self.used[name]

    def _table(self, file: TableFile, found: Likeness | None, total: int) -> None:
        context = self._context(found)
        table = found.table if found else ""
        rows = self._rows(file, context, table, total)
        self.done += file.bytes
        self._file_rules(file, context)
        self.judged.append(
            JudgedFile(
                name=file.name, sha256=file.sha256, bytes=file.bytes, kind=file.kind, encoding=file.encoding,
                delimiter=file.delimiter, newline=file.newline, header_row=file.header_row, rows=rows,
                pack=context.pack.name if found else "", table=table, guess=self._guess(found), columns=file.columns,
            )
        )  # fmt: skip

    def _rows(self, file: TableFile, context: Context, table: str, total: int) -> int:
        rules = self.rules(context.pack) if table else []
        binding = bind(file.columns, table, context, rules, self.tally)
        file.table, file.items = table, binding.columns.items
        self.spoken.rows(rules, binding)
        judge = RowJudge(file.name, binding, self.tally)
        sets = self.sets.get(context.pack.name) if table else None
        index = sets.begin(file.name, binding) if sets else 0
        count = 0
        for batch in file.batches():
            if self.asked.is_plain:
                judge.plainly(batch)
            else:
                judge.vectorised(batch)
            if sets:
                sets.keep(index, batch)
            count += batch.height
            self.progress(file.name, self.done + file.bytes // 2, total)
        judge.finish()
        return count

    def _file_rules(self, file: TableFile | Unreadable, context: Context) -> None:
        for rule in self.rules(context.pack):
            if rule.shape is Shape.FILE:
                with self.tally.attempt(rule):
                    found = (
                        Finding(file.name, row, fault.column, rule.code, fault.value, fault.facts)
                        for row, fault in rule.judge(file, context)
                    )
                    self.tally.add(rule, found, provisional=rule.standing is Standing.PROVISIONAL)
                self.spoken.add(rule)

    def _guess(self, found: Likeness | None) -> str:
        if found is None or (len(self.asked.packs) == 1 and len(self.asked.packs[0].tables) == 1):
            return ""
        by_name = ", file name" if found.is_named else ""
        return f"{found.known} headings ({found.share:.0%}){by_name}"
