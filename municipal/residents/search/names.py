"""Who has a name like this: whole or in part, given name alone, with wildcards (氏名による検索)."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import connection
from django.utils.translation import gettext_noop as _

from municipal.core.characters import kana_index, kana_key, name_key
from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.residents.models import ResidentRecord, Script

WILD = re.compile("[*＊?？]")
LEAST_LETTERS = 3
MOST_CANDIDATES = 2000
TOO_MANY = _("%(most)d人を超えて見つかりました。氏と名、生年月日、住所などを加えて、さがす人をしぼってください。")

Names = Mapping[str, Any]
OF_KANA: Mapping[str, Callable[[Names], Iterable[str]]] = {
    "any": lambda one: (one["name_kana"], one["former_family_kana"] + one["given_kana"], one["alias_kana"]),
    "given": lambda one: (one["given_kana"],),
    "former": lambda one: (one["former_family_kana"] + one["given_kana"],) if one["former_family_kana"] else (),
    "alias": lambda one: (one["alias_kana"],),
}
OF_NAME: Mapping[str, Callable[[Names], Iterable[str]]] = {
    "any": lambda one: (
        one["name"], one["kanji_name"], one["roman_name"], one["former_family_name"] + one["given_name"], one["alias"],
    ),
    "given": lambda one: (one["given_name"], *one["roman_name"].split()[1:]),
    "former": lambda one: (one["former_family_name"] + one["given_name"],) if one["former_family_name"] else (),
    "alias": lambda one: (one["alias"],),
}  # fmt: skip
FIELDS = (
    "addressee", "serial", "name", "kanji_name", "roman_name", "given_name", "former_family_name", "alias", "name_kana",
    "given_kana", "former_family_kana", "alias_kana",
)  # fmt: skip


def is_wild(typed: str) -> bool:
    """Whether a name has a wildcard in it: ``*`` for any letters, ``?`` for one (ワイルドカード)."""
    return WILD.search(typed) is not None


def refuse_few_letters(typed: str, field: str) -> None:
    """Raise Refused for a wildcard beside fewer than three letters: it would list a population."""
    if len(re.sub(r"\s", "", WILD.sub("", typed))) < LEAST_LETTERS:
        raise Refused(
            "「*」や「?」を使うときは、ほかに%(least)d文字以上を入れてください。",
            field=field,
            code="wildcard_too_short",
            least=LEAST_LETTERS,
        )


@implements(
    "resident-record/1.0#2.1.2/m5", "resident-record/1.0#2.1.2/m6", "resident-record/1.0#2.1.2/m7",
    "resident-record/1.0#2.1.3/m9",
)  # fmt: skip
def people_named(typed: str, script: Script, *, match: str, part: str, field: str) -> set[int]:
    """Ids of everybody who has or had a name that matches ``typed`` (氏名の一致する人).

    Raises Refused for wildcards beside too few letters, and where more are found than could be looked through.
    """
    is_kana = script == Script.KANA
    fold = kana_key if is_kana else name_key
    wild = is_wild(typed)
    if wild:
        refuse_few_letters(typed, field)
    pieces = [key for key in (fold(piece) for piece in WILD.split(typed)) if key] if wild else [fold(typed)]
    needle = max(pieces, key=len, default="")
    if not needle:
        return set()
    found = _candidates(script, needle, field)
    if not wild and match == "part" and part == "any":
        return found
    is_meant = _pattern(typed, fold, match, is_wild=wild)
    return _meant(found, (OF_KANA if is_kana else OF_NAME)[part], is_meant, is_kana=is_kana)


def _candidates(script: Script, needle: str, field: str) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT addressee_id FROM kijun_search_names(%s, %s, %s, %s)", [script.value, needle, "", MOST_CANDIDATES]
        )
        found = {addressee for (addressee,) in cursor.fetchall()}
    if len(found) >= MOST_CANDIDATES:
        raise Refused(TOO_MANY, field=field, code="too_many_hits", most=MOST_CANDIDATES)
    return found


def _pattern(typed: str, fold: Callable[[str], str], match: str, *, is_wild: bool) -> re.Pattern[str]:
    if is_wild:
        parts = [
            {"*": ".*", "?": "."}[piece] if piece in "*?" else re.escape(fold(piece))
            for piece in re.split("([*?])", typed.replace("＊", "*").replace("？", "?"))
            if piece
        ]
        return re.compile("".join(parts) + "$")
    key = re.escape(fold(typed))
    return re.compile({"exact": f"{key}$", "start": key}.get(match, f".*{key}"))


def _meant(
    people: set[int], texts: Callable[[Names], Iterable[str]], is_meant: re.Pattern[str], *, is_kana: bool
) -> set[int]:
    found = set()
    for one in ResidentRecord.objects.filter(addressee__in=people).values(*FIELDS):
        keys = [key for text in texts(one) for key in (kana_index(text).split(" ") if is_kana else [name_key(text)])]
        if any(is_meant.match(key) for key in keys if key):
            found.add(one["addressee"])
    return found
