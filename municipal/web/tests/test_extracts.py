"""Extracts on the screen: sent twice, sent badly, by others, without permission (抽出の画面の試験)."""

from typing import Any

import pytest
from django.urls import reverse

from conftest import TOWN
from fixtures.town.cast import PROTECTED_MARKER
from municipal.addressees.operations import protect
from municipal.audit.models import Entry
from municipal.core import clock
from municipal.extracts.models import ExtractFile, ExtractRun, SavedQuery
from municipal.extracts.operations import write_file
from municipal.identity.tests.people import browser_of, somebody
from municipal.municipalities import wall
from municipal.office.jobs import ordered_by
from municipal.residents.tests.acting import ACTS_ON, CHIEF, PLACE, act, day, family, member, people_of

pytestmark = pytest.mark.django_db
ALL = ("extracts.run", "extracts.sample", "extracts.inspection_copy", "residents.enter", "residents.view")
TOKEN = "6f0c7c3e-6a5b-4a0e-9a56-0a6c1d3c9e11"
ASKED = {"items": ["氏名", "住所_町字", "住所_方書"], "purpose": "own_work", "token": TOKEN}


@pytest.fixture
def client() -> Any:
    """A clerk on 20 May 2026; a family of four, of whom 甲野花子 is protected and 甲野一郎 an adult ward."""
    with clock.stopped_at(ACTS_ON):
        with wall.within(TOWN):
            place = PLACE | {"building": PROTECTED_MARKER}
            people = people_of(act("move_in", people=family(), event_on=day(2026, 5, 11), place=place))
            protect(actor=CHIEF, addressee=people[1].addressee, starts_on=ACTS_ON.date(), ends_on=None, is_own=True)
            ward = member(people[2], is_under_guardianship=True)
            act("correction_ex_officio", people=(ward,), event_on=day(2026, 5, 14), basis="ex_officio")
        yield browser_of(somebody(*ALL))


def build(client: Any, source: str = "residents", **said: Any) -> Any:
    return client.post(reverse("extracts:build", args=[source]), ASKED | said)


def page_of(client: Any, answer: Any) -> str:
    assert answer.status_code == 302, answer.context["form"].errors
    shown = client.get(answer.url)
    assert shown.status_code == 200
    return str(shown.content.decode())


@pytest.mark.clause("resident-record/1.0#10.1/m12", "resident-record/1.0#10.1/m13", "resident-record/1.0#10.1/m15")
def test_a_question_is_built_from_lists_and_shown_with_its_expression(client: Any) -> None:
    text = page_of(client, build(client, item_0="性別", comparison_0="=", value_0="2"))
    assert "該当 2件" in text
    assert "甲野　二子" in text
    assert "甲野　太郎" not in text
    assert "[性別] = &quot;2&quot;" in text
    # The household of a protected person: no address of any of them, and whom it concerns is plain to see.
    assert PROTECTED_MARKER not in text
    assert "支援措置" in text
    with wall.within(TOWN):
        seen = Entry.objects.get(kind="disclosure", act="extracts.show")
        assert (len(seen.subjects), seen.purpose, seen.screen) == (2, "own_work", "extracts:result")


@pytest.mark.clause("resident-record/1.0#10.1/m12", "resident-record/1.0#10.1/m17")
def test_rows_are_joined_from_top_to_bottom(client: Any) -> None:
    said = {
        "item_0": "続柄表記", "comparison_0": "=", "value_0": "世帯主", "join_1": "or", "item_1": "氏名",
        "comparison_1": "で終わる", "value_1": "子", "join_2": "and", "item_2": "生年月日", "comparison_2": "<",
        "value_2": "H1.1.8", "where": "AGE([生年月日]) > 40", "others": "年齢：AGE([生年月日])\n[性別] & [氏名]",
        "order_0": "生年月日", "descending_0": "on",
    }  # fmt: skip
    text = page_of(client, build(client, **said))
    assert "該当 1件" in text
    assert "甲野　太郎" in text
    assert '<th scope="col" lang="ja">年齢</th>' in text
    with wall.within(TOWN):
        asked = ExtractRun.objects.get().asked
    assert asked["where"] == (
        '((([続柄表記] = "世帯主") or [氏名] で終わる "子") and [生年月日] < "H1.1.8") and (AGE([生年月日]) > 40)'
    )


def test_figures_and_an_empty_answer(client: Any) -> None:
    said = {"measure": "count", "group": "性別", "across": "続柄表記"}
    text = page_of(client, build(client, **said))
    assert "集計結果" in text
    assert "世帯主" in text
    none = page_of(client, build(client, item_0="氏名", comparison_0="=", value_0="だれでもない", token=""))
    assert "条件に合うものはありません" in none


def test_the_same_form_sent_twice_is_one_run_and_one_file(client: Any) -> None:
    first, second = build(client), build(client)
    assert first.url == second.url
    for _ in range(2):
        client.post(reverse("extracts:order", args=[1]), {"format": "csv", "token": TOKEN})
    with wall.within(TOWN):
        assert (ExtractRun.objects.count(), ExtractFile.objects.count()) == (1, 1)
    other = build(client, note="べつの目的")
    assert other.status_code == 422


