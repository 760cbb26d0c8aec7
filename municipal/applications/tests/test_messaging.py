"""Messages about a case, and who is told how (やりとりとお知らせの試験; issue 7, section 3 "Afterwards", section 5)."""

from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import Error, transaction

from municipal.applicants.models import Applicant
from municipal.applicants.operations import end_delegation
from municipal.applications.models import Case, MailAddress, Side, Telling, Way
from municipal.applications.operations import APPLICANT, withdraw
from municipal.applications.operations.messaging import MOST, mark_read, read_through, unread, write
from municipal.applications.operations.telling import (
    confirm_address,
    drop_address,
    give_address,
    note_posted,
    send_next,
    waiting_mails,
)
from municipal.applications.telling_applicants import WRITTEN
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.office.models import OutboxEvent
from municipal.office.outbox import receivers

from .acting import CLERK, a_case, stepped
from .applying import CARD_ONLY, another, lets_act, sent, somebody, written

HELLO, ADDRESS = "窓口は何時までですか。", "you@example.jp"
NOT_A_PERSON = ("甲野", "花子", "nursery", "保育", "26")


@pytest.fixture(autouse=True)
def _mail(settings: Any) -> None:
    settings.KIJUN_MAIL_FROM = "kijun@town.example"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []


@pytest.fixture
def mine(town: int) -> tuple[Applicant, Case]:
    account, _card = somebody()
    return account, sent(account, written(account, CARD_ONLY))


def refused(act: Any, **said: Any) -> str:
    with pytest.raises(Refused) as found, transaction.atomic():
        act(**said)
    return found.value.code


def received(topic: str = "", times: int = 2) -> None:
    """Every event reaches every receiver of this room more than once, as the outbox may do."""
    for event in OutboxEvent.objects.filter(topic__startswith=topic or "applications.").order_by("pk"):
        for name, receiver in receivers[event.topic].items():
            if name.endswith(("step_to_tell", "message_to_tell")):
                for _each in range(times):
                    receiver(event)


def confirmed(account: Applicant) -> str:
    give_address(actor=account, account=account, address=ADDRESS)
    code = next(line for line in mail.outbox[-1].body.splitlines() if line.isdecimal())
    assert confirm_address(actor=account, account=account, code=code)
    mail.outbox.clear()
    return code


@pytest.mark.parametrize("text", ["", "  \n　", "あ" * 2001, "\x00"])
def test_nothing_and_too_much_are_no_message(mine: tuple[Applicant, Case], text: str) -> None:
    account, case = mine
    for actor in (account, CLERK):
        assert refused(write, actor=actor, case=case.pk, text=text) in ("nothing_said", "too_long")
    assert case.messages.count() == 0


def test_a_file_of_another_case_and_a_case_that_is_none_are_refused(mine: tuple[Applicant, Case]) -> None:
    account, case = mine
    assert refused(write, actor=account, case=case.pk, text=HELLO, attachment=uuid4()) == "other_file"
    assert refused(write, actor=CLERK, case=0, text=HELLO) == "no_case"
    paper = a_case("nursery-status", {"is_unchanged": True})
    assert refused(write, actor=APPLICANT, case=paper.pk, text=HELLO) == "not_here"


def test_whose_delegation_ended_writes_no_more_and_is_told_nothing(mine: tuple[Applicant, Case]) -> None:
    account, _case = mine
    other, _card = another()
    assert account.person is not None
    given = lets_act(account.person, other)
    case = sent(other, written(other, CARD_ONLY, about=account.person))
    confirmed(other)
    assert write(actor=other, case=case.pk, text=HELLO).side == Side.APPLICANT
    end_delegation(actor=account, delegation=given.pk)
    assert refused(write, actor=other, case=case.pk, text=HELLO) == "delegation_ended"
    write(actor=CLERK, case=case.pk, text=HELLO)
    received()
    assert Telling.objects.get(case=case).way == Way.LETTER, "a clerk decides to whom"


def test_messages_have_one_order_and_are_never_changed(mine: tuple[Applicant, Case]) -> None:
    account, case = mine
    write(actor=account, case=case.pk, text=f"{HELLO}  \r\n")
    write(actor=CLERK, case=case.pk, text="5時15分までです。")
    assert list(case.messages.order_by("number").values_list("number", "side", "text")) == [
        (1, "applicant", HELLO), (2, "office", "5時15分までです。"),
    ]  # fmt: skip
    for change in (lambda: case.messages.update(text="x"), lambda: case.messages.all().delete()):
        with pytest.raises(Error), transaction.atomic():
            change()


def test_read_marks_only_grow_and_are_each_sides_own(mine: tuple[Applicant, Case]) -> None:
    account, case = mine
    write(actor=CLERK, case=case.pk, text=HELLO)
    assert (unread(case, Side.APPLICANT), unread(case, Side.OFFICE)) == (1, 0)
    for through in (99, 1, 0, 1):
        mark_read(actor=account, case=case, through=through)
    assert (read_through(case, Side.APPLICANT), read_through(case, Side.OFFICE)) == (1, 0)
    assert unread(case, Side.APPLICANT) == 0
    assert case.marks.count() == 1


