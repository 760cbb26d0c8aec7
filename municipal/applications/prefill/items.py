"""What is said of each thing that the municipality holds, and to whom (引用した項目)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

HELD, LINKAGE, UNAVAILABLE, WITHHELD, NO_BASIS = "held", "linkage", "unavailable", "withheld", "no_basis"
"""States of an item (引用の状態).

``held``: read; without lines the register says that there is nothing. ``linkage``: another office is asked later.
``unavailable``: the register did not answer or stands in no room of this system; it may be typed and is checked later.
``withheld``: the office uses its own record and shows nothing: to nobody where somebody is protected, and to a delegate
of everybody where somebody lives and with whom, so that the state tells nothing of protection. ``no_basis``: no law is
recorded that lets it be used again, so it is asked.
"""
STATES = (HELD, LINKAGE, UNAVAILABLE, WITHHELD, NO_BASIS)

Filled = dict[str, dict[str, Any]]
"""By the name of the held item: what ``Draft.filled`` and ``Case.filled`` keep (引用した項目の控え).

``status``: one of STATES. ``value``: for programs, None where nothing is shown; ``lines``: the same for the reader, as
the register writes it. ``source``, ``path``: as in the catalogue. ``as_of``: the day of the reading, YYYY-MM-DD.
``basis``: law, article, status. ``digest``: of the whole value, shown or not, for comparing. ``home``: which lines tell
where somebody lives or with whom; ``is_partial``: there are more of them that this reader is not shown.
``is_notice``: whether the law wants it in the notice; ``is_confirmed``: whether the applicant said that it is right,
None while they have not. ``why``: of an unavailable one, "down" or "not_kept". ``typed``: what the applicant wrote
instead or against it. ``people``: addressee ids of whom it shows. ``seen``: of a case, what a clerk has seen of it
since, ``decided``: what the register said at the decision; see ``operations.refreshing``.
"""


class Reader(StrEnum):
    """Who is shown what was read (引用を見る人)."""

    OWN = "own"
    DELEGATE = "delegate"
    STAFF = "staff"


@dataclass(frozen=True)
class Line:
    """A line as the register writes it; ``is_home``: it tells where somebody lives, or with whom (引用の行)."""

    text: str
    is_home: bool = False


@dataclass(frozen=True)
class Value:
    """What a source says of somebody (引用した値).

    ``data``: plain JSON. ``lines``: the same for people. ``people``: addressee ids of everybody whom it tells of.
    ``address``: the whole address, for comparing; ``data`` has it under the same name where it may be shown.
    ``is_withheld``: nobody is shown the value; ``is_for_staff``: no resident is.
    """

    data: Any
    lines: tuple[Line, ...] = ()
    people: tuple[int, ...] = ()
    address: str = ""
    is_withheld: bool = False
    is_for_staff: bool = False

    @property
    def is_partial(self) -> bool:
        """Whether an address is left out (一部非表示か)."""
        return bool(self.address) and not self.data["address"]

    @property
    def tells_home(self) -> bool:
        """Whether it tells where somebody lives or with whom, shown or not (住まいの情報を含むか)."""
        return bool(self.address) or any(one.is_home for one in self.lines)

    @property
    def compared(self) -> Any:
        """What stays the same while the register says the same, whoever may see it (照合の内容)."""
        return self.data | {"address": self.address} if self.address else self.data


def is_typed(one: Mapping[str, Any]) -> bool:
    """Whether the applicant may write this item themselves (手で入れる項目か)."""
    return one["status"] in (NO_BASIS, UNAVAILABLE)


def must_be_typed(one: Mapping[str, Any]) -> bool:
    """Whether the application cannot do without it: nothing else says what the law asks for (必ず入れる項目か)."""
    is_down = one["status"] == UNAVAILABLE and one["why"] == "down" and one["is_notice"]
    return one["status"] == NO_BASIS or bool(is_down)


def must_be_confirmed(one: Mapping[str, Any]) -> bool:
    """Whether the applicant says that it is right: what the law wants in the notice (確認する項目か)."""
    return bool(one.get("is_notice")) and one["status"] in (HELD, WITHHELD)


def open_items(filled: Filled) -> list[str]:
    """Names of what the applicant has still to confirm or to write (未確認の項目)."""
    return [
        name for name, one in filled.items()
        if (must_be_confirmed(one) and one["is_confirmed"] is None)
        or (must_be_typed(one) and not one["typed"])
    ]  # fmt: skip


def is_to_be_checked(one: Mapping[str, Any]) -> bool:
    """Whether the office must look at it: nothing was read, or the applicant says that it is wrong (確認が必要か)."""
    return one["status"] == UNAVAILABLE or one.get("is_confirmed") is False


def lines_of(one: Mapping[str, Any], *, is_hidden: bool) -> list[str]:
    """The lines that may be shown now; ``is_hidden``: the person has become protected since they were read (表示行)."""
    home = one.get("home", range(len(one["lines"])))
    return [text for at, text in enumerate(one["lines"]) if not (is_hidden and at in home)]
