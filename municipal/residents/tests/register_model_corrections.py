"""What corrections do to the register in plain dictionaries (模型の修正)."""

from datetime import date

from .register_model import HEAD, Intent, Register, Row, Wish, on

REASONS = {"marriage": "correction_ex_officio", "name_change": "correction_ex_officio"}


class Corrections(Register):
    """The register and every act that moves nobody (模型の修正)."""

    def correction_ex_officio(self, wish: Wish, today: date, intent: Intent) -> None:
        if not (movers := self._movers(wish, intent)):
            return
        self._in_order(movers, wish.day, intent)
        for one, said in wish.people:
            newest = self.newest(one)
            if all(getattr(newest, item) == value for item, value in said.items()):
                intent.reasons.add("nothing_new")
            changes = dict(said)
            if newest.relation == HEAD and said.get("name", newest.name) != newest.name:
                changes["head_name"] = said["name"]
                self._follow_name(wish, intent, newest, movers)
            intent.say(one, wish.day, newest, reason=REASONS.get(wish.act, wish.act), **changes)

    minor_correction = correction_ex_officio

    def _follow_name(self, wish: Wish, intent: Intent, head: Row, movers: list[str]) -> None:
        name = dict(wish.people)[movers[0]]["name"]
        for one in self.members(head.home):
            if one not in movers:
                since = max(wish.day, self.last_since(one))
                intent.say(one, since, self.newest(one), head_name=name, reason=REASONS.get(wish.act, wish.act))

    def correction_of_error(self, wish: Wish, today: date, intent: Intent) -> None:
        ((person, said),) = wish.people
        truth = self.truth[person]
        serial = wish.serial or self.newest(person).serial
        place = next((place for place, (_, _, row) in enumerate(truth) if row.serial == serial), None)
        if place is None:
            intent.reasons.add("replaced")
            return
        wrong = truth[place][2]
        if all(getattr(wrong, item) == value for item, value in said.items()):
            intent.reasons.add("nothing_new")
        led: list[tuple[date, date | None, int]] = []
        for since, until, row in truth[place:]:
            changes = {item: value for item, value in said.items() if getattr(row, item) == getattr(wrong, item)}
            if "name" in changes and row.relation == HEAD:
                changes["head_name"] = changes["name"]
                led.append((since, until, row.home))
            intent.say(person, since, row, until, reason=REASONS.get(wish.act, wish.act), **changes)
        for other in self.rows:
            if led and other != person:
                self._repeat_head(other, led, wrong.name, said["name"], intent)

    def _repeat_head(
        self, other: str, led: list[tuple[date, date | None, int]], old: str, new: str, intent: Intent
    ) -> None:
        """Day by day: wherever ``other`` repeats the head's old name, it is the new one, and all after is said anew."""
        days = {day for begin, end, _ in self.truth[other] for day in (begin, end) if day}
        days |= {day for begin, end, _ in led for day in (begin, end) if day}
        cuts = sorted(day for day in days if day >= self.truth[other][0][0])
        pieces: list[tuple[date, date | None, Row, bool]] = []
        for begin, end in zip(cuts, [*cuts[1:], None], strict=True):
            row = on(self.truth[other], begin)
            if row is None:
                continue
            repeats = row.head_name == old and any(
                home == row.home and since <= begin and (until is None or begin < until) for since, until, home in led
            )
            if pieces and pieces[-1][2] is row and pieces[-1][3] == repeats and pieces[-1][1] == begin:
                pieces[-1] = (pieces[-1][0], end, row, repeats)
            else:
                pieces.append((begin, end, row, repeats))
        wrong = next((place for place, piece in enumerate(pieces) if piece[3]), len(pieces))
        for begin, end, row, repeats in pieces[wrong:]:
            name = {"head_name": new} if repeats else {}
            intent.say(other, begin, row, end, reason="correction_of_error", **name)

    marriage = correction_ex_officio
    name_change = correction_ex_officio

    def remaking(self, wish: Wish, today: date, intent: Intent) -> None:
        if not (people := self._movers(wish, intent)):
            return
        self._in_order(people, wish.day, intent)
        for one in people:
            intent.say(one, wish.day, self.newest(one), reason="entry_by_rewriting")
