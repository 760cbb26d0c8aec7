"""The catalogue of errors and alerts and the program say the same, both ways (エラー・アラートの一覧の試験)."""

from pathlib import Path

import pytest

import municipal
from municipal.core.messages import ALERT, CANNOT_TELL, ERROR, as_csv, catalogue, raised, split

SOURCE = Path(municipal.__path__[0])


@pytest.mark.clause("resident-record/1.0#11.1/m1", "resident-record/1.0#11.1/m2")
def test_whatever_is_raised_stands_in_the_catalogue_and_the_other_way_round() -> None:
    """After adding a message: ``manage.py messages``."""
    in_code, listed = set(raised(SOURCE)), set(catalogue())
    assert sorted(one.code for one in in_code - listed) == []
    assert sorted(one.code for one in listed - in_code) == []


@pytest.mark.clause("resident-record/1.0#11.1/m3")
def test_every_message_has_a_reason_and_a_remedy_and_none_claims_an_official_number() -> None:
    assert {one.kind for one in catalogue()} == {ERROR, ALERT}
    assert [one.code for one in catalogue() if not one.reason and one.kind == ERROR] == []
    assert [one.code for one in catalogue() if not one.remedy and one.kind == ERROR] == []
    assert {one.official for one in catalogue()} == {CANNOT_TELL}


def test_the_file_is_as_the_command_writes_it() -> None:
    from municipal.core.messages import PATH

    assert PATH.read_text(encoding="utf-8") == as_csv(sorted(catalogue()))


@pytest.mark.parametrize(
    ("sentence", "reason", "remedy"),
    [
        ("住所がありません。入力してください。", "住所がありません。", "入力してください。"),
        ("一つ。二つ。三つ。", "一つ。二つ。", "三つ。"),
        ("異動日を入力してください。", "入力がないか、そのままでは進めません。", "異動日を入力してください。"),
        ("締められています。", "締められています。", "入力と台帳の内容を確かめてください。"),
    ],
)
def test_a_sentence_is_a_reason_and_a_remedy(sentence: str, reason: str, remedy: str) -> None:
    assert split(sentence) == (reason, remedy)


def test_a_new_refusal_is_found_by_its_code_field_and_clause(tmp_path: Path) -> None:
    (tmp_path / "new.py").write_text(
        'TEXT = "無い。直してください。"\n\n\n@implements("resident-record/1.0#11.1/m1")\ndef f(x):\n'
        '    raise Refused(TEXT, field="day", code=f"a_{x}")\n', encoding="utf-8"
    )  # fmt: skip
    (one,) = raised(tmp_path)
    assert (one.kind, one.code, one.item, one.reason) == (ERROR, "a_*", "day", "無い。")
    assert one.clause == "resident-record/1.0#11.1/m1"