@pytest.mark.walk
@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"purpose": ""}, "purpose"), ({"purpose": "x"}, "purpose"), ({"items": []}, "items"),
        ({"items": ["ない項目"]}, "items"), ({"where": "("}, "where"), ({"where": "[氏名]"}, "where"),
        ({"where": "x" * 2001}, "where"), ({"item_0": "性別", "comparison_0": "=", "value_0": ""}, "where"),
        ({"item_0": "性別", "comparison_0": "like", "value_0": "1"}, "comparison_0"),
        ({"item_0": "x", "comparison_0": "=", "value_0": "1"}, "item_0"),
        ({"item_0": "氏名", "comparison_0": "=", "value_0": "\"'"}, "where"), ({"others": "年齢: AGE("}, "items"),
        ({"others": "[成年被後見人_該当有無]"}, "items"), ({"measure": "x"}, "measure"),
        ({"measure": "sum", "measured": "氏名"}, "measured"), ({"measure": "count", "group_said": ")"}, "groups"),
        ({"note": "x" * 201}, "note"), ({"name": "x" * 101}, "name"), ({"token": "x"}, "token"),
        ({"note": "a\x00b"}, "note"), ({"order_0": "x"}, "order_0"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_beside_its_field(client: Any, said: dict[str, Any], field: str) -> None:
    answer = build(client, **said)
    assert answer.status_code == 422
    errors = answer.context["form"].errors
    assert field in errors or "__all__" in errors
    with wall.within(TOWN):
        assert ExtractRun.objects.count() == 0


@pytest.mark.parametrize("page", ["0", "-1", "x", "99", "9" * 30, "1\x00", "１"])
def test_a_page_that_is_none_is_another_one(client: Any, page: str) -> None:
    build(client)
    for name in ("extracts:result", "extracts:labels"):
        assert client.get(reverse(name, args=[1]), {"page": page}).status_code == 200


@pytest.mark.parametrize("said", ["x", "9" * 14, "-1", "", "1\x00"])
def test_a_kept_question_that_is_none_is_not_found_or_not_minded(client: Any, said: str) -> None:
    assert client.get(reverse("extracts:build", args=["residents"]), {"saved": said}).status_code in (200, 404)
    assert client.get(reverse("extracts:build", args=["residents"]), {"run": said}).status_code in (200, 404)


def test_a_question_is_kept_and_opened_again(client: Any) -> None:
    said = {
        "item_0": "性別", "comparison_0": "=", "value_0": "1", "others": "年齢: AGE([生年月日])", "order_0": "生年月日",
        "name": "男性の一覧", "is_shared": "on",
    }  # fmt: skip
    build(client, **said)
    assert "男性の一覧" in client.get(reverse("extracts:overview")).content.decode()
    with wall.within(TOWN):
        saved = SavedQuery.objects.get()
    form = client.get(reverse("extracts:build", args=["residents"]), {"saved": saved.pk}).context["form"]
    assert form["others"].value() == "年齢: AGE([生年月日])"
    assert form["where"].value() == '[性別] = "1"'
    assert form["order_0"].value() == "生年月日"
    assert form["items"].value() == ["氏名", "住所_町字", "住所_方書"]
    assert client.get(reverse("extracts:build", args=["history"]), {"saved": saved.pk}).status_code == 404
    assert client.get(reverse("extracts:build", args=["residents"]), {"run": 1}).context["form"]["items"].value()
    other = browser_of(somebody("extracts.run", login_name="other"))
    assert "男性の一覧" in other.get(reverse("extracts:overview")).content.decode()
    assert other.get(reverse("extracts:build", args=["residents"]), {"saved": saved.pk}).status_code == 200
    assert other.post(reverse("extracts:retire", args=[saved.pk])).status_code == 404
    assert client.post(reverse("extracts:retire", args=[saved.pk])).status_code == 302
    assert "男性の一覧" not in client.get(reverse("extracts:overview")).content.decode()


def test_a_run_is_seen_by_nobody_but_who_asked(client: Any) -> None:
    build(client)
    client.post(reverse("extracts:order", args=[1]), {"format": "csv"})
    with wall.within(TOWN):
        file = ExtractFile.objects.get()
        write_file(actor=ordered_by(file.job), file=file)
    taken = client.get(reverse("extracts:file", args=[1, file.pk]))
    assert taken.headers["Content-Disposition"] == 'attachment; filename="extract-1.csv"'
    assert PROTECTED_MARKER not in taken.content.decode()
    other = browser_of(somebody(*ALL, login_name="other"))
    for url in (
        reverse("extracts:result", args=[1]), reverse("extracts:labels", args=[1]),
        reverse("extracts:file", args=[1, file.pk]),
    ):  # fmt: skip
        assert other.get(url).status_code == 404
    assert other.post(reverse("extracts:order", args=[1]), {"format": "csv"}).status_code == 404
    assert client.get(reverse("extracts:file", args=[1, file.pk + 1])).status_code == 404
    assert client.post(reverse("extracts:order", args=[1]), {"format": "exe"}).status_code == 422


@pytest.mark.clause("resident-record/1.0#9.6/m1", "resident-record/1.0#9.6/m2")
def test_people_are_drawn_and_shown_as_addresses(client: Any) -> None:
    said = {"size": "2", "seed": "たね", "purpose": "survey", "sex": "1", "blocks": ["松町"]}
    refused = client.post(reverse("extracts:sample"), said)
    # 松町 is where nobody but a protected household lives: it cannot even be chosen.
    assert list(refused.context["form"].errors) == ["blocks"]
    with wall.within(TOWN):
        act(
            "move_in", people=(member_of("乙川　次郎", 41),), event_on=day(2026, 5, 12), place=PLACE | {"block": "竹町"}
        )
    text = page_of(client, client.post(reverse("extracts:sample"), said | {"blocks": ["竹町"]}))
    assert "たね" in text
    assert "乙川　次郎" in text
    labels = client.get(reverse("extracts:labels", args=[1])).content.decode()
    assert "乙川　次郎　様" in labels
    for bad in ({"size": "0"}, {"size": "x"}, {"seed": ""}, {"born_from": "きのう"}, {"sex": "9"}, {"kind": "x"}):
        assert client.post(reverse("extracts:sample"), said | {"blocks": []} | bad).status_code == 422


def member_of(name: str, serial: int) -> Any:
    from municipal.residents.tests.acting import newcomer_said

    return newcomer_said(name, serial=serial)


@pytest.mark.clause("resident-record/1.0#9.5/m1")
def test_the_copy_for_inspection_leaves_protected_people_out(client: Any) -> None:
    with wall.within(TOWN):
        act(
            "move_in", people=(member_of("乙川　次郎", 41),), event_on=day(2026, 5, 12), place=PLACE | {"block": "竹町"}
        )
    said = {"order": "random", "seed": "1", "purpose": "inspection"}
    text = page_of(client, client.post(reverse("extracts:copy"), said))
    assert "乙川　次郎" in text
    assert "甲野" not in text
    assert client.post(reverse("extracts:copy"), said | {"order": "x"}).status_code == 422
    assert client.post(reverse("extracts:copy"), said | {"seed": ""}).status_code == 422


@pytest.mark.clause("resident-record/1.0#9.4/m2")
def test_the_notice_about_a_ward_is_made_from_the_wards_own_page(client: Any) -> None:
    from municipal.residents.models import ResidentRecord

    with wall.within(TOWN):
        row = ResidentRecord.objects.filter(name="甲野　一郎").select_related("addressee").latest("serial")
        number = row.addressee.number
    url = reverse("extracts:ward_notice", args=[number])
    assert "通知書を作る" not in client.get(reverse("residents:person", args=[number])).content.decode()
    assert client.post(url).status_code == 409
    with wall.within(TOWN):
        there = {"prefecture": "見本県", "city": "見本市", "block": "本通", "lot": "２番地"}
        act("move_out", people=(member(row),), event_on=day(2026, 5, 30), place=there)
    assert "通知書を作る" in client.get(reverse("residents:person", args=[number])).content.decode()
    answer = client.post(url)
    assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-")
    with wall.within(TOWN):
        assert Entry.objects.filter(act="extracts.tell_destination", subjects=[row.addressee_id]).count() == 1
    assert client.get(url).status_code == 405


def test_without_the_permission_there_is_no_page(client: Any) -> None:
    outsider = browser_of(somebody("residents.search", login_name="tax"))
    pages = [
        reverse("extracts:overview"),
        reverse("extracts:sample"),
        reverse("extracts:copy"),
        reverse("extracts:result", args=[1]),
    ]
    pages += [reverse(f"extracts:{name}", args=["residents"]) for name in ("build", "words")]
    for url in pages:
        assert outsider.get(url).status_code == 403
    assert outsider.post(reverse("extracts:ward_notice", args=["1"])).status_code == 403
    assert reverse("extracts:overview") not in outsider.get(reverse("home")).content.decode()
    sampler = browser_of(somebody("extracts.sample", login_name="sampler"))
    assert sampler.get(reverse("extracts:overview")).status_code == 200
    assert sampler.get(reverse("extracts:build", args=["residents"])).status_code == 403


def test_pages_speak_english_too_and_every_source_has_its_pages(client: Any) -> None:
    from municipal.extracts.sources import sources

    client.cookies["django_language"] = "en"
    for source in sources():
        answer = client.get(reverse("extracts:build", args=[source]), headers={"accept-language": "en"})
        assert answer.status_code == 200
        assert client.get(reverse("extracts:words", args=[source])).status_code == 200
    assert client.get(reverse("extracts:build", args=["nowhere"])).status_code == 404
    assert client.get(reverse("extracts:words", args=["nowhere"])).status_code == 404
