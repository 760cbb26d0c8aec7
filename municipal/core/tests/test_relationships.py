"""The grammar of relationships, generated whole and tried (続柄)."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from municipal.core.refusals import Refused
from municipal.core.relationships import STANDING_ALONE, all_codes, parse, written

LINKING = ("11", "12", "13", "14", "20", "51", "52", "71", "74", "81", "84")


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("世帯主", ("02",)),
        ("妻", ("12",)),
        ("妻（未届）", ("14",)),
        ("子の妻", ("20", "12")),
        ("父の兄の子", ("51", "71", "20")),
        ("子の子の子の子", ("20", "20", "20", "20")),
        ("夫（未届）の母", ("13", "52")),
        ("縁故者", ("96",)),
        ("同居人", ("99",)),
    ],
)
def test_a_relationship_is_read_and_written(text: str, codes: tuple[str, ...]) -> None:
    assert parse(text) == codes
    assert written(codes) == text


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("子（子の夫）", "子の夫"),
        ("子（子の妻）", "子の妻"),
        ("妻の子（子の夫）", "妻の子の夫"),
        ("子（子の妻）の父", "子の妻の父"),
    ],
)
def test_the_spouse_of_a_child_in_brackets_is_the_chain(text: str, plain: str) -> None:
    assert written(parse(text)) == plain


OUTSIDE = """孫 祖父 祖母 おじ おば 甥 姪 家事使用人 準世帯主 長男 養子 本人 の 子の の子 子のの妻
妻(未届) 子（未届） 父（未届） 子（子の子） 20"""


@pytest.mark.parametrize("text", ["", "子 の妻", "妻\n", *OUTSIDE.split()])
def test_every_other_word_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refusal:
        parse(text, field="relation")
    assert refusal.value.code == "relationship_word"
    assert refusal.value.field == "relation"


@pytest.mark.parametrize("text", ["子の子の子の子の子", "父の父の兄の子の妻", "子の子の子の子（子の妻）"])
def test_five_words_are_too_far(text: str) -> None:
    with pytest.raises(Refused) as refusal:
        parse(text)
    assert refusal.value.code == "relationship_depth"
    assert "縁故者" in str(refusal.value)


@pytest.mark.parametrize("text", ["世帯主の妻", "子の縁故者", "同居人の子", "縁故者の縁故者", "子の子の子の子の同居人"])
def test_words_that_stand_alone_are_not_chained(text: str) -> None:
    with pytest.raises(Refused) as refusal:
        parse(text)
    assert refusal.value.code == "relationship_alone"


@pytest.mark.parametrize(
    ("codes", "code"),
    [
        ((), "relationship_code"),
        (("98",), "relationship_code"),
        (("20", "子"), "relationship_code"),
        (("02", "12"), "relationship_alone"),
        (("20",) * 5, "relationship_depth"),
    ],
)
def test_codes_outside_the_grammar_are_not_written(codes: tuple[str, ...], code: str) -> None:
    with pytest.raises(Refused) as refusal:
        written(codes)
    assert refusal.value.code == code


@pytest.mark.parametrize(("depth", "size"), [(0, 3), (1, 3 + 11), (2, 3 + 11 + 121), (3, 3 + 11 + 121 + 1331)])
def test_the_grammar_is_finite_and_its_size_is_known(depth: int, size: int) -> None:
    grammar = list(all_codes(depth))
    assert len(grammar) == len(set(grammar)) == size
    assert all(len(short) <= len(long) for short, long in pairwise(grammar))


def test_the_grammar_ends_at_four_words() -> None:
    assert max(map(len, all_codes(9))) == 4


def test_the_whole_grammar_to_depth_two_is_read_as_it_is_written() -> None:
    texts = {written(codes): codes for codes in all_codes(2)}
    assert len(texts) == 135
    assert texts.keys() >= STANDING_ALONE
    assert {text: parse(text) for text in texts} == texts


@given(st.lists(st.sampled_from(LINKING), min_size=1, max_size=4).map(tuple))
def test_every_chain_comes_back(codes: tuple[str, ...]) -> None:
    assert parse(written(codes)) == codes


@given(st.text(alphabet="夫妻子父母兄姉弟妹の（）未届世帯主縁故者同居人孫", max_size=12))
def test_text_is_either_refused_or_comes_back(text: str) -> None:
    try:
        codes = parse(text)
    except Refused:
        return
    assert parse(written(codes)) == codes
    assert 1 <= len(codes) <= 4
