"""What entries of one catalogue must not contradict among each other (カタログ全体の点検)."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_noop as _

from municipal.procedures.catalogue import Entry, entry_of
from municipal.procedures.shapes import Fault

from .entries import faults_of

NOT_JSON = _("JSONとして読めません。%(value)s行目を確かめてください。")
NOT_TEXT = _("JSONとして読めません。文字コードはUTF-8にしてください。")
REPEATED_KEY = _("項目「%(value)s」が2回あります。")
TAKEN = _("識別子「%(value)s」は別の手続が使っています。")
NO_SUCH = _("手続「%(value)s」はカタログにありません。")
CIRCLE = _("先に終える手続がひと回りしています（%(value)s）。")
ITSELF = _("自分自身を指しています。")


def read(folder: Path) -> tuple[tuple[Entry, ...], list[Fault]]:
    """Every entry of a folder in order of id, and what is wrong with them (カタログの読取り)."""
    return read_texts({path.name: path.read_bytes() for path in sorted(folder.glob("*.json"))})


def read_texts(files: Mapping[str, bytes]) -> tuple[tuple[Entry, ...], list[Fault]]:
    """The same of files that are in memory; a faulty entry is left out (カタログの読取り)."""
    entries: list[Entry] = []
    faults: list[Fault] = []
    for name, data in files.items():
        content, found = parsed(data, name)
        found = found or faults_of(content, name)
        faults += found
        if not found and isinstance(content, dict):
            entries.append(entry_of(content))
    entries.sort(key=lambda entry: entry.id)
    return tuple(entries), faults + among(entries)


def parsed(data: bytes, name: str = "") -> tuple[object, list[Fault]]:
    """JSON with every key once, or the fault (JSONの読取り)."""
    try:
        return json.loads(data.decode("utf-8"), object_pairs_hook=_without_repetition), []
    except _Repeated as error:
        return None, [Fault(name, "", REPEATED_KEY, str(error)[:60])]
    except json.JSONDecodeError as error:
        return None, [Fault(name, "", NOT_JSON, str(error.lineno))]
    except (ValueError, RecursionError):
        return None, [Fault(name, "", NOT_TEXT)]


class _Repeated(ValueError):  # noqa: N818
    pass


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise _Repeated(name)
        found[name] = value
    return found


def among(entries: Sequence[Entry]) -> list[Fault]:
    """Ids that repeat or lead nowhere, and circles of what must come first (手続どうしの点検)."""
    known, faults = set[str](), list[Fault]()
    for entry in entries:
        if entry.id in known:
            faults.append(Fault(f"{entry.id}.json", "id", TAKEN, entry.id))
        known.add(entry.id)
    for entry in entries:
        faults += _leads_somewhere(entry, known)
    circle = circle_of({entry.id: entry.after for entry in entries})
    if circle:
        faults.append(Fault(f"{circle[0]}.json", "after", CIRCLE, " → ".join(circle)))
    return faults


def _leads_somewhere(entry: Entry, known: Iterable[str]) -> list[Fault]:
    file, found = f"{entry.id}.json", []
    for key, others in (("follows", entry.follows), ("after", entry.after)):
        found += [Fault(file, key, NO_SUCH, other) for other in others if other not in known]
        found += [Fault(file, key, ITSELF)] if entry.id in others else []
    return found


def circle_of(edges: Mapping[str, Sequence[str]]) -> list[str]:
    """A circle along these edges, its first member once more at the end; empty where there is none (循環)."""
    done: set[str] = set()
    for start in edges:
        path: list[str] = []
        waiting = [(start, iter(edges[start]))] if start not in done else []
        path += [start] if waiting else []
        while waiting:
            node, others = waiting[-1]
            other = next(others, None)
            if other is None:
                done.add(node)
                waiting.pop()
                path.pop()
            elif other in path:
                return [*path[path.index(other) :], other]
            elif other not in done and other in edges:
                waiting.append((other, iter(edges[other])))
                path.append(other)
    return []
