"""What a clerk finds out about a case, on its page, and what the applicant gets of it (認定した事実の画面の試験)."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from django.test import Client

from conftest import TOWN
from municipal.applications.models import Case, DamageCertificate
from municipal.applications.tests.acting import CHIEF, stepped
from municipal.applications.tests.carrying import CODES, a_family, about, answers_to
from municipal.applications.tests.filling import HERE
from municipal.applications.tests.test_paper import words
from municipal.audit.models import Entry as Recorded
from municipal.core import clock
from municipal.municipalities import wall
from municipal.residents.tests.acting import ACTS_ON

from .keeping import staff

PLACE = {"place": "架空県架空市梅町３番地", "contact": "1"}
DAMAGE = {"degree": "half", "disaster": "令和8年5月の大雨", "disaster_on": "R8.5.12"}


@pytest.fixture(autouse=True)
def may(committed_db: str) -> Iterator[None]:
    with clock.stopped_at(ACTS_ON):
        yield


def text(answer: Any) -> str:
    return str(answer.content.decode())


def in_town(act: Any) -> Any:
    with wall.within(TOWN):
        return act()


def posted(client: Client, case: Case, key: str, **said: Any) -> Any:
    seen = in_town(case.events.count)
    return client.post(f"/cases/{case.pk}/findings", {"key": key, "seen": seen} | said)


def opened(case: Case, language: str = "ja") -> str:
    resident = Client()
    page = str(resident.post(f"{HERE}/status", {"number": case.number, "code": CODES[case.number]})["Location"])
    shown = text(resident.get(f"{page.partition('?')[0]}?lang={language}"))
    file = resident.get(f"{HERE}/cases/{case.number}/result.pdf")
    return shown + (" ".join(words(BytesIO(file.content)).split()) if file.status_code == 200 else "")


def test_the_degree_of_damage_is_entered_and_printed_and_the_applicant_takes_a_specimen() -> None:
    people = in_town(a_family)
    case = in_town(lambda: stepped(about("disaster-certificate", people[0], PLACE), "accept", "pass_form"))
    reader, clerk = staff("applications.view", login="reader"), staff("applications.view", "applications.work")
    assert "認定した事実を記録する" not in text(reader.get(f"/cases/{case.pk}"))
    assert "認定した事実を記録する" in text(clerk.get(f"/cases/{case.pk}"))
    assert posted(reader, case, "a", **DAMAGE).status_code == 403
    for wrong, sentence in (
        ({"degree": ""}, "被害の程度を一覧から"), ({"disaster": "x" * 101}, "100文字まで"),
        ({"disaster_on": "昨日"}, "日付を"), ({"disaster_on": "R8.5.21"}, "今日までの日"),
    ):  # fmt: skip
        answer = posted(clerk, case, "b", **(DAMAGE | wrong))
        assert (answer.status_code, sentence in text(answer)) == (422, True), wrong
    assert posted(clerk, case, "c", **DAMAGE).status_code == 302
    assert posted(clerk, case, "c", **DAMAGE).status_code == 302
    page = text(clerk.get(f"/cases/{case.pk}"))
    assert "半壊" in page
    assert "暫定" in page
    in_town(lambda: stepped(stepped(case, "propose"), "approve", actor=CHIEF))
    made = in_town(lambda: DamageCertificate.objects.get(case=case.pk))
    assert f"/cases/damage/{made.pk}.pdf" in text(clerk.get(f"/cases/{case.pk}"))
    paper = clerk.get(f"/cases/damage/{made.pk}.pdf")
    assert made.number in words(BytesIO(paper.content))
    assert reader.get(f"/cases/damage/{made.pk}.pdf").status_code == 403
    shown = opened(case)
    assert "原本は担当課から" in shown
    assert "半壊" in shown
    assert made.number not in shown
    assert in_town(lambda: Recorded.objects.filter(kind="disclosure", subjects=[people[0].addressee_id]).exists())


def test_the_page_asks_for_a_day_that_the_applicant_was_not_asked_and_keeps_no_register_no_more() -> None:
    people = in_town(a_family)
    answers = {"joining": [{"member": ["m0"], "cause": "left_employer"}], "wants_direct_debit": False}
    case = in_town(lambda: stepped(stepped(about("nhi-join", people[0], answers, people[0]), "accept", "pass_form",
                                           "propose"), "approve", actor=CHIEF))  # fmt: skip
    clerk = staff("applications.view", "applications.work")
    page = text(clerk.get(f"/cases/{case.pk}"))
    assert "会社などの健康保険をやめた" in page
    assert "台帳はこのシステムにありません" not in page
    assert posted(clerk, case, "a", day_0="R8.5.17").status_code == 302
    with_entry = clerk.post(f"/cases/{case.pk}/outcome/try", {"key": "t", "seen": in_town(case.events.count)})
    assert with_entry.status_code == 302
    page = text(clerk.get(f"/cases/{case.pk}"))
    assert 'id="entitlement"' in page
    assert "別の職員の決定を待っています" in page


def test_what_is_paid_at_the_visit_is_said_to_be() -> None:
    with wall.within(TOWN):
        people = a_family()
        seal, moped = (
            about(code, people[0], answers_to(code), *people) for code in ("seal-registration", "moped-scrapping")
        )
    assert "窓口で払います" in opened(seal)
    assert "Paid at the counter" in opened(seal, "en")
    assert "窓口で払います" not in opened(moped)
