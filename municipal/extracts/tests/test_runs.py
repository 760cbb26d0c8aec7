"""Runs, files, saved questions: who may, what is recorded, what happens twice (抽出の操作の試験)."""

import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pypdfium2
import pytest

from conftest import OTHER_TOWN, TOWN
from municipal.audit.models import Entry
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.extracts import inspection_copies, operations, sampling
from municipal.extracts.models import ExtractFile, ExtractPiece, ExtractRun, SavedQuery
from municipal.extracts.queries import Column, Query
from municipal.identity.models import Staff
from municipal.identity.tests.people import somebody
from municipal.municipalities import wall
from municipal.office import jobs
from municipal.residents.inquiry import withheld
from municipal.residents.tests.acting import ACTS_ON

from .world import MARKER

ALL = ("extracts.run", "extracts.sample", "extracts.inspection_copy", "item.family_register")
LIST = Query("residents", (Column("[氏名]"), Column("[性別]"), Column("[住所_町字]"), Column("[住所_方書]")))
SAMPLING = sampling.Sampling(size=3, seed="たね1")


@pytest.fixture
def clerk(people: Any) -> Staff:
    return somebody(*ALL)


@pytest.fixture
def desk(clerk: Staff) -> Iterator[Staff]:
    """The clerk, inside the wall."""
    with wall.within(TOWN):
        yield clerk


def run(staff: Staff, query: Query = LIST) -> ExtractRun:
    return operations.run_query(actor=staff, query=query, purpose="own_work")


def file_of(made: ExtractRun, format: str, **said: Any) -> tuple[ExtractFile, bytes]:
    """A file ordered and written as the worker would, and its bytes."""
    file = operations.order_file(actor=made.owner, run=made, format=format, **said)
    operations.write_file(actor=jobs.ordered_by(file.job), file=file)
    return file, b"" if file.failure else operations.take_file(actor=made.owner, file=file)


def disclosed(act: str) -> set[int]:
    rows = Entry.objects.filter(act=act, kind="disclosure").values_list("subjects", flat=True)
    return {whom for subjects in rows for whom in subjects}


@pytest.mark.clause("resident-record/1.0#10.1/m12", "resident-record/1.0#10.1/m13")
def test_whoever_is_shown_counts_as_disclosed_with_the_purpose(clerk: Staff, people: Any) -> None:
    with wall.within(TOWN):
        made = run(clerk, replace(LIST, where='[氏名] = "甲野　太郎"'))
        _, count, lines = operations.show(actor=clerk, run=made, start=0, size=50)
    assert (count, len(lines), made.number) == (1, 1, 1)
    with wall.within(TOWN):
        assert disclosed("extracts.show") == {people["甲野　太郎"].addressee_id}
        seen = Entry.objects.filter(act="extracts.show", kind="disclosure").get()
        assert (seen.purpose, seen.fields[0]) == ("own_work", "name")
        said = " ".join(str(row) for row in Entry.objects.values())
    assert "甲野" not in said


@pytest.mark.clause("resident-record/1.0#10.1/m14", "resident-record/1.0#10.1/m16", "resident-record/1.0#10.1/m17")
@pytest.mark.parametrize(("format", "spoken", "expected"), [
    ("csv", True, "甲野　太郎,男,松町,,0\r\n"), ("csv", False, "甲野　太郎,1,松町,,0\r\n"),
    ("txt", True, "甲野　太郎\t男\t松町\t\t0\r\n"), ("xml", False, '<item name="性別">1</item>'),
])  # fmt: skip
def test_a_file_is_written_in_the_background_and_taken(desk: Staff, format: str, spoken: bool, expected: str) -> None:
    file, content = file_of(run(desk), format, is_spoken=spoken)
    text = content.decode("utf-8-sig")
    assert expected in text
    assert MARKER not in text
    assert "丙山　三子" in text
    assert (file.rows, file.size, file.failure) == (8, len(content), "")


def test_a_large_file_is_kept_in_pieces(desk: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "PIECE", 64)
    file, content = file_of(run(desk), "csv")
    pieces = [zlib.decompress(bytes(one.content)) for one in file.pieces.order_by("number")]
    assert len(pieces) > 3
    assert b"".join(pieces) == content


def test_a_file_that_grows_too_big_leaves_nothing_and_says_why(desk: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "MOST_BYTES", 100)
    monkeypatch.setattr(operations, "PIECE", 64)
    file, content = file_of(run(desk), "csv")
    assert "大きすぎます" in file.failure
    assert (content, file.rows, ExtractPiece.objects.count()) == (b"", 0, 0)
    assert disclosed("extracts.write_file") == set()


