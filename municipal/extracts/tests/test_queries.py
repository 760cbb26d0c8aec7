"""Lists, figures and what may not be asked (抽出の試験)."""

from typing import Any

import pytest

from municipal.core.refusals import Refused
from municipal.extracts import queries, running
from municipal.extracts.items import Kind
from municipal.extracts.language.functions import FUNCTIONS
from municipal.extracts.language.trees import tree_of
from municipal.extracts.queries import Column, Order, Query
from municipal.extracts.runs import cells_of, headings_of

from .world import MARKER, SEEING, ask, names_by, values_of

SAMPLES = {
    Kind.TEXT: "[氏名]", Kind.NUMBER: "[記載順位]", Kind.DAY: "[住民となった年月日]", Kind.YES: '([性別] = "1")',
    None: "[氏名]",
}  # fmt: skip


@pytest.mark.clause("resident-record/1.0#10.1/m10")
@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_every_function_can_be_asked_and_says_something_of_its_type(inside: Any, name: str) -> None:
    known = FUNCTIONS[name]
    said = f"{name}({', '.join(SAMPLES[kind] for kind in known.takes * (2 if known.repeats else 1))})"
    values = values_of(Query("residents", (Column(said),)))
    assert len(values) == 8
    assert known.explanation
    if name != "VALUE":
        assert values[0][0] is not None


@pytest.mark.clause("resident-record/1.0#10.1/m13")
def test_the_people_and_their_number_are_both_there(inside: Any) -> None:
    found = ask(
        Query(
            "residents", (Column("[氏名]"), Column("[住所_町字]")), '[住所_町字] = "松町"', (Order("[生年月日]", True),)
        )
    )
    assert running.how_many(found) == 4
    lines = running.page(found, start=0, size=3)
    assert [line.values for line in lines] == [("甲野　二子", "松町"), ("甲野　一郎", "松町"), ("甲野　花子", "松町")]
    assert [line.subjects for line in lines] == [(inside[str(line.values[0])].addressee_id,) for line in lines]
    assert [line.values[0] for line in running.page(found, start=3, size=3)] == ["甲野　太郎"]


def test_figures_by_groups_and_across(inside: Any) -> None:
    query = Query("residents", groups=(Column("[住所_町字]"),), across="[性別]", measure="count")
    assert values_of(query, hidden={inside["丙山　三子"].addressee_id}) == [
        ("松町", "1", 2), ("松町", "2", 2), ("梅町", "1", 1), ("竹町", "1", 1), ("竹町", "2", 1), (None, "2", 1),
    ]  # fmt: skip
    cross = running.crossed(ask(query), list(running.everything(ask(query))))
    assert (cross.acrosses, cross.cells[("松町",), "1"], cross.downs[0]) == (("1", "2"), 2, ("松町",))


