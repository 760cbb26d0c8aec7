"""Reading an expression into a tree (式の構文).

From loosest to tightest: or, and, not, comparison, ``&``, ``+ -``, ``* /``, a sign before. Words in Japanese are
allowed for what clerks say: または, かつ, 含む, で始まる, で終わる.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from municipal.core.refusals import Refused

from .words import Sort, Word, words_of

DEEPEST = 30
MOST_IN_LIST = 200


@dataclass(frozen=True)
class Literal:
    """A value written down; ``sort`` is TEXT, NUMBER, DAY, or NAME for yes and no (値)."""

    sort: Sort
    text: str
    at: int


@dataclass(frozen=True)
class Ref:
    """An item by its name in the published list (項目)."""

    name: str
    at: int


@dataclass(frozen=True)
class Call:
    """An operator or a function with what it is applied to (演算・関数)."""

    name: str
    arguments: "tuple[Tree, ...]"
    at: int


Tree: TypeAlias = Literal | Ref | Call

_OR, _AND, _NOT = {"OR", "または"}, {"AND", "かつ"}, {"NOT"}
_COMPARISONS = {"=", "!=", "<>", "<", "<=", ">", ">="}
_SPOKEN = {"含む": "CONTAINS", "で始まる": "STARTS", "で終わる": "ENDS", "LIKE": "CONTAINS"}
_YES_NO = {"有": "1", "無": "", "TRUE": "1", "FALSE": ""}


def tree_of(text: str) -> Tree:
    """The tree of an expression (構文解析). Raises Refused with the place where it stops making sense."""
    reader = _Reader(words_of(text))
    tree = reader.either()
    reader.expect_end()
    return tree


class _Reader:
    """Reads one word after the other, a level of binding at a time (読取り)."""

    def __init__(self, words: list[Word]) -> None:
        self.words, self.place, self.depth = words, 0, 0

    @property
    def word(self) -> Word:
        return self.words[self.place]

    def _is(self, *texts: str) -> bool:
        return self.word.sort in (Sort.SIGN, Sort.NAME) and self.word.text.upper() in texts

    def _take(self) -> Word:
        taken = self.word
        self.place += 1
        return taken

    def _expect(self, text: str) -> None:
        if not self._is(text):
            raise self._lost()
        self._take()

    def _lost(self) -> Refused:
        if self.word.sort is Sort.END:
            return Refused("式が途中で終わっています。続きを入力してください。", code="expression_ends")
        return Refused(
            "式の%(at)d文字目「%(word)s」が、この位置では使えません。", code="expression_misplaced",
            at=self.word.at, word=self.word.text,
        )  # fmt: skip

    def expect_end(self) -> None:
        if self.word.sort is not Sort.END:
            raise self._lost()

    def either(self) -> Tree:
        self.depth += 1
        if self.depth > DEEPEST:
            raise Refused("式の入れ子が深すぎます。条件を分けてください。", code="expression_too_deep")
        left = self._both()
        while self._is(*_OR):
            left = Call("OR", (left, self._after(self._both)), left.at)
        self.depth -= 1
        return left

    def _after(self, read: Callable[[], Tree]) -> Tree:
        self._take()
        return read()

    def _both(self) -> Tree:
        left = self._negated()
        while self._is(*_AND):
            left = Call("AND", (left, self._after(self._negated)), left.at)
        return left

    def _negated(self) -> Tree:
        if self._is(*_NOT) and self.words[self.place + 1].text != "(":
            at = self._take().at
            return Call("NOT", (self._deeper(self._negated),), at)
        return self._compared()

    def _compared(self) -> Tree:
        left = self._joined()
        if self._is(*_COMPARISONS):
            name = self._take().text
            return Call("!=" if name == "<>" else name, (left, self._joined()), left.at)
        if self._is(*_SPOKEN):
            return Call(_SPOKEN[self._take().text.upper()], (left, self._joined()), left.at)
        if self._is("IN"):
            self._take()
            return Call("IN", (left, *self._listed()), left.at)
        return left

    def _listed(self) -> list[Tree]:
        self._expect("(")
        found = [self._joined()]
        while self._is(","):
            found.append(self._after(self._joined))
        self._expect(")")
        if len(found) > MOST_IN_LIST:
            raise Refused("並べる値は%(most)d個までです。", code="list_too_long", most=MOST_IN_LIST)
        return found

    def _joined(self) -> Tree:
        left = self._summed()
        while self._is("&"):
            left = Call("&", (left, self._after(self._summed)), left.at)
        return left

    def _summed(self) -> Tree:
        left = self._multiplied()
        while self._is("+", "-"):
            left = Call(self.word.text, (left, self._after(self._multiplied)), left.at)
        return left

    def _multiplied(self) -> Tree:
        left = self._signed()
        while self._is("*", "/"):
            left = Call(self.word.text, (left, self._after(self._signed)), left.at)
        return left

    def _signed(self) -> Tree:
        if self._is("-", "++", "--", "+"):
            sign = self._take()
            inner = self._deeper(self._signed)
            return inner if sign.text == "+" else Call(f"{sign.text}X", (inner,), sign.at)
        return self._first()

    def _deeper(self, read: Callable[[], Tree]) -> Tree:
        self.depth += 1
        if self.depth > DEEPEST:
            raise Refused("式の入れ子が深すぎます。条件を分けてください。", code="expression_too_deep")
        found = read()
        self.depth -= 1
        return found

    def _first(self) -> Tree:
        word = self.word
        if word.sort in (Sort.NUMBER, Sort.TEXT, Sort.DAY):
            self._take()
            return Literal(word.sort, word.text, word.at)
        if word.sort is Sort.ITEM:
            self._take()
            return Ref(word.text.strip(), word.at)
        if word.sort is Sort.NAME:
            return self._named()
        if self._is("("):
            self._take()
            inner = self.either()
            self._expect(")")
            return inner
        raise self._lost()

    def _named(self) -> Tree:
        """A function where an opening bracket follows, yes or no, or an item written without its brackets."""
        word = self._take()
        if self._is("("):
            return Call(word.text.upper(), tuple(self._arguments()), word.at)
        if word.text.upper() in _YES_NO:
            return Literal(Sort.NAME, _YES_NO[word.text.upper()], word.at)
        return Ref(word.text, word.at)

    def _arguments(self) -> list[Tree]:
        self._take()
        found: list[Tree] = []
        while not self._is(")"):
            if found:
                self._expect(",")
            found.append(self.either())
        self._take()
        return found
