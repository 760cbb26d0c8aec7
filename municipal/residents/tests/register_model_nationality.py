"""What changes of nationality and of aliases do to the register in plain dictionaries (模型の国籍・通称の異動)."""

from dataclasses import replace
from datetime import date

from .register_model import HEAD, Intent, Wish
from .register_model_corrections import Corrections

GOES_AND_COMES = {
    "naturalisation": ("deletion_by_naturalisation", "entry_by_naturalisation"),
    "nationality_lost": ("deletion_by_loss_of_nationality", "entry_by_loss_of_nationality"),
}


class Nationality(Corrections):
    """The register and every act that changes what somebody is, not where (模型の国籍の異動)."""

    def naturalisation(self, wish: Wish, today: date, intent: Intent) -> None:
        """Two rows on one day: the old kind ends, the new one begins; the members follow a head's new name."""
        if not (movers := self._movers(wish, intent)):
            return
        ((person, said),) = wish.people
        newest, kind = self.newest(person), "1" if wish.act == "naturalisation" else "2"
        self._in_order(movers, wish.day, intent)
        if newest.kind == kind:
            intent.reasons.add("wrong_kind")
        intent.homes.add(newest.home)
        for one in self.members(newest.home) if newest.relation == HEAD else []:
            member = self.newest(one)
            if one != person and member.head_name != said["name"]:
                since = max(wish.day, self.last_since(one))
                intent.say(one, since, member, head_name=said["name"], reason="correction_ex_officio")
        goes, comes = GOES_AND_COMES[wish.act]
        intent.say(person, wish.day, newest, reason=goes, status="9", gone=wish.day, removed_by="nationality")
        led = {"head_name": said["name"]} if newest.relation == HEAD else {}
        intent.say(
            person, wish.day, replace(newest, since=wish.day), name=said["name"], kind=kind, alias="", reason=comes,
            gone=None, arrived=None, **led,
        )  # fmt: skip

    nationality_lost = naturalisation

    def alias_entry(self, wish: Wish, today: date, intent: Intent) -> None:
        if not (movers := self._movers(wish, intent)):
            return
        newest = self.newest(movers[0])
        self._in_order(movers, wish.day, intent)
        if newest.kind == "1":
            intent.reasons.add("wrong_kind")
        if bool(newest.alias) == (wish.act == "alias_entry"):
            intent.reasons.add("has_one" if newest.alias else "has_none")
        alias = dict(wish.people)[movers[0]].get("alias", "")
        intent.say(movers[0], wish.day, newest, alias=alias, reason=wish.act)

    alias_deletion = alias_entry
