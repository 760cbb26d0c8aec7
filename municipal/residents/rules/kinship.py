"""How everybody is related to a new head, as far as the old relationships tell (続柄の書換え).

The register knows relationships to the head only. A rule can turn some of them round with certainty; of the others it
says nothing, and the clerk asks (resident-record/1.0#4.1.4.2). A proposal is never entered unconfirmed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from municipal.core.clauses import implements
from municipal.core.dates import RegisterDate

HEAD, CHILD, LODGER = "世帯主", "子", "同居人"
MALE = "1"
SPOUSES = {"夫": "妻", "妻": "夫", "夫（未届）": "妻（未届）", "妻（未届）": "夫（未届）"}
PARENTS, SIBLINGS = ("父", "母"), ("兄", "弟", "姉", "妹")
RELATIVES_OF = "の"


@dataclass(frozen=True)
class Member:
    """Whom a household holds, as far as relationships need it (世帯員)."""

    key: str
    relationship: str
    sex: str
    born_on: RegisterDate


@implements("resident-record/1.0#4.1.4.2/m1")
def proposals(members: Mapping[str, Member], new_head: str) -> dict[str, str]:
    """What each member becomes when ``new_head`` leads; the empty string where only people can tell (続柄の案).

    ``members`` by key, relationships to the former head. Sex decides between 夫 and 妻, birth dates between elder and
    younger; two people of one birth date are left to the clerk.
    """
    head = members[new_head]
    turned = _way(head)
    found = {key: turned(head, member) for key, member in members.items() if key != new_head}
    return {new_head: HEAD} | {key: relation or "" for key, relation in found.items()}


def _way(head: Member) -> Callable[[Member, Member], str | None]:
    if head.relationship in SPOUSES:
        return _from_spouse
    if head.relationship == CHILD:
        return _from_child
    return _from_parent if head.relationship in PARENTS else _from_afar


def _from_spouse(head: Member, member: Member) -> str | None:
    """The head's spouse leads: children stay children; blood relatives of one side belong to the other."""
    old = SPOUSES[head.relationship]
    if member.relationship == HEAD:
        return old
    if member.relationship in (CHILD, LODGER) or member.relationship.startswith(CHILD + RELATIVES_OF):
        return member.relationship
    if member.relationship in PARENTS + SIBLINGS:
        return f"{old}{RELATIVES_OF}{member.relationship}"
    prefix = head.relationship + RELATIVES_OF
    return member.relationship.removeprefix(prefix) if member.relationship.startswith(prefix) else None


def _from_child(head: Member, member: Member) -> str | None:
    """A child leads: the old head and spouse are parents, the other children brothers and sisters."""
    if member.relationship == HEAD or member.relationship in SPOUSES:
        return _parent(member) if "未届" not in member.relationship else None
    if member.relationship == CHILD:
        return _sibling(head, member)
    if member.relationship == LODGER:
        return LODGER
    return None


def _from_parent(head: Member, member: Member) -> str | None:
    """A parent leads: the old head is a child, and what was the head's is the child's."""
    if member.relationship == HEAD:
        return CHILD
    if member.relationship in SIBLINGS:
        return CHILD
    if member.relationship in PARENTS:
        return SPOUSES["妻" if member.sex == MALE else "夫"]
    if member.relationship in ("夫", "妻", CHILD):
        return f"{CHILD}{RELATIVES_OF}{member.relationship}"
    return LODGER if member.relationship == LODGER else None


def _from_afar(head: Member, member: Member) -> str | None:
    return LODGER if LODGER in (head.relationship, member.relationship) else None


def _parent(member: Member) -> str | None:
    return {"1": "父", "2": "母"}.get(member.sex)


def _sibling(head: Member, member: Member) -> str | None:
    if not (head.born_on.date and member.born_on.date) or head.born_on.date == member.born_on.date:
        return None
    is_elder = member.born_on.date < head.born_on.date
    return {"1": ("弟", "兄"), "2": ("妹", "姉")}.get(member.sex, ("", ""))[is_elder] or None
