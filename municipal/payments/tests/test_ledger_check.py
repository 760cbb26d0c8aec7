"""The command that adds up the books (元帳の検算の試験)."""

import json
from dataclasses import replace

import pytest
from django.core.management import call_command

from municipal.core import clock
from municipal.payments import balances
from municipal.payments.balances import Books, Standing
from municipal.payments.models import Account

from .booking import charged, collected


def test_the_command_says_that_right_books_are_right(town: int, capsys: pytest.CaptureFixture[str]) -> None:
    collected(charged()[0], 900, f"notice:{clock.today()}")
    call_command("ledger_check", "--format", "json", "--town", str(town))
    said = json.loads(capsys.readouterr().out)[0]
    assert said["broken"] == []
    assert (said["total"]["charged"], said["total"]["outstanding"], said["collected"]) == (100_900, 100_000, 900)
    assert said["fees"][0]["fee"] == "905"


def test_broken_books_end_with_one(town: int, monkeypatch: pytest.MonkeyPatch) -> None:
    charged()
    real = balances.books()
    monkeypatch.setattr(
        "municipal.payments.management.commands.ledger_check.books", lambda: replace(real, collected=real.collected + 1)
    )
    with pytest.raises(SystemExit) as ended:
        call_command("ledger_check", "--town", str(town))
    assert ended.value.code == 1


def test_each_identity_is_really_asked() -> None:
    even = {account.value: 0 for account in Account}
    assert Books(Standing(), 0, 0, even).broken() == []
    assert len(Books(Standing(charged=1), 0, 0, even).broken()) == 1
    assert len(Books(Standing(), 1, 0, even).broken()) == 1
    assert len(Books(Standing(), 0, 0, even | {"cash": 1}).broken()) == 1
