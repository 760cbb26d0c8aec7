"""What clerks may come to want, drawn from one number each: mostly possible, sometimes not (模型の届)."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, TypeVar

from .register_model import HEAD, Deed, Wish
from .register_model_acts import Office

T = TypeVar("T")
RELATIONS = ("子", "妻", "同居人", "父")
LOTS = ("１番地", "２番地")


@dataclass
class Dice:
    """One number that is many choices; a smaller number means earlier choices (選択)."""

    number: int

    @classmethod
    def thrown(cls, number: int) -> "Dice":
        """Choices that are all alike likely, whichever numbers the search prefers."""
        return cls(random.Random(number).getrandbits(512))

    def of(self, items: Sequence[T]) -> T:
        self.number, place = divmod(self.number, len(items))
        return items[place]

    def once_in(self, times: int) -> bool:
        return self.of(range(times)) == times - 1

    def some(self, items: Sequence[T]) -> list[T]:
        """At least one of ``items``, often all."""
        if self.once_in(2):
            return list(items)
        kept = [one for one in items if self.once_in(2)]
        return kept or [self.of(items)]


@dataclass
class Wishes:
    """Draws wishes about the people of ``office`` (届の抽選)."""

    office: Office
    newcomers: int = 0

    def newcomer(self, dice: Dice, relation: str) -> tuple[str, dict[str, Any]]:
        self.newcomers += 1
        key, code = f"p{self.newcomers}", f"c{self.newcomers}"
        if self.office.rows and dice.once_in(12):
            code = self.office.newest(dice.of(sorted(self.office.rows))).code
        return key, {"name": f"人　{self.newcomers}", "code": code, "relation": relation}

    def day(self, dice: Dice, today: date, most: int = 20) -> date:
        """Mostly today or yesterday, at times weeks ago."""
        return today - timedelta(days=dice.of((0, 1, 0, 2, 0, 5, dice.of(range(most)))))

    def home(self, dice: Dice) -> int | None:
        """Mostly one that somebody lives in, at times one that stands empty."""
        homes = self.office.occupied()
        if not homes:
            return None
        return dice.of(range(1, self.office.homes + 1)) if dice.once_in(10) else dice.of(homes)

    def group(self, dice: Dice) -> list[str]:
        """Some who live together; at times anybody."""
        if not self.office.rows:
            return []
        homes = self.office.occupied()
        if not homes or dice.once_in(15):
            return [dice.of(sorted(self.office.rows))]
        return dice.some(self.office.members(dice.of(homes)))

    def seats(self, dice: Dice, people: list[str], *, own: bool) -> tuple[tuple[str, dict[str, Any]], ...]:
        """Relations for ``people``: in a home of their own the first leads, mostly."""
        leads = own != dice.once_in(8)
        relations = [HEAD if place == 0 and leads else dice.of(RELATIONS) for place in range(len(people))]
        return tuple((one, {"relation": relation}) for one, relation in zip(people, relations, strict=True))

    def move_in(self, dice: Dice, today: date) -> Wish:
        joins = self.home(dice) if dice.once_in(3) else None
        people: list[str] = []
        gone = [one for one in sorted(self.office.rows) if not self.office.newest(one).is_here]
        if gone and dice.once_in(2):
            people.append(dice.of(sorted(self.office.rows) if dice.once_in(10) else gone))
        seats = self.seats(dice, ["?"] * dice.of((2, 1, 3, 4)), own=joins is None)
        said = [self.newcomer(dice, items["relation"]) for _, items in seats]
        said[: len(people)] = [(one, {"relation": said[0][1]["relation"]}) for one in people]
        return Wish("move_in", self.day(dice, today), tuple(said), joins=joins, lot=dice.of(LOTS))

    def birth(self, dice: Dice, today: date) -> Wish | None:
        home = self.home(dice)
        return Wish("birth", self.day(dice, today), (self.newcomer(dice, "子"),), joins=home) if home else None

    def entry_ex_officio(self, dice: Dice, today: date) -> Wish:
        return replace(self.move_in(dice, today), act="entry_ex_officio")

    def removal_ex_officio(self, dice: Dice, today: date) -> Wish:
        act = dice.of(("removal_ex_officio", "removal_ex_officio", "disappearance"))
        return Wish(act, self.day(dice, today), tuple((one, {}) for one in self.group(dice)))

    def family(self, dice: Dice, today: date) -> Wish:
        if dice.once_in(4):
            return Wish("remaking", self.day(dice, today), tuple((one, {}) for one in self.group(dice)))
        said = {"name": f"改　{dice.of('一二三四')}"}
        people = tuple((one, dict(said)) for one in self.group(dice)[:1])
        return Wish(dice.of(("marriage", "name_change")), self.day(dice, today), people)

    def move_within(self, dice: Dice, today: date) -> Wish:
        joins = self.home(dice) if dice.once_in(4) else None
        people = self.group(dice)
        is_whole = bool(people) and people == self.office.members(self.office.newest(people[0]).home) and not joins
        seats = tuple((one, {}) for one in people) if is_whole else self.seats(dice, people, own=joins is None)
        return Wish("move_within", self.day(dice, today), seats, joins=joins, lot=dice.of(LOTS))

    def move_out(self, dice: Dice, today: date) -> Wish:
        day = today + timedelta(days=dice.of(range(1, 15))) if dice.once_in(2) else self.day(dice, today)
        return Wish("move_out", day, tuple((one, {}) for one in self.group(dice)))

    def arrival_notice(self, dice: Dice, today: date) -> Wish | None:
        known = [one for one in sorted(self.office.rows) if self.office.newest(one).status != "3"]
        told = [one for one in known if self.office.newest(one).planned or self.office.newest(one).was_removed] or known
        if not told:
            return None
        first = dice.of(told)
        deed = self.office.by[first, self.office.newest(first).serial]
        # Who left together by one act arrives together, or one of them alone.
        with_it = [
            one
            for one in told
            if one in deed.subjects and self.office.newest(one).home == self.office.newest(first).home
        ]
        people = with_it if with_it and dice.once_in(2) else [first]
        return Wish("arrival_notice", self.day(dice, today), tuple((one, {}) for one in people))

    def household(self, dice: Dice, today: date) -> Wish:
        act = dice.of(("household_split", "household_merger", "household_transfer"))
        people, joins = self.group(dice), None if act == "household_split" else self.home(dice)
        if people and act == "household_merger" and not dice.once_in(5):
            people = self.office.members(self.office.newest(people[0]).home) or people
        if people and not dice.once_in(4):
            # At another address it is refused, which needs no proving again and again.
            lot = self.office.newest(people[0]).lot
            near = [
                home for home in self.office.occupied() if self.office.newest(self.office.members(home)[0]).lot == lot
            ]
            joins = dice.of(near) if joins and near else joins
        return Wish(act, self.day(dice, today), self.seats(dice, people, own=joins is None), joins=joins)

    def householder_change(self, dice: Dice, today: date) -> Wish:
        people = self.group(dice)
        followers = [one for one in people if self.office.newest(one).relation != HEAD] or people
        head = [dice.of(followers)] if followers else []
        home = self.office.newest(head[0]).home if head else None
        relations = RELATIONS if not dice.once_in(10) else (*RELATIONS, HEAD)
        others = tuple((one, {"relation": dice.of(relations)}) for one in self.office.members(home) if one not in head)
        return Wish("householder_change", self.day(dice, today), tuple((one, {}) for one in head), others)

    def death(self, dice: Dice, today: date) -> Wish:
        return Wish("death", self.day(dice, today, 40), tuple((one, {}) for one in self.group(dice)[:2]))

    def nationality(self, dice: Dice, today: date) -> Wish | None:
        """Mostly the act that fits what somebody is."""
        people = self.group(dice)
        if not people:
            return None
        one = dice.of(people)
        is_foreign = (self.office.newest(one).kind == "2") != dice.once_in(10)
        act = "naturalisation" if is_foreign else "nationality_lost"
        return Wish(act, self.day(dice, today), ((one, {"name": f"国　{dice.of('一二三四')}"}),))

    def alias(self, dice: Dice, today: date) -> Wish | None:
        foreign = [one for one in self.office.here() if self.office.newest(one).kind == "2"]
        people = foreign if foreign and not dice.once_in(10) else self.group(dice)
        if not people:
            return None
        one = dice.of(people)
        has_one = bool(self.office.newest(one).alias) != dice.once_in(8)
        said = {} if has_one else {"alias": f"通　{dice.of('一二三四')}"}
        return Wish("alias_deletion" if has_one else "alias_entry", self.day(dice, today), ((one, said),))

    def correction(self, dice: Dice, today: date) -> Wish:
        act = dice.of(("correction_ex_officio", "minor_correction"))
        said = tuple((one, self._corrected(dice)) for one in self.group(dice)[:1])
        return Wish(act, self.day(dice, today), said)

    def correction_of_error(self, dice: Dice, today: date) -> Wish | None:
        if not self.office.rows:
            return None
        person = dice.of(sorted(self.office.rows))
        serial = dice.of([None, *(row.serial for row in self.office.rows[person])])
        return Wish("correction_of_error", today, ((person, self._corrected(dice)),), serial=serial)

    def _corrected(self, dice: Dice) -> dict[str, Any]:
        return dice.of(({"name": f"改　{dice.of('一二三四')}"}, {"lot": dice.of((*LOTS, "３番地"))}))

    def cancellation(self, dice: Dice, today: date) -> Wish | None:
        recent: list[Deed] = self.office.deeds[::-1]
        return Wish("cancellation", today, deed=dice.of(recent[:3] if dice.once_in(2) else recent)) if recent else None
