"""Keys for searching names, and what text may be stored at all (文字).

A name is stored exactly as received. Only the keys made here are normalised, and no key is ever shown.

Search by kana (``resident-record/1.0#2.1.2``) works with three functions. Put ``kana_index`` of the stored kana
beside the record, look for ``kana_key`` of what was typed inside it, and list first the people whose
``kana_reading`` begins with the ``kana_reading`` of what was typed. An empty key would find everybody: ask whether
there is one.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import cache
from typing import Literal

from municipal.core.clauses import implements
from municipal.core.codes import STANDARDS, rows
from municipal.core.eras import WrittenDay, era_of, written_day
from municipal.core.refusals import Refused

QueryKind = Literal["number", "era_date", "date", "kana", "name"]

_SPACES = re.compile(r"\s+")
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
# Middle dots and the double hyphen part the names of foreigners, as spaces do.
_BETWEEN_PARTS = re.compile(r"[\s・･゠＝=]+")
# ー, every hyphen and dash, minus, box-drawing line and wave: all are typed for a long vowel.
_DASHES = re.compile("[ー\u00ad\u2010-\u2015\u2212\u2500\u2501\u301c\u3030\ufe58~-]")
_VOICING_MARKS = re.compile("[\u3099\u309a]")
_KANA = re.compile(r"[ぁ-ゖァ-ヺゝゞヽヾ]")
_OTHER_THAN_KANA = re.compile("[^ぁ-ゖァ-ヺゝゞヽヾ\u3099\u309a]")

_HIRAGANA = {code: code + 0x60 for code in [*range(0x3041, 0x3097), 0x309D, 0x309E]}
_SPACING_MARKS = {0x309B: 0x3099, 0x309C: 0x309A}
_SMALL = dict(
    zip(
        "ァィゥェォッャュョヮヵヶㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ",
        "アイウエオツヤユヨワカケクシストヌハヒフヘホムラリルレロ",
        strict=True,
    )
)
# ジ and ヂ, ズ and ヅ sound alike and each loses its voicing, so シ meets チ and ス meets ツ.
_ALIKE = dict(zip("チツワヲヰヱ", "シスハオイエ", strict=True))
_VU = {"ヴ": "フ", "ヷ": "ハ", "ヸ": "ヒ", "ヹ": "ヘ", "ヺ": "ホ"}
_VU |= dict(zip(["ヴァ", "ヴィ", "ヴェ", "ヴォ"], "ハヒヘホ", strict=True))
_VU |= dict(zip(["ヴア", "ヴイ", "ヴエ", "ヴオ"], "ハヒヘホ", strict=True))
_VU_FORMS = re.compile("ヴ[ァアィイェエォオ]?|[ヷヸヹヺ]")
_REPEATED = re.compile("(^|.)(ヽ+)", re.DOTALL)
_LONG_O = re.compile("(?<=[オコソトノホモヨロ])[ウオ]+")

# A company in brackets or in one sign: （株）, ㈱ and (有) are one to NFKC.
_COMPANY_SYMBOLS = re.compile(r"\((?:株|有|合|名|資|同|社|財|特|医|宗|学|福|監|企|協|労)\)")

_BIDIRECTIONAL = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
# A person types one mark or two on a character; hundreds are an attack on whoever draws the text.
_MOST_MARKS = 4


def _plain_width(text: str) -> str:
    """NFKC without capitals; stable, so that a key of a key is the key."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


@cache
def _variants() -> dict[int, str]:
    return {ord(row["variant"]): row["base"] for row in rows(STANDARDS / "characters" / "variants.csv")}


@implements("resident-record/1.0#2.1.2/m7", "resident-record/1.0#2.1.2/m11")
def name_key(text: str) -> str:
    """The search key of a name in kanji or Latin letters (氏名の検索キー).

    Width and capitals do not count, spaces and variation selectors are dropped, and variant characters become
    the one in ``standards/characters/variants.csv``. The key of a part of a name stands inside the key of the name.
    """
    kept = _SELECTORS.sub("", _SPACES.sub("", _plain_width(text)))
    return unicodedata.normalize("NFKC", kept).translate(_variants())


