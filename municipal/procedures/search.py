"""Finding a procedure by what people say: bigrams of characters and BM25, in memory (手続をさがす).

No dictionary and no model: 72 procedures with the words people use, in four languages, are found by pairs of
characters. Words of Latin letters count as a whole and by their beginnings.
"""

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from .catalogue import Entry, table

K1, B = 1.2, 0.3
TITLE, WORDS, SUMMARY, REST = 3.0, 2.5, 1.0, 0.4
PHRASE = 0.6
"""What a whole phrase adds, as a share of what its parts could give at best."""
ENOUGH = 0.2
"""The share of a question's weight that must be found; below it the answer is: nothing found."""
LONGEST = 200
_RUNS = re.compile(r"[a-z0-9]+|[぀-ゟ゠-ヿー一-鿿㐀-䶿々〆]+|[가-힣ᄀ-ᇿ]+")
_KANJI = re.compile(r"[一-鿿㐀-䶿]")
_STOP_WORDS = (
    "a an the i my me we our you your is are am was be to of in on at for from and or do does did how what where when"
    " can could should would have has had need want it this that with there if get got"
)
_STOP = frozenset(_STOP_WORDS.split())
_HIRAGANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}


@dataclass(frozen=True)
class Hit:
    """An entry that was found, and how well it fits (検索結果)."""

    entry: Entry
    score: float


def plain(text: str) -> str:
    """A text as it is compared: one width, small letters, hiragana (比べる形)."""
    return unicodedata.normalize("NFKC", text[:2000]).casefold().translate(_HIRAGANA)


@cache
def _readings() -> tuple[re.Pattern[str], dict[str, str]]:
    """What is written without kanji or said otherwise, the longest first; a short word only where one begins."""
    known = {plain(row["said"]): plain(row["means"]) for row in table("readings")}
    said = sorted(known, key=lambda one: (-len(one), one))
    parts = [re.escape(one) if len(one) > 2 else rf"(?<![ぁ-ゖー一-鿿]){re.escape(one)}" for one in said]
    return re.compile("|".join(parts)), known


def meant(question: str) -> str:
    """A question with its readings written as the catalogue writes them (読みの言い換え)."""
    pattern, known = _readings()
    return pattern.sub(lambda found: known[found.group()], plain(question))


def tokens(text: str) -> list[str]:
    """The parts by which a text is found (検索の単位)."""
    found: list[str] = []
    for run in _RUNS.findall(plain(text)):
        if run[0].isascii():
            found += _latin(run)
        else:
            found += [run[at : at + 2] for at in range(len(run) - 1)] or [run]
            found += _KANJI.findall(run)
    return found


def _latin(word: str) -> list[str]:
    if word in _STOP:
        return []
    stem = re.sub(r"(?<=\w{3})(ies|ing|ed|es|s|e|y)$", "", word)
    return [stem] if len(stem) <= 4 else [stem, f"{stem[:4]}-"]


class Index:
    """A catalogue that can be asked (検索の索引)."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = tuple(entries)
        self._postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        self._phrases = [_phrases(entry) for entry in entries]
        counts = [_weighted(entry) for entry in entries]
        mean = sum(sum(one.values()) for one in counts) / len(counts) if counts else 1.0
        for number, one in enumerate(counts):
            norm = K1 * (1 - B + B * sum(one.values()) / mean)
            for token, weight in one.items():
                self._postings[token].append((number, weight * (K1 + 1) / (weight + norm)))
        self._rarity = {token: self._weight(len(found)) for token, found in self._postings.items()}

    def _weight(self, documents: int) -> float:
        return math.log(1 + (len(self.entries) - documents + 0.5) / (documents + 0.5))

    def find(self, question: str, most: int = 10) -> list[Hit]:
        """The entries that fit a question, the best first; empty where nothing fits (検索)."""
        question = meant(question[:LONGEST])
        asked, scores = set(tokens(question)), dict[int, float]()
        if not asked or not self.entries:
            return []
        unknown = self._weight(0)
        whole = sum(self._rarity.get(token, unknown) for token in asked)
        for token in asked:
            for number, weight in self._postings.get(token, ()):
                scores[number] = scores.get(number, 0.0) + weight * self._rarity[token]
        said = _joined(question)
        for number in scores:
            scores[number] += PHRASE * whole * self._said(number, said)
        best = sorted(scores.items(), key=lambda one: (-one[1], self.entries[one[0]].id))
        return [Hit(self.entries[number], round(score, 4)) for number, score in best[:most] if score >= ENOUGH * whole]

    def _said(self, number: int, said: str) -> float:
        """How much of the question is a phrase of the entry, word for word."""
        return max((len(one) / len(said) for one in self._phrases[number] if one in said), default=0.0) if said else 0.0


def _joined(text: str) -> str:
    return "".join(_RUNS.findall(plain(text)))


def _phrases(entry: Entry) -> list[str]:
    """What people say in their own words, and the titles; a phrase of one letter says nothing."""
    titles = (entry.title.ja, entry.title.easy, entry.title.en, entry.title.ko)
    said = {_joined(meant(one)) for one in (*titles, *(word for words in entry.words.values() for word in words))}
    return sorted(one for one in said if len(one) >= 2)


def _weighted(entry: Entry) -> dict[str, float]:
    found: dict[str, float] = defaultdict(float)
    for weight, texts in _parts(entry):
        # A word said twice in one part is no more than said; five synonyms with one word in common are.
        for text in texts:
            for token in set(tokens(meant(text))):
                found[token] += weight
    return found


def _parts(entry: Entry) -> Iterable[tuple[float, list[str]]]:
    def every(one: object) -> list[str]:
        return [getattr(one, name) for name in ("ja", "easy", "en", "ko")]

    yield TITLE, every(entry.title)
    yield WORDS, [word for words in entry.words.values() for word in words]
    yield SUMMARY, every(entry.summary)
    yield REST, every(entry.who)
