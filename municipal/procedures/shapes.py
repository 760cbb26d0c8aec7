"""The shape of a value of JSON, put together from small parts (値の形)."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from unicodedata import category

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

LANGUAGES = ("ja", "ja-easy", "en", "ko")
LONGEST = 1000


@dataclass(frozen=True, order=True)
class Fault:
    """What is wrong with an entry: the file, the key, and one sentence (カタログの誤り)."""

    file: str
    key: str
    sentence: str
    value: str = ""

    @property
    def said(self) -> str:
        """The sentence in the reader's language (誤りの文)."""
        return gettext(self.sentence) % {"value": self.value} if "%(" in self.sentence else gettext(self.sentence)

    def __str__(self) -> str:
        said = self.sentence % {"value": self.value} if "%(" in self.sentence else self.sentence
        return f"{self.file} {self.key}: {said}"


Found = Iterator[tuple[str, str, str]]
"""Key, sentence, and the value that the sentence names."""
Shape = Callable[[object, str], Found]

NOT_OBJECT = _("項目と値の組（{ }）にしてください。")
NOT_LIST = _("並び（[ ]）にしてください。")
NOT_TEXT = _("文字にしてください。")
EMPTY = _("空にはできません。文を入れてください。")
TOO_LONG = _("1000文字以内にしてください。")
NOT_NUMBER = _("0以上の整数にしてください。")
NOT_FLAG = _("true か false にしてください。")
MISSING = _("項目「%(value)s」がありません。")
UNKNOWN_KEY = _("項目「%(value)s」は決められていません。つづりを確かめてください。")
NOT_A_WORD = _("使える言葉は %(value)s です。")
NOT_AN_ID = _("「%(value)s」は識別子になりません。英小文字、数字、ハイフンかアンダースコアで書いてください。")
ORDER = _("項目は決められた順に並べてください。「%(value)s」の位置が違います。")
ONE_LINE = _("改行や制御文字は使えません。1行で書いてください。")
SPACES = _("文の前後に空白があります。取り除いてください。")


def text(value: object, key: str) -> Found:
    """A line that is not empty (文字)."""
    if not isinstance(value, str):
        yield key, NOT_TEXT, ""
    elif not value.strip():
        yield key, EMPTY, ""
    elif value != value.strip():
        yield key, SPACES, ""
    else:
        yield from _fits(value, key)


def maybe_text(value: object, key: str) -> Found:
    """A line that may be empty (空でもよい文字)."""
    if not isinstance(value, str):
        yield key, NOT_TEXT, ""
    else:
        yield from _fits(value, key)


def _fits(value: str, key: str) -> Found:
    if len(value) > LONGEST:
        yield key, TOO_LONG, ""
    # A half of a character cannot be stored, a line break or an arrow key would be shown as nothing.
    elif any(category(letter) in {"Cc", "Cs", "Zl", "Zp"} for letter in value):
        yield key, ONE_LINE, ""


def identifier(value: object, key: str) -> Found:
    """A word for machines, like move-out or moved_on (識別子)."""
    if not (isinstance(value, str) and re.fullmatch(r"[a-z][a-z0-9]*([-_][a-z0-9]+)*", value) and len(value) <= 60):
        yield key, NOT_AN_ID, str(value)[:60]


def whole(value: object, key: str) -> Found:
    """A number of zero or more, without a fraction (整数)."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 10_000_000:
        yield key, NOT_NUMBER, ""


def flag(value: object, key: str) -> Found:
    """True or false (真偽)."""
    if not isinstance(value, bool):
        yield key, NOT_FLAG, ""


def one_of(*words: str) -> Shape:
    """One of these words (決められた言葉)."""

    def shape(value: object, key: str) -> Found:
        if not isinstance(value, str) or value not in words:
            yield key, NOT_A_WORD, "、".join(words)

    return shape


def matching(pattern: str, example: str) -> Shape:
    """A text of a certain form, shown by an example (決められた書き方)."""

    def shape(value: object, key: str) -> Found:
        if not (isinstance(value, str) and re.fullmatch(pattern, value)):
            yield key, NOT_A_WORD, example

    return shape


def nullable(inner: Shape) -> Shape:
    """Nothing, or the inner shape (なくてもよい値)."""

    def shape(value: object, key: str) -> Found:
        if value is not None:
            yield from inner(value, key)

    return shape


def many(inner: Shape) -> Shape:
    """A list of the inner shape, which may be empty (並び)."""

    def shape(value: object, key: str) -> Found:
        if not isinstance(value, list):
            yield key, NOT_LIST, ""
            return
        for number, one in enumerate(value):
            yield from inner(one, f"{key}[{number}]")

    return shape


def record(parts: Mapping[str, Shape], optional: Collection[str] = (), *, is_ordered: bool = False) -> Shape:
    """An object with these keys and no others (項目の組)."""

    def shape(value: object, key: str) -> Found:
        if not isinstance(value, dict):
            yield key, NOT_OBJECT, ""
            return
        yield from ((key, MISSING, name) for name in parts if name not in value and name not in optional)
        yield from ((key, UNKNOWN_KEY, str(name)[:60]) for name in value if name not in parts)
        if is_ordered:
            yield from _out_of_order(list(value), [name for name in parts if name in value], key)
        for name, inner in parts.items():
            if name in value:
                yield from inner(value[name], f"{key}.{name}" if key else name)

    return shape


def _out_of_order(found: list[str], wanted: list[str], key: str) -> Found:
    for one, other in zip([name for name in found if name in wanted], wanted, strict=True):
        if one != other:
            yield key, ORDER, one
            return


in_all_languages = record(dict.fromkeys(LANGUAGES, text))
"""A text in every language of the catalogue."""
