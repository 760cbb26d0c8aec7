"""A bundle as its rules see it: its event, its parts, what is known, what is missing (一式の読取り)."""

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Prefetch

from municipal.applications.models import Attachment, Bundle, Draft
from municipal.applications.operations.submitting import lacking
from municipal.applications.standing import known_of

from .events import LifeEvent, life_events
from .parts import Known, Paper, Part, Slot, names_people, papers_of, slots
from .planning import highest
from .sharing import babies, shared_out


@dataclass
class Reading:
    """One bundle with its drafts, read once for a page or an act (一式の読取り)."""

    bundle: Bundle
    drafts: list[Draft] = field(default_factory=list)

    @cached_property
    def event(self) -> LifeEvent:
        """The life event as the program has it now (ライフイベント)."""
        return life_events()[self.bundle.event]

    @cached_property
    def parts(self) -> list[Part]:
        """The applications of the bundle, in the order of their drafts (申請の一覧)."""
        rules = {rule.procedure: rule for rule in self.event.rules}
        whole, seen, found = Counter(draft.procedure for draft in self.drafts), Counter[str](), []
        for number, draft in enumerate(self.drafts, 1):
            seen[draft.procedure] += 1
            copy, of = seen[draft.procedure], whole[draft.procedure]
            found.append(Part(number, draft.asked, rules[draft.procedure], copy, of))
        return found

    @property
    def values(self) -> dict[str, Any]:
        """The answers to the questions of the event (できごとの回答)."""
        return dict(self.bundle.answers.get("asked", {}))

    @property
    def fields(self) -> dict[str, Any]:
        """The answers to what the forms ask (フォームの回答)."""
        return dict(self.bundle.answers.get("fields", {}))

    @cached_property
    def known(self) -> Known:
        """What the forms need not ask (聞かない答え)."""
        born = babies(self.parts, self.fields, self.values)
        # A baby may be chosen before it has a name: then the answer that names it is missing, and said to be.
        phone, named = str(self.bundle.applicant.get("phone", "")), self.bundle.people
        # A JSON object has no order of its own: the register's is kept beside it.
        first = [ref for ref in self.bundle.answers.get("members", []) if ref in named]
        order = [*first, *sorted(ref for ref in named if ref not in first)]
        return Known(self.values, phone, {**{ref: named[ref] for ref in order}, **born}, tuple(born))

    @cached_property
    def slots(self) -> list[Slot]:
        """The questions of the bundle, each once (質問)."""
        return slots(self.parts, self.known)

    @cached_property
    def papers(self) -> list[Paper]:
        """The documents of the bundle, each once (添付書類)."""
        return papers_of(self.parts)

    @property
    def names_people(self) -> bool:
        """Whether any question is answered with a person (人を選ぶか)."""
        return names_people(self.parts, self.known)

    @property
    def assurance(self) -> str:
        """The strictest level that any of its procedures needs (本人確認の水準)."""
        return highest([part.entry for part in self.parts])

    def drafted(self) -> list[tuple[Part, Draft]]:
        """Each part with its draft, which says what the bundle says; nothing is kept yet (回答の配分)."""
        chosen = [part.entry.id for part in self.parts]
        for part, draft in zip(self.parts, self.drafts, strict=True):
            draft.answers, draft.people = shared_out(part, self.fields, self.known, chosen)
            draft.applicant = dict(self.bundle.applicant)
        return list(zip(self.parts, self.drafts, strict=True))

    def lacking(self) -> list[str]:
        """Keys of the questions that keep the bundle from being handed in, in their order (不足の項目)."""
        missing: list[str] = []
        for part, draft in self.drafted():
            missing += [part.key_of(name) for name in lacking(draft)]
        return list(dict.fromkeys(missing))


def read_whole(bundle: Bundle) -> Reading:
    """The same with the drafts locked, and all that handing them in asks for read once (提出前の読取り)."""
    rows = bundle.drafts.select_for_update(of=("self",))
    attached = Attachment.objects.only("field", "ref", "sha256", "draft").order_by("pk")
    reading = _of(
        bundle, list(rows.prefetch_related(Prefetch("attachments", attached, to_attr="attached_now")).order_by("pk"))
    )
    own = [draft for draft in reading.drafts if draft.account_id == bundle.account_id]
    known = known_of(own[0]) if own else None
    for draft in own:
        draft.known_now = known
    return reading


def read(bundle: Bundle) -> Reading:
    """The bundle with its drafts (一式の読取り)."""
    return _of(bundle, list(bundle.drafts.order_by("pk")))


def _of(bundle: Bundle, drafts: list[Draft]) -> Reading:
    for draft in drafts:
        # They are of the same people: asked for once, not once for each draft.
        if draft.account_id == bundle.account_id and draft.about_id == bundle.about_id:
            draft.account, draft.about = bundle.account, bundle.about
    return Reading(bundle, drafts)
