"""The shape of a whole entry (手続の項目の形)."""

from functools import cache

from django.utils.translation import gettext_noop as _

from municipal.procedures.catalogue import table
from municipal.procedures.shapes import (
    LANGUAGES,
    Found,
    Shape,
    flag,
    identifier,
    in_all_languages,
    many,
    matching,
    maybe_text,
    nullable,
    one_of,
    record,
    text,
    whole,
)

ONE_OR_TWO = _("決定する人数は1か2です。")
KINDS = ("online", "counter", "elsewhere", "ex_officio")
TYPES = (
    "date", "text", "choice", "choices", "yes_no", "number", "person", "people", "address", "account", "file", "group",
)  # fmt: skip
DELIVERIES = ("letter", "counter", "electronic_specimen", "transfer", "none")
SOURCES = ("register", "card", "payments", "linkage", "case")
STATUS = one_of("seen", "unverified")
DOES = matching(
    r"register:[a-z_]+|certificate:[a-z_]+|charge|entitlement|letter|none",
    "register:…、certificate:…、charge、entitlement、letter、none",
)
BASIS = record({"law": text, "article": maybe_text, "status": STATUS})
CONDITION = record({"field": identifier, "is": many(text)})
OPTION = record({"value": matching(r"[a-zA-Z0-9][a-zA-Z0-9_-]*", "英数字"), "label": in_all_languages})


def one_or_two(value: object, key: str) -> Found:
    """How many people decide (決定する人数)."""
    if isinstance(value, bool) or value not in (1, 2):
        yield key, ONE_OR_TWO, ""


def _field(*, is_inner: bool = False) -> Shape:
    parts: dict[str, Shape] = {
        "name": identifier, "type": one_of(*(TYPES[:-1] if is_inner else TYPES)), "label": in_all_languages,
        "help": nullable(in_all_languages), "is_required": flag, "options": nullable(many(OPTION)),
        "if": nullable(CONDITION), "page": identifier, "most": nullable(whole),
    }  # fmt: skip
    optional = ["help", "options", "if", "most", *(["page"] if is_inner else [])]
    if not is_inner:
        parts["fields"] = nullable(many(_field(is_inner=True)))
        optional.append("fields")
    return record(parts, optional)


DEADLINE = record({
    "days": whole, "months": whole, "from": identifier, "when": one_of("after", "before"),
    "first_day_counts": flag, "rolls": flag, "text": in_all_languages, "status": STATUS,
})  # fmt: skip
HELD = record({
    "name": identifier, "label": in_all_languages, "source": one_of(*SOURCES), "path": text, "basis": BASIS,
    "is_notice_item": flag,
})  # fmt: skip
EVIDENCE = record({
    "id": identifier, "title": in_all_languages, "how": in_all_languages,
    "obtained": one_of("register", "card", "linkage", "applicant", "not_needed"),
    "fallback": one_of("ask", "visit", ""),
})  # fmt: skip


@cache
def shape() -> Shape:
    """The shape of a whole entry, keys in their order (手続の形)."""
    events = one_of(*(row["event"] for row in table("events")))
    workflows = one_of(*dict.fromkeys(row["workflow"] for row in table("workflows")), "")
    words = record(dict.fromkeys(LANGUAGES, many(text)))
    return record(
        {
            "id": identifier, "version": whole, "kind": one_of(*KINDS),
            "inventory": many(record({"id": text, "status": STATUS})),
            "title": in_all_languages, "summary": in_all_languages, "words": words,
            "basis": many(BASIS), "events": many(events), "desk": in_all_languages,
            "elsewhere": nullable(record({"where": in_all_languages, "why": in_all_languages})),
            "who": in_all_languages,
            "deadline": nullable(DEADLINE),
            "fee": record({"yen": nullable(whole), "item": maybe_text, "text": in_all_languages, "status": STATUS}),
            "assurance": record({
                "level": one_of("none", "card", "signature", "counter"), "reason": record({"ja": text, "en": text}),
            }),
            "paper_steps": many(record({"step": in_all_languages, "why": in_all_languages, "basis": text})),
            "asks": many(_field()),
            "pages": many(record({"id": identifier, "title": in_all_languages})),
            "holds": many(HELD), "evidence": many(EVIDENCE),
            "workflow": workflows, "decision": nullable(record({"does": DOES, "people": one_or_two})),
            "delivery": many(one_of(*DELIVERIES)),
            "retention": nullable(record({"years": whole, "status": STATUS})),
            "follows": many(record({"id": identifier, "if": maybe_text, "is_ex_officio": flag})),
            "after": many(identifier),
        },
        is_ordered=True,
    )  # fmt: skip