def kana_reading(text: str) -> str:
    """Kana as they sound, with nothing folded but width, hiragana, spaces and kinds of dash (ヨミの整形).

    Fine enough to tell シ from チ: use it to list the closest people first, not to find them.
    """
    katakana = _plain_width(text.translate(_SPACING_MARKS)).translate(_HIRAGANA)
    joined = _BETWEEN_PARTS.sub("", _DASHES.sub("ー", katakana))
    return unicodedata.normalize("NFKC", joined)


@cache
def _fold_of_kana() -> dict[int, str]:
    folds = {}
    for letter in [*map(chr, range(0x30A1, 0x30FB)), *"ヽヾ", *_SMALL]:
        unvoiced = unicodedata.normalize("NFD", letter)[0]
        large = _SMALL.get(unvoiced, unvoiced)
        folds[ord(letter)] = _ALIKE.get(large, large)
    return folds


def _letter_by_letter(text: str) -> str:
    """The folds that leave long vowels written with ウ or オ as they are."""
    sounded = unicodedata.normalize("NFKC", _DASHES.sub("", kana_reading(text)))
    voiceless = _VU_FORMS.sub(lambda found: _VU[found[0]], sounded).translate(_fold_of_kana())
    plain = _VOICING_MARKS.sub("", voiceless)
    return _REPEATED.sub(lambda found: found[1] * (1 + len(found[2])), plain)


@implements(
    "resident-record/1.0#2.1.2/m3", "resident-record/1.0#2.1.2/m4", "resident-record/1.0#2.1.2/m8",
    "resident-record/1.0#2.1.2/m9", "resident-record/1.0#2.1.2/m10",
)  # fmt: skip
def kana_key(text: str) -> str:
    """The search key of kana, in which everything that sounds or is written nearly alike is one (カナの検索キー).

    ``resident-record/1.0#2.1.2``: hiragana, half width, small letters, voicing, ヂ and ジ, ヅ and ズ, ヲ and オ,
    ワ and ハ, ヴァ and バ, spaces, long-vowel marks and every kind of dash make no difference. ウ and オ behind a
    sound in オ are dropped, so コウノ, コオノ, コーノ and こうの are one key. Empty if nothing is left (ー alone).

    What one key costs, and ``kana_reading`` puts in order: コノ finds コウノ, オノ finds オオノ, イシカワ finds
    イチカワ and ツヅキ finds スズキ, because being alike is handed on (チ = ヂ = ジ = シ).
    """
    return _LONG_O.sub("", _letter_by_letter(text))


def kana_index(text: str) -> str:
    """What to store for searching: the key of the kana and, where it needs them, more keys (カナの検索用文字列).

    A dropped long vowel breaks the search by a part: サノ オサム has the key サノサム, where オサム is not found. So
    the key from each name part on is added, and the key with its vowels left in, each only if it is not inside
    an earlier one; spaces stand between. ``kana_key`` of any part of the kana is inside, with two exceptions
    that nobody types: a part that begins inside a long vowel and holds another one, and one that cuts
    ヴァ in two. The key of the whole is the first.
    """
    parts = _BETWEEN_PARTS.split(_plain_width(text.translate(_SPACING_MARKS)))
    keys = [kana_key(text)]
    for other in [*(kana_key("".join(parts[first:])) for first in range(1, len(parts))), _letter_by_letter(text)]:
        if not any(other in key for key in keys):
            keys.append(other)
    return " ".join(keys)


def is_kana(text: str) -> bool:
    """Whether text is written in kana only, of any width, with spaces, dashes and dots between (カナか)."""
    plain = _plain_width(text.translate(_SPACING_MARKS))
    letters = _BETWEEN_PARTS.sub("", _DASHES.sub("", plain))
    return bool(_KANA.search(letters)) and not _OTHER_THAN_KANA.search(letters)