@pytest.mark.parametrize(
    ("measure", "measured", "expected"),
    [
        ("count", "", 8), ("people", "", 8), ("sum", "[記載順位]", 15), ("average", "[記載順位]", 1.875),
        ("least", "[生年月日]", "1985-04-01"), ("most", "YEAR([生年月日])", 2018),
    ],
)  # fmt: skip
def test_one_figure(inside: Any, measure: str, measured: str, expected: Any) -> None:
    found = ask(Query("residents", measure=measure, measured=measured))
    assert running.how_many(found) == 1
    ((value,),) = values_of(found.query)
    assert (float(value) if isinstance(expected, float) else value) == expected


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        (Query("nowhere"), "source", "no_such_source"),
        (Query("residents"), "items", "no_columns"),
        (Query("residents", (Column("[ない項目]"),)), "items", "no_such_item"),
        (Query("residents", (Column("[氏名]"),) * 251), "items", "too_many"),
        (Query("residents", (Column("[氏名]"),), order=(Order("[氏名]"),) * 6), "order", "too_many"),
        (Query("residents", (Column("[氏名]", "長" * 61),)), "items", "too_long"),
        (Query("residents", (Column("[氏名]"),), "[氏名]"), "where", "not_a_condition"),
        (Query("residents", (Column("[氏名]"),), order=(Order("[氏"),)), "order", "expression_unreadable"),
        (Query("residents", measure="median"), "measure", "no_such_measure"),
        (Query("residents", measure="sum", measured="[氏名]"), "measured", "not_a_number"),
        (Query("residents", measure="sum"), "measured", "expression_ends"),
        (Query("residents", measure="count", groups=(Column("x("),)), "groups", "expression_ends"),
        (Query("residents", measure="count", across="("), "across", "expression_ends"),
        (Query("residents", (Column("[氏名]"),), "[氏名] = \"\0\""), "where", "nul"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused_beside_its_field(inside: Any, query: Query, field: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        ask(query)
    assert refused.value.field == field
    assert refused.value.code == code


@pytest.mark.parametrize(
    "text",
    [
        "(" * 50 + "1" + ")" * 50,
        "not " * 60 + "[氏名] = 1",
        "- " * 41 + "1",
        "[氏名] in (" + ",".join(["1"] * 201) + ")",
        "x" * 2001,
        "+".join(["1"] * 250),
        "]",
        "[[氏名]]",
        '"',
        "1 = = 2",
        "[氏名] in ()",
        "IF(,)",
        "🙂",
        "a.b",
    ],
)
def test_an_expression_that_is_too_much_or_none_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        tree_of(text)


def test_an_item_behind_a_permission_is_asked_only_with_it(inside: Any) -> None:
    query = Query("residents", (Column("[氏名]"),), '[戸籍_筆頭者] = "甲野　太郎"')
    assert ask(query)
    for forbidden in (
        query,
        Query("residents", (Column("[住民票コード]"),)),
        Query("residents", measure="count", across="[在留資格等コード]"),
    ):
        with pytest.raises(Refused) as refused:
            ask(forbidden, permissions={"extracts.run"})
        assert refused.value.code == "item_forbidden"


@pytest.mark.clause("resident-record/1.0#9.4/n1")
def test_no_list_of_adult_wards_can_be_made(inside: Any) -> None:
    item = "[成年被後見人_該当有無]"
    forbidden = [
        Query("residents", (Column("[氏名]"),), f"{item} = 有"), Query("residents", (Column("[氏名]"), Column(item))),
        Query("residents", (Column("[氏名]"),), order=(Order(item),)),
        Query("residents", (Column(f'IF({item}, "○", "")'),)), Query("history", (Column("[宛名番号]"),), f"not {item}"),
        Query("residents", measure="count", groups=(Column("[氏名]"), Column(item))),
        Query("residents", measure="count", groups=(Column("[宛名番号]"),), where=f"{item} = 有"),
        Query("residents", measure="count", across="[生年月日]", where=f"{item} = 有"),
        Query("residents", measure="least", measured="[氏名]", where=f"{item} = 有"),
    ]  # fmt: skip
    for query in forbidden:
        with pytest.raises(Refused) as refused:
            ask(query)
        assert refused.value.code == "only_counted"
    assert values_of(Query("residents", measure="count", where=f"{item} = 有", groups=(Column("[性別]"),))) == [
        ("2", 1)
    ]


def test_a_withheld_address_is_nothing_in_columns_conditions_orders_and_figures(inside: Any) -> None:
    hers = inside["丙山　三子"].addressee_id
    hidden = {hers}
    assert names_by(f'[住所_方書] = "{MARKER}"', hidden=hidden) == []
    assert names_by('[住所_町字] = "桜町" or [本籍] != ""', hidden=hidden) == names_by('[本籍] != ""', hidden=hidden)
    assert "丙山　三子" not in names_by('not [住所_町字] = "松町"', hidden=hidden)
    assert names_by(f'[住所_方書] = "{MARKER}"') == ["丙山　三子"]
    columns = (Column("[氏名]"), Column("[住所_方書]"), Column("[住所_町字] & [住所_方書]"), Column("[本籍]"))
    found = ask(Query("residents", columns, '[氏名] = "丙山　三子"', (Order("[住所_町字]"),)), hidden=hidden)
    (line,) = running.page(found, start=0, size=9)
    assert headings_of(found)[-1] == "住所の非表示"
    assert cells_of(found, line, is_spoken=True, hidden=hidden) == ("丙山　三子", "", "", "", "1")
    figures = Query("residents", measure="most", measured="[住所_方書]")
    assert MARKER not in str(values_of(figures, hidden=hidden))
    everything = Query(
        "history", tuple(Column(f"[{name}]") for name in found.source.items if name != "成年被後見人_該当有無")
    )
    assert MARKER not in str(values_of(everything, hidden=hidden))
    assert MARKER in str(values_of(everything))


def test_what_takes_too_long_is_refused_and_the_transaction_lives_on(inside: Any) -> None:
    from django.db import connection

    with pytest.raises(Refused) as refused, running.bounded(1), connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(3)")
    assert refused.value.code == "query_timeout"
    assert running.how_many(ask(Query("residents", (Column("[氏名]"),)))) == 8


def test_a_question_survives_being_kept(inside: Any) -> None:
    query = Query(
        "residents", (Column("[氏名]", "名前"),), "[記載順位] = 1", (Order("[生年月日]", True),), (Column("[性別]"),),
        "[住民種別]", "sum", "[記載順位]",
    )  # fmt: skip
    assert queries.read(query.as_json()) == query
    assert SEEING