def test_who_confirmed_an_address_gets_one_mail_that_says_nothing(mine: tuple[Applicant, Case]) -> None:
    account, case = mine
    confirmed(account)
    stepped(case, "accept")
    write(actor=CLERK, case=case.pk, text=HELLO)
    received(times=3)
    while waiting_mails():
        assert send_next(actor=CLERK)
    assert not send_next(actor=CLERK)
    assert [one.to for one in mail.outbox] == [[ADDRESS], [ADDRESS]], "one for the state, one for the message"
    for one in mail.outbox:
        said = f"{one.subject} {one.body}"
        assert not any(word in said for word in (*NOT_A_PERSON, HELLO, case.number, case.asked.title.ja)), said
    assert len({one.extra_headers["Message-ID"] for one in mail.outbox}) == 2


def test_without_an_address_a_notice_and_a_message_wait_to_be_posted_and_nothing_else_does(
    mine: tuple[Applicant, Case],
) -> None:
    _account, case = mine
    stepped(case, "accept", "pass_form")
    received()
    assert not Telling.objects.exists(), "no paper for what needs none"
    write(actor=CLERK, case=case.pk, text=HELLO)
    stepped(case, "reject", reason="理由") if case.workflow != "standard" else stepped(case, "propose")
    received()
    assert set(Telling.objects.values_list("way", flat=True)) == {"letter"}
    one = Telling.objects.order_by("pk").first()
    assert one is not None
    note_posted(actor=CLERK, telling=one.pk)
    assert refused(note_posted, actor=CLERK, telling=one.pk) == "gone"
    assert not mail.outbox


def test_what_the_applicant_did_or_wrote_is_not_told_to_them(mine: tuple[Applicant, Case]) -> None:
    account, case = mine
    write(actor=account, case=case.pk, text=HELLO)
    received(WRITTEN)
    assert not Telling.objects.exists()
    withdraw(actor=account, case=case.pk, seen=case.events.count())
    received()
    assert not Telling.objects.exists(), "withdrawn has no notice"


@pytest.mark.parametrize("address", ["", "you", "you@", "a@b@c.jp", "あ@example.jp", "x@example.jp\nBcc: y@example.jp"])
def test_what_is_no_address_is_refused(mine: tuple[Applicant, Case], address: str) -> None:
    account, _case = mine
    assert refused(give_address, actor=account, account=account, address=address) == "no_address"
    assert not mail.outbox
    assert not MailAddress.objects.exists()


def test_an_address_counts_only_with_its_code_and_five_wrong_ones_end_it(mine: tuple[Applicant, Case]) -> None:
    account, case = mine
    give_address(actor=account, account=account, address=ADDRESS)
    code = next(line for line in mail.outbox[-1].body.splitlines() if line.isdecimal())
    assert refused(give_address, actor=account, account=account, address=ADDRESS) == "too_soon"
    for wrong in ("", "abc", "00000000", "1" * 8, "9" * 8):
        assert not confirm_address(actor=account, account=account, code=wrong if wrong != code else "12345678")
    assert not confirm_address(actor=account, account=account, code=code), "five wrong ones"
    write(actor=CLERK, case=case.pk, text=HELLO)
    received()
    assert Telling.objects.get().way == Way.LETTER
    with clock.stopped_at(clock.now() + timedelta(minutes=2)):
        confirmed(account)
        drop_address(actor=account, account=account)
        drop_address(actor=account, account=account)
    assert not MailAddress.objects.exists()


def test_mail_is_off_unless_a_sender_is_named(mine: tuple[Applicant, Case], settings: Any) -> None:
    settings.KIJUN_MAIL_FROM = ""
    account, _case = mine
    assert refused(give_address, actor=account, account=account, address=ADDRESS) == "no_mail"


def test_a_server_that_is_away_keeps_mails_and_a_refused_address_becomes_a_letter(
    mine: tuple[Applicant, Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    account, case = mine
    confirmed(account)
    write(actor=CLERK, case=case.pk, text=HELLO)
    received()

    def fails(error: Exception) -> None:
        def send(self: EmailBackend, messages: Any) -> int:
            raise error

        monkeypatch.setattr(EmailBackend, "send_messages", send)

    fails(SMTPServerDisconnected("away"))
    with pytest.raises(OSError), transaction.atomic():
        send_next(actor=CLERK)
    assert Telling.objects.get().done_at is None
    assert waiting_mails()
    fails(SMTPRecipientsRefused({ADDRESS: (550, b"no")}))
    assert send_next(actor=CLERK)
    assert (Telling.objects.get().way, waiting_mails()) == (Way.LETTER, False)


def test_nobody_fills_the_table(mine: tuple[Applicant, Case], monkeypatch: pytest.MonkeyPatch) -> None:
    account, case = mine
    assert MOST <= 1000
    monkeypatch.setattr("municipal.applications.operations.messaging.MOST", 1)
    write(actor=account, case=case.pk, text=HELLO)
    assert refused(write, actor=account, case=case.pk, text=HELLO) == "too_many"
