"""Which refunds are paid back in another way than by the bank (振込によらない還付).

The room that knows of another way, as a payment provider, says so here; what it pays back is never sent by bank too,
whoever asks for it.
"""

from collections.abc import Callable, Collection

Answer = Callable[[Collection[int]], Collection[int]]

_answers: list[Answer] = []


def paid_back_otherwise(answer: Answer) -> Answer:
    """Let ``answer`` say which of the refunds (posting ids) it is given somebody else pays back (照会先の登録)."""
    _answers.append(answer)
    return answer


def for_the_bank(postings: Collection[int]) -> list[int]:
    """Those of the refunds (posting ids), in their order, that nobody else pays back (振込による還付)."""
    others = {posting for answer in _answers for posting in answer(postings)}
    return [posting for posting in postings if posting not in others]
