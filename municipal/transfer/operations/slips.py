"""Taking in what people filled in (届書等のCSVの取込み)."""

from django.db import transaction

from municipal.addressees.models import Addressee
from municipal.audit.operations import disclose, operation, record
from municipal.core.actors import Actor
from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.residents.notices import Notice
from municipal.residents.operations import enter
from municipal.transfer.slips import APPLICATIONS, CARDS, KINDS, Line, Result, lines, people_of, slips


@implements("resident-record/1.0#10.8/m1")
@operation("transfer.take_in_slips")
def take_in_slips(*, actor: Actor, kind: str, content: bytes) -> list[Result]:
    """Make provisional entries of notices, or find whom applications and cards name; a result each (CSVの取込み).

    What the register does not take as it stands, alerts included, is told with its row: a clerk enters it by hand.
    Raises Refused for what is no such file.
    """
    if kind not in KINDS:
        raise Refused("データの種類を選んでください。", field="kind", code="no_kind")
    found = lines(content)
    made: list[Result] = []
    if kind in (APPLICATIONS, CARDS):
        for line in found:
            made.append(_found(line))
        numbers = {number for one in made for number in one.numbers}
        people = Addressee.objects.filter(number__in=numbers).values_list("pk", flat=True)
        disclose(actor=actor, subjects=people, fields=["name", "born_on"])
        return made
    for line, slip in slips(kind, found):
        made.append(_entered(actor, line.row, slip))
    record(actor=actor, code=kind)
    return made


def _found(line: Line) -> Result:
    row = line.row
    try:
        numbers = people_of(line)
    except Refused as refused:
        return Result(row, problem=str(refused))
    return Result(row, numbers=numbers, problem="" if numbers else "該当する方が見つかりません。")


def _entered(actor: Actor, row: int, slip: Notice | Refused) -> Result:
    if isinstance(slip, Refused):
        return Result(row, problem=str(slip))
    try:
        with transaction.atomic(using=wall.opening().using):
            return Result(row, draft=enter(actor=actor, notice=slip).pk)
    except Refused as refused:
        return Result(row, problem=str(refused))