@pytest.mark.clause("resident-record/1.0#10.1/m15")
def test_a_list_can_be_printed(desk: Staff) -> None:
    _, content = file_of(run(desk), "pdf", is_spoken=True)
    text = text_of(content)
    assert "甲野　太郎" in text
    assert "住所の非表示" in text
    assert MARKER not in text
    wide = replace(LIST, columns=LIST.columns * 4)
    assert "10項目まで" in file_of(run(desk, wide), "pdf")[0].failure
    none = replace(LIST, where='[氏名] = "だれもいない"')
    assert "該当する人はいません" in text_of(file_of(run(desk, none), "pdf")[1])


@pytest.mark.clause("resident-record/1.0#10.1/m15", "resident-record/1.0#9.6/m2")
def test_labels_are_printed_for_those_whose_address_may_be_written(desk: Staff) -> None:
    file, content = file_of(run(desk), "labels")
    text = text_of(content)
    assert "〒999-0001" in text
    assert "甲野　太郎　様" in text
    assert "丙山" not in text
    assert (file.rows, file.left_out) == (7, 1)
    made = operations.run_sample(actor=desk, asked=SAMPLING, purpose="survey")
    assert file_of(made, "labels")[0].rows == 3
    for query in (replace(LIST, source="removed"), Query("residents", measure="count")):
        assert "宛名シールは" in file_of(run(desk, query), "labels")[0].failure


