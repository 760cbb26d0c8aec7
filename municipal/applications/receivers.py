"""What follows when a case takes a step, and when the register confirmed an entry (申請の受け手)."""

from municipal.office.models import OutboxEvent
from municipal.office.outbox import receives
from municipal.payments.announcements import CHARGED, COLLECTED, REVERSED
from municipal.residents.operations.carrying_out import TOPIC

from . import telling  # noqa: F401  (other systems are told)
from .following import MOVED, follows_steps
from .operations import evidence  # noqa: F401  (other offices are asked)
from .operations.carrying_out import OFFICE, entry_decided, follow, is_waited_for
from .operations.findings import hold_to_findings
from .operations.following_up import follow as follow_ex_officio
from .outcomes import births, certificates, damage, direct_debit, entitlements, fees, insurance, movements  # noqa: F401
from .telling_applicants import WRITTEN, tell_of_message, tell_of_step

for follower in (
    follow, follow_ex_officio, entitlements.refuse_second_claim, entitlements.note_refusal, fees.charge_when_payable,
    fees.hold_to_the_books, fees.settle_when_over, hold_to_findings,
):  # fmt: skip
    follows_steps(follower)


@receives(TOPIC)
def register_changed(event: OutboxEvent) -> None:
    """The case whose entry was confirmed is done; repeated, it is done already (本登録への追随)."""
    if is_waited_for(event.payload["event"]):
        entry_decided(actor=OFFICE, event=event.payload["event"])


@receives(CHARGED)
@receives(COLLECTED)
@receives(REVERSED)
def books_changed(event: OutboxEvent) -> None:
    """The case whose fee was paid goes on; one whose payment was undone waits again (元帳への追随)."""
    fees.follow_books(event.payload["postings"])


@receives(MOVED)
def step_to_tell(event: OutboxEvent) -> None:
    """Whoever applied is told of what is new in their eyes, once (状態のお知らせ)."""
    tell_of_step(event)


@receives(WRITTEN)
def message_to_tell(event: OutboxEvent) -> None:
    """Whoever applied is told that the office wrote, once (メッセージのお知らせ)."""
    tell_of_message(event)
