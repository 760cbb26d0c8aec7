"""Naming those who owe an assessment together, and letting them go (連帯納税義務者の登録)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from psycopg.types.range import Range

from municipal.addressees.models import Addressee
from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.characters import refuse_unstorable
from municipal.core.refusals import Refused
from municipal.payments.models import Assessment, JointPayer


@dataclass(frozen=True)
class Joint:
    """One more person who owes, and what part is theirs, as 1/2 (連帯納税義務者と持分)."""

    person: Addressee
    share: str = ""


@operation("payments.name_joint_payers")
def name_joint_payers(*, actor: Actor, assessment: Assessment, people: Sequence[Joint]) -> list[JointPayer]:
    """Name those who owe an assessment together with its payer (連帯納税義務者の登録).

    Local Tax Act, article 10-2. Raises Refused for nobody, for the payer, for somebody named already, and for the
    revision of an assessment: what is said of the first one holds for all of its revisions.
    """
    if assessment.revises_id is not None:
        raise Refused("連帯納税義務者は、更正する前の最初の賦課に登録してください。", code="conflict")
    if not people:
        raise Refused("連帯納税義務者を1人以上入力してください。", field="person", code="invalid")
    if any(one.person.pk == assessment.payer_id for one in people):
        raise Refused("納付義務者本人は、連帯納税義務者に登録できません。", field="person", code="invalid")
    for one in people:
        refuse_unstorable(one.share, 40, "share")
    now = clock.now()
    made = [
        JointPayer.objects.create(
            assessment=assessment, person=one.person, share=one.share.strip(), recorded=Range(now, None)
        )
        for one in people
    ]
    record(actor=actor, subjects=[assessment.payer_id, *(one.person.pk for one in people)], fields=["share"])
    return made


@operation("payments.release_joint_payer")
def release_joint_payer(*, actor: Actor, joint_payer: int) -> None:
    """Let somebody no longer owe together; that they did stays known (連帯納税義務者の抹消). Raises Refused twice."""
    row = JointPayer.objects.select_for_update().filter(pk=joint_payer, recorded__endswith__isnull=True).first()
    if row is None:
        raise Refused("この連帯納税義務者は登録されていません。画面を更新して確認してください。", code="not_found")
    # Known for a moment at least, however fast it is taken back.
    row.recorded = Range(row.recorded.lower, max(clock.now(), row.recorded.lower + timedelta.resolution))
    row.save(update_fields=["recorded"])
    record(actor=actor, subjects=[row.assessment.payer_id, row.person_id], fields=["share"])