def text_of(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    return "\n".join(page.get_textpage().get_text_range() for page in document)


@pytest.mark.clause("resident-record/1.0#9.6/m1")
def test_a_draw_is_repeated_by_its_seed_and_never_draws_the_protected(inside: Any) -> None:
    hers = {inside["丙山　三子"].addressee_id}

    def drawn(**said: Any) -> list[str]:
        asked = replace(SAMPLING, **said)
        return [row.name for row in sampling.drawn(asked, hidden=hers)]

    assert drawn() == drawn()
    assert len(drawn()) == 3
    assert len({tuple(drawn(size=7, seed=f"s{number}")) for number in range(5)}) == 5
    assert "丙山　三子" not in drawn(size=100)
    assert sorted(drawn(size=100, sex="2", kind="1", blocks=("松町",))) == ["甲野　二子", "甲野　花子"]
    assert drawn(size=100, kind="2") == ["KIM MINJUN"]
    assert sorted(drawn(size=9, born_from=date(1985, 4, 1), born_to=date(1986, 2, 3))) == ["甲野　太郎", "甲野　花子"]
    assert "乙川　次郎" not in drawn(size=9, born_from=date(1900, 1, 1))
    # The larger sample of the same seed begins with the smaller one: topping up after refusals stays fair.
    assert drawn(size=5)[:3] == drawn(size=3)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"size": 0}, "size"), ({"size": 100_001}, "size"), ({"seed": " "}, "seed"), ({"seed": "x" * 33}, "seed"),
        ({"born_from": date(2000, 1, 2), "born_to": date(2000, 1, 1)}, "born_to"), ({"sex": "3"}, "sex"),
        ({"kind": "x"}, "kind"), ({"seed": "a\0"}, "seed"),
    ],
)  # fmt: skip
def test_a_draw_with_bad_conditions_is_refused(desk: Staff, said: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        operations.run_sample(actor=desk, asked=replace(SAMPLING, **said), purpose="survey")
    assert refused.value.field == field


def test_a_draw_is_kept_and_shown_with_its_disclosures(clerk: Staff) -> None:
    with wall.within(TOWN):
        asked = replace(SAMPLING, born_from=date(1900, 1, 1), blocks=("松町", "竹町"))
        assert sampling.read(asked.as_json()) == asked
        made = operations.run_sample(actor=clerk, asked=SAMPLING, purpose="survey", note="市民意識調査")
        answer, count, rows = operations.show_drawn(actor=clerk, run=made, start=0, size=2)
        assert (count, len(rows), answer.headings[1]) == (3, 2, "氏名")
    with wall.within(TOWN):
        assert len(disclosed("extracts.show_drawn")) == 2
        assert set(sampling.blocks(hidden=())) == {"松町", "梅町", "桜町", "竹町"}
        # Only a protected person lives in 桜町: the list of areas must not say so.
        assert set(sampling.blocks(hidden=withheld())) == {"松町", "梅町", "竹町"}


@pytest.mark.clause("resident-record/1.0#9.5/m1")
def test_the_copy_for_inspection_has_four_items_and_no_protected_people(inside: Any) -> None:
    hers = {inside["丙山　三子"].addressee_id}

    def copied(**said: Any) -> list[tuple[str, ...]]:
        asked = inspection_copies.Copying(**said)
        return [row.cells for row in inspection_copies.answer(asked, hidden=hers).rows]

    names = [cells[0] for cells in copied()]
    assert names == ["甲野　太郎", "甲野　花子", "甲野　一郎", "甲野　二子", "KIM MINJUN", "乙川　次郎", "乙川　梅"]
    assert copied(blocks=("松町",))[0] == ("甲野　太郎", "昭和60年4月1日", "男", "架空県架空市松町１番地")
    assert copied(kind="2")[0][1] == "2001年12月31日"
    assert copied(order="kana")[0][0] == "乙川　梅"
    shuffled = copied(order="random", seed="7")
    assert shuffled == copied(order="random", seed="7") != copied(order="random", seed="8")
    assert sorted(shuffled) == sorted(copied())
    assert MARKER not in str(copied(order="random", seed="7"))


@pytest.mark.clause("resident-record/1.0#9.5/m2")
def test_the_whole_copy_comes_as_csv_and_as_pdf(desk: Staff) -> None:
    asked = inspection_copies.Copying(blocks=("松町",))
    assert inspection_copies.read(asked.as_json()) == asked
    made = operations.run_copy(actor=desk, asked=asked, purpose="inspection")
    assert "甲野　太郎,昭和60年4月1日,男,架空県架空市松町１番地" in file_of(made, "csv")[1].decode("utf-8-sig")
    assert "甲野　太郎" in text_of(file_of(made, "pdf")[1])
    assert "宛名シールは" in file_of(made, "labels")[0].failure
    bad: tuple[tuple[dict[str, Any], str], ...] = (
        ({"order": "x"}, "order"),
        ({"order": "random"}, "seed"),
        ({"kind": "9"}, "kind"),
    )
    for said, field in bad:
        with pytest.raises(Refused) as refused:
            operations.run_copy(actor=desk, asked=inspection_copies.Copying(**said), purpose="inspection")
        assert refused.value.field == field


def test_without_the_permission_nothing_runs_and_what_was_ordered_is_not_written(people: Any) -> None:
    clerk, nobody = somebody(*ALL), somebody(login_name="nobody")
    with wall.within(TOWN):
        made = run(clerk)
        file = operations.order_file(actor=clerk, run=made, format="csv")
        for act in (
            lambda: run(nobody), lambda: operations.show(actor=nobody, run=made, start=0, size=1),
            lambda: operations.order_file(actor=nobody, run=made, format="csv"),
            lambda: operations.take_file(actor=nobody, file=file),
            lambda: operations.run_sample(actor=nobody, asked=SAMPLING, purpose="survey"),
            lambda: operations.run_copy(actor=nobody, asked=inspection_copies.Copying(), purpose="survey"),
        ):  # fmt: skip
            with pytest.raises(Refused):
                act()
        from municipal.identity.models import Grant

        Grant.objects.filter(staff=clerk).update(revoked_at=clock.now())
        operations.write_file(actor=jobs.ordered_by(file.job), file=file)
        assert "権限がありません" in file.failure
        assert ExtractPiece.objects.count() == 0


@pytest.mark.parametrize("purpose", ["", "x", "私用"])
def test_a_run_says_what_it_is_for(desk: Staff, purpose: str) -> None:
    with pytest.raises(Refused) as refused:
        operations.run_query(actor=desk, query=LIST, purpose=purpose)
    assert refused.value.field == "purpose"


def test_old_files_are_emptied_when_the_next_one_is_ordered(desk: Staff) -> None:
    made = run(desk)
    file, _ = file_of(made, "csv")
    with clock.stopped_at(ACTS_ON + timedelta(days=8)):
        operations.order_file(actor=desk, run=made, format="csv")
        file.refresh_from_db()
        assert (file.pieces.count(), file.removed_at) == (0, clock.now())
        with pytest.raises(Refused) as refused:
            operations.take_file(actor=desk, file=file)
    assert refused.value.code == "file_emptied"


def test_a_question_is_kept_replaced_shared_and_retired_by_its_owner_only(people: Any) -> None:
    mine, other = somebody(*ALL), somebody(*ALL, login_name="other")
    with wall.within(TOWN):
        first = operations.save_query(actor=mine, name=" 一覧 ", query=LIST, is_shared=True)
        second = operations.save_query(
            actor=mine, name="一覧", query=replace(LIST, where="[記載順位] = 1"), is_shared=False
        )
        operations.save_query(actor=other, name="一覧", query=LIST, is_shared=False)
        first.refresh_from_db()
        assert first.retired_at is not None
        assert SavedQuery.objects.filter(retired_at=None).count() == 2
        with pytest.raises(Refused) as refused:
            operations.retire_query(actor=other, saved=second)
        assert refused.value.code == "not_yours"
        operations.retire_query(actor=mine, saved=second)
        with pytest.raises(Refused) as refused:
            operations.retire_query(actor=mine, saved=second)
        assert refused.value.code == "retired"
        for name, query in (("", LIST), ("x" * 101, LIST), ("y", replace(LIST, where="("))):
            with pytest.raises(Refused):
                operations.save_query(actor=mine, name=name, query=query, is_shared=False)


def test_another_town_sees_nothing_of_it(clerk: Staff) -> None:
    with wall.within(TOWN):
        run(clerk)
    with wall.within(OTHER_TOWN):
        assert (ExtractRun.objects.count(), SavedQuery.objects.count()) == (0, 0)
