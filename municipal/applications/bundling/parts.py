"""The parts of a bundle, and what their forms ask together: each question once (申請の一式の質問)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from municipal.applications.rules.answers import YES_NO
from municipal.applications.rules.applicant import papers
from municipal.procedures.catalogue import Entry, Field, Option, Text

from .events import Rule

SHARED, PEOPLE = "shared", "people"
"""Pages of a bundle beside those of its procedures."""
EACH = Text("{}人目: ", "{}人目: ", "No. {}: ", "{}번째: ")

PAGE_TITLES = {
    SHARED: Text(
        "いくつもの手続で使うこと", "いくつもの 手続きで 使うこと", "For several procedures", "여러 절차에 쓰이는 것"
    ),
    PEOPLE: Text("関係する人", "かんけいする 人", "People concerned", "관계자"),
}  # fmt: skip


@dataclass(frozen=True)
class Part:
    """One application of a bundle: the procedure as it was offered, its rule, and which copy it is (一式の一件).

    ``number``: place in the bundle, from 1; ``copy``: 1 for the first child, 2 for the second; ``of``: how many.
    """

    number: int
    entry: Entry
    rule: Rule
    copy: int = 1
    of: int = 1

    def key_of(self, name: str) -> str:
        """Under which name an answer stands in the bundle: shared, or of this copy alone (回答の名前)."""
        return f"{name}_{self.copy}" if self.copy > 1 and name in self.rule.own else name


@dataclass(frozen=True)
class Slot:
    """One question of a bundle, asked once, and the parts that use its answer (一式の質問)."""

    key: str
    field: Field
    uses: tuple[Part, ...]

    @property
    def page(self) -> str:
        """The page on which it stands: of its procedure, or of those that several use (頁)."""
        procedures = {part.entry.id for part in self.uses}
        return SHARED if len(procedures) > 1 else self.uses[0].entry.id


@dataclass(frozen=True)
class Known:
    """What need not be asked in the forms (聞かない答え).

    ``values``: answers to the questions of the event, ``phone``: of who applies, ``people``: persons by reference,
    ``babies``: references of the newborn in their order.
    """

    values: Mapping[str, Any]
    phone: str
    people: Mapping[str, Mapping[str, str]]
    babies: tuple[str, ...] = ()


def setting(part: Part, path: str, known: Known, chosen: Iterable[str]) -> Any:
    """What the event says to one question of a form; None where it says nothing and the question is asked (設定値)."""
    value = part.rule.sets.get(path)
    if isinstance(value, dict):
        return [option for option, procedure in value.items() if procedure in set(chosen)]
    if not isinstance(value, str) or not value.startswith("$"):
        return value
    if value == "$phone":
        return known.phone
    if value == "$babies":
        return list(known.babies)
    if value == "$baby":
        return [known.babies[part.copy - 1]] if len(known.babies) >= part.copy else None
    said = known.values.get(value[1:])
    # A question for one person is answered in a list by forms; "nobody of these" says nothing.
    if isinstance(said, str) and said in known.people:
        return [said]
    return None if said in (None, "none", []) else said


def is_set(part: Part, path: str, known: Known) -> bool:
    """Whether the event answers a question, even if the answer is not there yet (設定の有無)."""
    value = part.rule.sets.get(path)
    if value in ("$phone", "$babies", "$baby") or isinstance(value, dict):
        return True
    return setting(part, path, known, ()) is not None


def labelled(part: Part, label: Text) -> Text:
    """A label that says which copy it belongs to, where there are several (何人目かの表示)."""
    if part.of == 1:
        return label
    which = [text.format(part.copy) for text in (EACH.ja, EACH.easy, EACH.en, EACH.ko)]
    return Text(*(a + b for a, b in zip(which, (label.ja, label.easy, label.en, label.ko), strict=True)))


def slots(parts: Sequence[Part], known: Known) -> list[Slot]:
    """Every question of these parts once, in the order of the parts; what is known already is left out (質問の統合)."""
    found: dict[str, Slot] = {}
    for part in parts:
        for field in part.entry.asks:
            asked = _asked(part, field, known)
            if asked is None:
                continue
            key = part.key_of(field.name)
            before = found.get(key)
            if before is None:
                label = labelled(part, asked.label) if field.name in part.rule.own else asked.label
                found[key] = Slot(key, replace(asked, name=key, label=label), (part,))
            else:
                found[key] = Slot(key, _both(before.field, asked), (*before.uses, part))
    return [replace(slot, field=replace(slot.field, page=slot.page)) for slot in found.values()]


def _both(one: Field, other: Field) -> Field:
    """A question that somebody asks always is asked always; what anybody needs must be answered."""
    condition = one.condition if one.condition and other.condition else None
    return replace(one, condition=condition, is_required=one.is_required or other.is_required)


def _asked(part: Part, field: Field, known: Known) -> Field | None:
    """What remains of a question of a form; None where nothing does."""
    if is_set(part, field.name, known):
        return None
    condition = field.condition
    if condition is not None and is_set(part, condition.field, known):
        said = setting(part, condition.field, known, ())
        wanted = [YES_NO.get(one, one) for one in condition.answers]
        if said not in wanted and said not in condition.answers:
            return None
        condition = None
    elif condition is not None:
        condition = replace(condition, field=part.key_of(condition.field))
    inner = tuple(one for one in field.fields if not is_set(part, f"{field.name}.{one.name}", known))
    if field.type == "group" and not inner:
        return None
    return _choosing(replace(field, condition=condition, fields=inner), known)


def _choosing(field: Field, known: Known) -> Field:
    """People are chosen from those of the bundle, who were named once; a row of one person is a tick."""
    people = tuple(Option(ref, Text(*[one["name"]] * 4)) for ref, one in known.people.items())
    if field.type == "people":
        return replace(field, type="choice" if field.most == 1 else "choices", options=people)
    if field.type == "person":
        return replace(field, type="choice", options=people)
    if is_ticked(field):
        return replace(field, type="choices", options=people, fields=(), most=0)
    inner = tuple(replace(one, type="choice", options=people) if one.type == "people" else one for one in field.fields)
    return replace(field, fields=inner)


def is_ticked(field: Field) -> bool:
    """Whether of the rows of a group nothing is left to say but who (人だけを選ぶ項目)."""
    return field.type == "group" and [one.type for one in field.fields] == ["people"]


def names_people(parts: Sequence[Part], known: Known) -> bool:
    """Whether any question left is answered with a person (人を選ぶ質問の有無)."""
    for part in parts:
        for field in part.entry.asks:
            if is_set(part, field.name, known):
                continue
            inner = [one for one in field.fields if not is_set(part, f"{field.name}.{one.name}", known)]
            if field.type in ("people", "person") or any(one.type == "people" for one in inner):
                return True
    return False


@dataclass(frozen=True)
class Paper:
    """One document, brought once, and the parts that need it (一式の添付書類)."""

    field: Field
    uses: tuple[Part, ...]


def papers_of(parts: Sequence[Part]) -> list[Paper]:
    """The documents that only the applicant has; the same one for two procedures is asked for once (添付書類)."""
    found: dict[str, Paper] = {}
    for part in parts:
        for field in papers(part.entry):
            # Whoever applies once for each child brings one document for each.
            key = f"{field.name}_{part.copy}" if part.copy > 1 else field.name
            before = found.get(key)
            named = replace(field, name=key, label=labelled(part, field.label))
            found[key] = Paper(named, (part,)) if before is None else Paper(before.field, (*before.uses, part))
    return list(found.values())
