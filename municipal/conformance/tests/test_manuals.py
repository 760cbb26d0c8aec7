"""The manuals in docs/rules are those of the rules, word for word (説明書の試験)."""

import inspect
import re
from pathlib import Path

import pytest

from municipal.conformance.manuals import family_of, pages, write
from municipal.conformance.packs import shipped
from municipal.conformance.rules import all_rules
from municipal.conformance.slips import catalogue

PAGES = pages()
DOCS = Path(__file__).parents[3] / "docs" / "rules"
MESSAGES = {code: message for pack in shipped().values() for code, message in pack.messages.items()}


def section(code: str) -> str:
    """What the pages say of one rule."""
    rule = all_rules().get(code)
    page = PAGES[f"{family_of(rule)}.md" if rule else "slips.md"]
    return page.partition(f"\n## {code}\n")[2].partition("\n## ")[0]


def test_the_manuals_are_up_to_date() -> None:
    kept = {path.name: path.read_text(encoding="utf-8") for path in DOCS.glob("*")}
    stale = sorted(name for name in {*kept, *PAGES} if kept.get(name) != PAGES.get(name))
    assert stale == [], "run: python -m municipal.conformance manuals docs/rules"


def test_every_rule_stands_in_the_index_and_the_link_leads_to_it() -> None:
    links = re.findall(r"\[([A-Z]+-[0-9]{4})\]\(([a-z_]+\.md)#([a-z0-9-]+)\)", PAGES["README.md"])
    assert sorted(code for code, _, _ in links) == sorted([*all_rules(), *catalogue.rules()])
    assert [code for code, page, place in links if f"\n## {code}\n" not in PAGES[page] or place != code.lower()] == []


@pytest.mark.parametrize("code", list(all_rules()))
def test_the_manual_of_a_rule_is_whole(code: str) -> None:
    rule, text = all_rules()[code], section(code)
    assert inspect.cleandoc(rule.manual) in text
    assert rule.clause in text
    assert f"- severity: {rule.severity.value} /" in text
    assert f"- standing: {rule.standing.value} /" in text
    for shown in ("**Right**: ", "**Found**: "):
        assert text.count(shown) == 1
    assert text.count("\n> ") == 2


@pytest.mark.parametrize("code", [*all_rules(), *catalogue.rules()])
def test_the_messages_stand_there_in_both_languages_with_open_places(code: str) -> None:
    text = section(code)
    message = MESSAGES[code]
    for sentence in (message.what_ja, message.mend_ja, message.what_en, message.mend_en):
        for part in re.split(r"%\(\w+\)[sd]|%%", sentence):
            assert part.strip() in text
    assert "%(" not in "".join(line for line in text.splitlines() if line.startswith(">"))


def test_a_clause_that_we_hold_is_summed_up() -> None:
    row = next(row for row in shipped()["resident-record@1.0"].requirements if row.clause == "1.1.11/n1")
    proving = next(code for code, rule in all_rules().items() if rule.clause == "resident-record/1.0#1.1.11/n1")
    assert f"resident-record/1.0#1.1.11/n1: {row.summary_ja} / {row.summary_en}" in section(proving)


def test_writing_takes_away_what_no_rule_says_any_more(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "rules"
    folder.mkdir(parents=True)
    (folder / "gone.md").write_text("old", encoding="utf-8")
    (folder / "picture.png").write_bytes(b"png")
    write(folder)
    assert {path.name for path in folder.iterdir()} == {*PAGES, "picture.png"}
    assert (folder / "item.md").read_bytes() == PAGES["item.md"].encode()
