"""The letters that banks pass on to each other, one byte each (銀行のデータに使える文字)."""

import re
import unicodedata

from municipal.core.refusals import Refused

_KANA = "".join(chr(code) for code in range(0xFF71, 0xFF9E))
ALLOWED = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ ()-.,/¥｢｣ﾞﾟ" + _KANA)
"""Digits, capital letters, half-width kana from ｱ to ﾝ and a few signs; ｦ, small kana and the long vowel are none."""

_SMALL = str.maketrans("ｧｨｩｪｫｯｬｭｮｰ", "ｱｲｳｴｵﾂﾔﾕﾖ-")
_HIRAGANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}
_SPACING_MARKS = str.maketrans("゛゜", "\u3099\u309a")
_HALF = {
    **{unicodedata.normalize("NFKC", chr(code)): chr(code) for code in range(0xFF61, 0xFF9E)},
    "\u3099": "ﾞ", "\u309a": "ﾟ", "\\": "¥",
}  # fmt: skip
_SMALL_WITHOUT_HALF = str.maketrans("ヮヵヶ", "ワカケ")
_DASHES = re.compile("[\u2010-\u2015\u2212]")


def as_letters(text: str, most: int, field: str) -> str:
    """``text`` as a bank writes it: ``みほん　タロー`` becomes ``ﾐﾎﾝ ﾀﾛ-`` (半角カナへの変換).

    Raises Refused, naming the letter, for one that banks do not pass on, and for more than ``most`` letters.
    """
    # What was typed is a key to the bank's own spelling, not a name of the register: it may be normalised.
    typed = text.strip().translate(_SPACING_MARKS)
    wide = unicodedata.normalize("NFKC", typed).upper().translate(_HIRAGANA).translate(_SMALL_WITHOUT_HALF)
    parts = unicodedata.normalize("NFD", _DASHES.sub("-", wide))
    letters = "".join(_HALF.get(letter, letter) for letter in parts).translate(_SMALL)
    for letter in letters:
        if letter not in ALLOWED:
            raise Refused(
                "銀行のデータに使えない文字「%(letter)s」があります。カナ、英大文字、数字で入力してください。",
                field=field, code="invalid", letter=unicodedata.normalize("NFKC", letter),
            )  # fmt: skip
    if len(letters) > most:
        raise Refused(
            "半角カナにして%(most)d文字までです（濁点も1文字に数えます）。", field=field, code="too_long", most=most
        )
    return letters


def encoded(letters: str) -> bytes:
    """The bytes of letters in JIS X 0201 (文字の符号化). Raises ValueError for any other letter."""
    if not ALLOWED.issuperset(letters):
        raise ValueError("there are letters that banks do not pass on")
    return bytes(_byte(letter) for letter in letters)


def decoded(data: bytes) -> str | None:
    """The letters of bytes in JIS X 0201; None where a byte is no letter that banks pass on (文字の復号)."""
    letters = "".join(map(_letter, data))
    return letters if ALLOWED.issuperset(letters) else None


def _byte(letter: str) -> int:
    if letter == "¥":
        return 0x5C
    return ord(letter) - 0xFEC0 if ord(letter) > 0xFF else ord(letter)


def _letter(byte: int) -> str:
    if byte == 0x5C:
        return "¥"
    return chr(byte + 0xFEC0) if 0xA1 <= byte <= 0xDF else chr(byte)
