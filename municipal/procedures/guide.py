"""At most three questions that lead to a few procedures (手続の案内).

Nothing is written for the guide alone: what happened, what is wanted and how are read from the entries, so a new entry
is in the guide the moment it is in the catalogue. A question that would not narrow the list is not asked.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from .catalogue import Entry, Text, table

FEW = 6
"""So many procedures are shown at once; there is no need to ask on."""

PURPOSES: dict[str, Text] = {
    "notify": Text("届け出る・登録する", "とどける・とうろくする", "Notify or register something", "신고・등록하기"),
    "certificate": Text("証明書がほしい", "しょうめいしょが ほしい", "Get a certificate", "증명서 발급"),
    "support": Text(
        "手当・給付・サービスを受ける", "お金や サービスを もらう", "Receive an allowance or a service",
        "수당・급부・서비스 받기",
    ),
    "other": Text("そのほかの申込み・相談", "そのほか", "Something else", "그 밖의 신청・상담"),
    "elsewhere": Text(
        "市役所ではない所の手続", "市役所ではない ところ", "Something another office deals with",
        "시청이 아닌 곳의 절차",
    ),
    "automatic": Text(
        "届出がいらないこと", "何も しなくて いいこと", "What happens by itself", "신고가 필요 없는 것"
    ),
}  # fmt: skip
WAYS: dict[str, Text] = {
    "online": Text("オンラインでする", "スマホで する", "Online", "온라인"),
    "counter": Text("窓口でする", "まどぐちで する", "At the counter", "창구"),
}
QUESTIONS: dict[str, Text] = {
    "event": Text("何がありましたか", "何が ありましたか", "What has happened?", "무슨 일이 있었습니까?"),
    "purpose": Text("何をしたいですか", "何を したいですか", "What do you want to do?", "무엇을 하고 싶으십니까?"),
    "way": Text("どこでしますか", "どこで しますか", "Where do you want to do it?", "어디에서 하시겠습니까?"),
}


@dataclass(frozen=True)
class Choice:
    """An answer, and how many procedures it leads to (答えの候補)."""

    value: str
    label: Text
    count: int


@dataclass(frozen=True)
class Step:
    """The next question if there is one, and what the answers so far lead to (案内の段階)."""

    question: str
    choices: tuple[Choice, ...]
    entries: tuple[Entry, ...]
    answers: dict[str, str]


def purpose_of(entry: Entry) -> str:
    """What somebody wants who asks for this procedure (目的)."""
    if entry.kind in ("elsewhere", "ex_officio"):
        return "elsewhere" if entry.kind == "elsewhere" else "automatic"
    what = entry.does.partition(":")[0]
    return {"register": "notify", "certificate": "certificate", "entitlement": "support"}.get(what, "other")


def events() -> dict[str, Text]:
    """The life events by id, in the order in which they are offered (できごとの一覧)."""
    rows = sorted(table("events"), key=lambda row: int(row["order"]))
    return {row["event"]: Text(row["ja"], row["ja_easy"], row["en"], row["ko"]) for row in rows}


Property = Callable[[Entry], Sequence[str]]
_OF: dict[str, Property] = {
    "event": lambda entry: entry.events,
    "purpose": lambda entry: (purpose_of(entry),),
    "way": lambda entry: (entry.kind,),
}


def step(entries: Sequence[Entry], answers: Mapping[str, str]) -> Step:
    """Where somebody stands who gave these answers; answers that are none are left out (案内)."""
    known = {"event": events(), "purpose": PURPOSES, "way": WAYS}
    given: dict[str, str] = {}
    left = list(entries)
    for question, values in known.items():
        answer = answers.get(question, "")
        if answer in values:
            given[question] = answer
            left = [entry for entry in left if answer in _OF[question](entry)]
    for question, values in known.items():
        choices = _choices(left, question, values)
        # The first question is asked of everybody; each further one only of who would still read a long list.
        is_needed = question == "event" or len(left) > FEW
        if question not in given and is_needed and len(choices) > 1:
            return Step(question, choices, tuple(left), given)
    return Step("", (), tuple(left), given)


def _choices(entries: Sequence[Entry], question: str, values: Mapping[str, Text]) -> tuple[Choice, ...]:
    counts = Counter(value for entry in entries for value in _OF[question](entry))
    return tuple(Choice(value, label, counts[value]) for value, label in values.items() if counts[value])