def kind_of_query(text: str) -> QueryKind:
    """What somebody typed into the one search box (検索語の種類).

    Seven digits are an era date and eight a Gregorian one if a calendar or a register has such a day (明治45年7月30日
    is in registers only); other digits are a number. A date with its signs (R8.11.23, 2026-02-29) is a date even
    if there is no such day, as a register may hold it. Full width is read like half width.
    """
    typed = unicodedata.normalize("NFKC", text).strip()
    is_digits = typed.isascii() and typed.isdigit()
    written = _day_in(typed, must_exist=is_digits)
    if written:
        return "era_date" if written.era else "date"
    if is_digits:
        return "number"
    return "kana" if is_kana(typed) else "name"


def _day_in(text: str, *, must_exist: bool) -> WrittenDay | None:
    try:
        written = written_day(text)
        if written is None or not must_exist:
            return written
        day = date(written.year, written.month, written.day)
        era_of(day)  # refuses what is older than the first era
        is_boundary = written.era is not None and day == written.era.register_until
        return written if is_boundary or written.is_in_its_era() else None
    except (Refused, ValueError):
        return None


def length(text: str) -> int:
    """How many characters a reader counts: combining marks and variation selectors are none (文字数)."""
    return sum(unicodedata.category(character) not in ("Mn", "Me") for character in text)


def refuse_unstorable(text: str, max_length: int, field: str, *, is_multiline: bool = False) -> None:
    """Refuse text that no register should hold (登録できない文字の確認).

    Everything else is kept as it came: planes 2, 3, 15 and 16, variation selectors, combining marks. Tabs and
    line ends pass only where ``is_multiline``. ``max_length`` counts as ``length`` does.
    """
    if len(text) > max_length * _MOST_MARKS or length(text) > max_length:
        raise Refused("%(max_length)d文字以内で入力してください。", field=field, code="too_long", max_length=max_length)
    if "\0" in text:
        raise Refused("NUL文字は登録できません。取り除いて入力し直してください。", field=field, code="nul")
    if _BIDIRECTIONAL.search(text):
        raise Refused(
            "文字の並ぶ向きを変える見えない記号は登録できません。取り除いて入力し直してください。",
            field=field,
            code="bidirectional",
        )
    categories = {unicodedata.category(character) for character in text if not (is_multiline and character in "\t\r\n")}
    if "Cs" in categories:
        raise Refused("壊れた文字が含まれています。その文字を入力し直してください。", field=field, code="surrogate")
    if "Cc" in categories:
        raise Refused(
            "改行やタブなどの制御文字は登録できません。取り除いて入力し直してください。", field=field, code="control"
        )


@implements("resident-record/1.0#2.1.2/n1")
def refuse_company_symbols(text: str, field: str) -> None:
    """Refuse （株）, ㈱ and their like, which may be neither entered nor searched for (法人の略号の確認)."""
    if _COMPANY_SYMBOLS.search(unicodedata.normalize("NFKC", text)):
        raise Refused(
            "（株）や（有）などの記号は使えません。「株式会社」のように書いてください。",
            field=field,
            code="company_symbol",
        )


def neutral_for_spreadsheet(text: str) -> str:
    """Text for a CSV cell that no spreadsheet takes for a formula: an apostrophe comes first (数式の無害化)."""
    return "'" + text if text.startswith(_FORMULA_STARTS) or text.lstrip().startswith(_FORMULA_STARTS) else text


def named(character: str) -> str:
    """A character by its code point and, where it has one, its name: ``U+3013 〓 GETA MARK`` (文字の呼び名)."""
    point = f"U+{ord(character):04X}"
    shown = f" {character}" if character.isprintable() and not character.isspace() else ""
    name = unicodedata.name(character, "")
    return f"{point}{shown} {name}".rstrip()
