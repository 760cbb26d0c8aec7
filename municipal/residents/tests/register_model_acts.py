"""What each act does to the register in plain dictionaries (模型の異動)."""

from dataclasses import replace
from datetime import date
from typing import Any

from .register_model import HEAD, NEW, Deed, Intent, Row, Wish
from .register_model_nationality import Nationality


class Office(Nationality):
    """The register and every act on it (模型の窓口)."""

    def move_in(self, wish: Wish, today: date, intent: Intent) -> None:
        home = self._home_to_join(wish, intent)
        if len({said.get("code", person) for person, said in wish.people}) < len(wish.people):
            intent.reasons.add("twice")
        for person, said in wish.people:
            if person in self.rows:
                status = self.newest(person).status
                reasons = {"1": "already_registered", "3": "is_dead"}
                intent.reasons |= {reasons[status]} if status in reasons else set()
                self._in_order([person], wish.day, intent)
                self._born([person], wish.day, intent)
            else:
                self._known_code(said["code"], intent)
        names = {p: self.newest(p).name if p in self.rows else said["name"] for p, said in wish.people}
        seats = self._seats(wish, intent, names, home)
        intent.homes |= {home} if home else set()
        for person, said in wish.people:
            code = self.newest(person).code if person in self.rows else said["code"]
            born: dict[str, Any] = {"born": wish.day} if wish.act == "birth" else {}
            born = {"born": self.newest(person).born} if person in self.rows else born
            place: dict[str, Any] = {"lot": self._lot_of(wish), "since": wish.day}
            row = Row(names[person], code, home or NEW, reason=wish.act, **place, **seats[person], **born)
            intent.say(person, wish.day, row)

    def _known_code(self, code: str, intent: Intent) -> None:
        for person, rows in self.rows.items():
            newest = self.newest(person)
            was_cancelled = newest.status == "9" and newest.reason == "cancellation_removing"
            if any(row.code == code for row in rows) and not was_cancelled:
                intent.reasons.add("already_registered" if newest.is_here else "returning_by_number")

    entry_ex_officio = move_in

    def birth(self, wish: Wish, today: date, intent: Intent) -> None:
        self.move_in(wish, today, intent)

    def move_within(self, wish: Wish, today: date, intent: Intent) -> None:
        home = self._home_to_join(wish, intent)
        if not (movers := self._movers(wish, intent)):
            return
        self._in_order(movers, wish.day, intent)
        old = self.newest(movers[0]).home
        if home == old:
            intent.reasons.add("same_household")
        stays = not home and len(movers) == len(self.members(old))
        seats = {} if stays else self._seats(wish, intent, {one: self.newest(one).name for one in movers}, home)
        intent.homes |= {old, home} if home else {old}
        for one in movers:
            there = old if stays else home or NEW
            intent.say(
                one,
                wish.day,
                self.newest(one),
                home=there,
                lot=self._lot_of(wish),
                reason=wish.act,
                **seats.get(one, {}),
            )
        if not stays:
            self._leave(intent, movers, wish.day)

    def move_out(self, wish: Wish, today: date, intent: Intent) -> None:
        if not (movers := self._movers(wish, intent)):
            return
        is_ahead = wish.day > today
        since = wish.told if is_ahead else wish.day
        self._in_order(movers, since, intent)
        self._born(movers, wish.day, intent)
        if any(self.newest(one).planned for one in movers):
            intent.reasons.add("move_out_announced")
        intent.homes.add(self.newest(movers[0]).home)
        gone: dict[str, Any] = {} if is_ahead else {"status": "2", "gone": wish.day}
        for one in movers:
            intent.say(one, since, self.newest(one), reason="move_out", planned=wish.day, **gone)
        lines = list(intent.lines)
        self._leave(intent, movers, wish.day)
        if is_ahead:
            intent.lines = lines

    def due(self, today: date) -> list[str]:
        """Whose announced day has come, those of the earliest day first."""
        found = [one for one in self.here() if (day := self.newest(one).planned) and day <= today]
        return sorted(found, key=lambda one: (self.newest(one).planned, self.newest(one).home, self.newest(one).order))

    def remove_due(self, today: date) -> list[Deed]:
        """Those who left together go together; who else goes on that day does not become head meanwhile."""
        found = []
        while due := self.due(today):
            first = self.newest(due[0])
            deed, day = self.by[due[0], first.serial], first.planned
            assert day is not None
            that_day = [one for one in due if (self.newest(one).home, self.newest(one).planned) == (first.home, day)]
            together = [one for one in that_day if self.by[one, self.newest(one).serial] is deed]
            intent = Intent("removal_of_announced", follows=deed if deed.act == "move_out" else None)
            for one in together:
                intent.say(one, day, self.newest(one), reason="move_out", status="2", gone=day)
            if any(self.newest(one).relation == HEAD for one in together):
                self._leave(intent, that_day, day)
            found.append(self.carry_out(intent))
        return found

    def arrival_notice(self, wish: Wish, today: date, intent: Intent) -> None:
        people = [person for person, _ in wish.people]
        if any(self.newest(one).planned is None and not self.newest(one).was_removed for one in people):
            intent.reasons.add("no_move_out")
            return
        for one in people:
            newest = self.newest(one)
            if newest.was_removed:
                since = max(wish.told, self.last_since(one))
                intent.say(one, since, newest, reason="minor_correction", arrived=wish.day)
                continue
            assert newest.planned is not None
            left = min(newest.planned, wish.day)
            if newest.is_here or left < self.last_since(one):
                intent.say(one, left, newest, reason="move_out", status="2", gone=left, arrived=wish.day)
            else:
                intent.say(one, wish.told, newest, reason="minor_correction", arrived=wish.day)
        intent.follows = self._leaving_of(people[0])
        staying = [one for one in people if self.newest(one).is_here]
        if staying:
            first = self.newest(staying[0])
            assert first.planned is not None
            intent.homes.add(first.home)
            self._leave(intent, staying, min(wish.day, first.planned))

    def _leaving_of(self, person: str) -> Deed | None:
        deeds = [self.by[person, row.serial] for row in self.rows[person]]
        leaving = ("move_out", "removal_ex_officio", "disappearance")
        return next((deed for deed in reversed(deeds) if deed.act in leaving and deed.stands), None)

    def household_split(self, wish: Wish, today: date, intent: Intent) -> None:
        if not (movers := self._movers(wish, intent)):
            return
        self._in_order(movers, wish.day, intent)
        old = self.newest(movers[0]).home
        if len(movers) == len(self.members(old)):
            intent.reasons.add("whole_household")
        intent.homes.add(old)
        self._reseat(wish, intent, movers, None)

    def household_merger(self, wish: Wish, today: date, intent: Intent) -> None:
        self._join(wish, intent, is_whole=True)

    def household_transfer(self, wish: Wish, today: date, intent: Intent) -> None:
        self._join(wish, intent, is_whole=False)

    def _join(self, wish: Wish, intent: Intent, *, is_whole: bool) -> None:
        if not (movers := self._movers(wish, intent)):
            return
        old, home = self.newest(movers[0]).home, self._home_to_join(wish, intent)
        if (len(movers) == len(self.members(old))) != is_whole:
            intent.reasons.add("part_of_household" if is_whole else "whole_household")
        self._in_order(movers, wish.day, intent)
        if old == home:
            intent.reasons.add("same_household")
        if home and self.members(home) and self.newest(movers[0]).lot != self.newest(self.members(home)[0]).lot:
            intent.reasons.add("other_address")
        intent.homes |= {old, home or NEW}
        self._reseat(wish, intent, movers, home)

    def _reseat(self, wish: Wish, intent: Intent, movers: list[str], home: int | None) -> None:
        seats = self._seats(wish, intent, {one: self.newest(one).name for one in movers}, home)
        for one in movers:
            intent.say(one, wish.day, self.newest(one), home=home or NEW, reason=wish.act, **seats[one])
        self._leave(intent, movers, wish.day)

    def householder_change(self, wish: Wish, today: date, intent: Intent) -> None:
        if not (movers := self._movers(wish, intent)):
            return
        head = self.newest(movers[0])
        members = self.members(head.home)
        self._in_order(members, wish.day, intent)
        if head.relation == HEAD:
            intent.reasons.add("already_head")
        said = {person: items["relation"] for person, items in wish.others}
        if HEAD in said.values():
            intent.reasons.add("second_head")
        intent.homes.add(head.home)
        for one in members:
            relation = HEAD if one == movers[0] else said[one]
            seat: dict[str, Any] = {"relation": relation, "head_name": head.name}
            intent.say(one, wish.day, self.newest(one), reason=wish.act, **seat)

    def death(self, wish: Wish, today: date, intent: Intent) -> None:
        if not (dead := self._movers(wish, intent)):
            return
        self._born(dead, wish.day, intent)
        intent.homes.add(self.newest(dead[0]).home)
        for one in dead:
            newest = self.newest(one)
            intent.say(one, max(wish.day, newest.since), newest, reason="death", status="3", gone=wish.day)
        self._leave(intent, dead, max(wish.day, *(self.last_since(one) for one in dead)))

    def removal_ex_officio(self, wish: Wish, today: date, intent: Intent) -> None:
        if not (gone := self._movers(wish, intent)):
            return
        self._in_order(gone, wish.day, intent)
        self._born(gone, wish.day, intent)
        intent.homes.add(self.newest(gone[0]).home)
        for one in gone:
            said: dict[str, Any] = {"reason": "deletion_ex_officio", "status": "9", "removed_by": "office"}
            intent.say(one, wish.day, self.newest(one), gone=wish.day, **said)
        self._leave(intent, gone, wish.day)

    def disappearance(self, wish: Wish, today: date, intent: Intent) -> None:
        if not (gone := self._movers(wish, intent)):
            return
        self._born(gone, wish.day, intent)
        intent.homes.add(self.newest(gone[0]).home)
        for one in gone:
            newest = self.newest(one)
            removed: dict[str, Any] = {"reason": "deletion_ex_officio", "status": "9", "removed_by": "office"}
            intent.say(one, max(wish.day, newest.since), newest, gone=wish.day, **removed)
        self._leave(intent, gone, max(wish.day, *(self.last_since(one) for one in gone)))

    def cancellation(self, wish: Wish, today: date, intent: Intent) -> None:
        deed = wish.deed
        assert deed is not None
        if deed.cancels:
            intent.reasons.add("is_cancellation")
            return
        if deed.follows and deed.act == "removal_of_announced":
            deed = deed.follows
        if deed.is_cancelled:
            intent.reasons.add("already_cancelled")
            return
        unit = [deed, *(one for one in self.deeds if one.follows is deed)]
        people = [one for one in self.rows if any(one in part.subjects for part in unit)]
        for one in people:
            self._restore(one, unit, wish.day, intent)
        intent.cancels = deed
        self._back_home(deed, intent)

    def _restore(self, person: str, unit: list[Deed], day: date, intent: Intent) -> None:
        """What was true of ``person`` before the act is true again; nothing later may rest on it."""
        parts = [part for part in unit if person in part.subjects]
        first = next(row.serial for row in self.rows[person] if self.by[person, row.serial] in unit)
        later = [self.by[person, row.serial] for row in self.rows[person] if row.serial > first]
        if any(one.stands and one not in unit for one in later):
            intent.reasons.add("rested_on")
        since = min(part.since[person] for part in parts)
        newest = self.newest(person)
        before = [one for one in parts[0].before[person] if one[1] is None or one[1] > since]
        if not before:
            nobody: dict[str, Any] = {"status": "9", "relation": "", "gone": day, "removed_by": "nobody"}
            intent.say(person, since, newest, reason="cancellation_removing", **nobody)
        for begin, end, row in before:
            reason = "cancellation_correcting"
            if row.is_here != newest.is_here:
                reason = "cancellation_adding" if row.is_here else "cancellation_removing"
            intent.say(person, max(begin, since), row, end, reason=reason)

    def _back_home(self, deed: Deed, intent: Intent) -> None:
        """To the household they left; if it is no longer there, to a new one; those left behind by that are led."""
        homes = list(dict.fromkeys(row.home for *_, row in intent.lines))
        touched = {person for person, *_ in intent.lines}
        intent.homes |= {*homes, *(self.newest(person).home for person in touched)}
        for home in homes:
            mine = [line for line in intent.lines if line[3].home == home]
            back = [row for _, _, until, row in mine if until is None and row.is_here]
            staying = [self.newest(one) for one in self.members(home) if one not in touched]
            has_moved_on = bool(staying) and bool(back) and back[0].lot != staying[0].lot
            adds = any(row.reason == "cancellation_adding" for row in back)
            if has_moved_on or (back and not staying and deed.act == "move_out" and adds):
                for place, line in enumerate(intent.lines):
                    if line in mine:
                        intent.lines[place] = (*line[:3], replace(line[3], home=NEW))
            elif back:
                head = next((one for one in staying if one.relation == HEAD), None)
                if head and any(row.relation == HEAD or row.head_name != head.name for row in back):
                    intent.reasons.add("rested_on")
            else:
                gone = [one for one in self.members(home) if one in {line[0] for line in mine}]
                if gone:
                    self._leave(intent, gone, min(line[1] for line in mine))
