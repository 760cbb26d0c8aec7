"""Which charges are paid in another way than by a slip (納付書を要しない調定).

The room that knows of another way, as the bank's direct debit, says so here; slips issued together leave them out.
"""

from collections.abc import Callable, Collection

Answer = Callable[[Collection[int]], Collection[int]]

_answers: list[Answer] = []


def paid_otherwise(answer: Answer) -> Answer:
    """Let ``answer`` say for which of the charges (ids) it is given no slip is to be sent (照会先の登録)."""
    _answers.append(answer)
    return answer


def needing_a_slip(charges: Collection[int]) -> list[int]:
    """Those of ``charges`` (ids), in their order, that nothing else pays (納付書を要する調定)."""
    others = {charge for answer in _answers for charge in answer(charges)}
    return [charge for charge in charges if charge not in others]
