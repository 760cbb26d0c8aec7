"""Both parents claim, and two clerks act in the same moment: one case wins (同時の請求の試験; issue 7, section 6)."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connections

from conftest import TOWN
from municipal.applications.models import Case
from municipal.applications.operations import take_step
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.entitlements.models import Entitlement
from municipal.municipalities import wall

from .acting import CHIEF, CLERK, stepped
from .entitling import claimed, parents


def test_of_two_parents_at_once_one_wins_and_the_other_is_told_nothing_more(committed_db: str) -> None:
    with wall.within(TOWN):
        mother, father, _child = parents(clock.today())
        cases = [stepped(claimed(row.addressee), "accept", "pass_form").pk for row in (mother, father)]
    together = Barrier(2, timeout=60)

    def act(case: int, action: str) -> str:
        together.wait()
        try:
            with wall.within(TOWN):
                who = CLERK if action == "propose" else CHIEF
                seen = Case.objects.get(pk=case).events.count()
                take_step(actor=who, case=case, seen=seen, action=action)
        except Refused as refused:
            return refused.code
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        for action in ("propose", "approve"):
            found = sorted(pool.map(act, cases, (action, action)))
            assert found in (["already_claimed", "done"], ["done", "no_step"]), (action, found)
    with wall.within(TOWN):
        assert Entitlement.objects.count() == 1
        assert Case.objects.filter(state="done").count() == 1
