"""The copy for inspection in the issuance history: made by an extract, noted here (閲覧用の写しの交付履歴; #1.3.8)."""

from municipal.audit.operations import operation, record
from municipal.certificates.contents import Contents, as_json
from municipal.certificates.kinds import INSPECTION, KINDS
from municipal.certificates.models import CertificateCopy, CertificateIssue, Output, Requester
from municipal.certificates.paper.forms import LAYOUT
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.clauses import implements
from municipal.core.eras import wareki
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality

from .issuing import next_serials, number_of


@implements("resident-record/1.0#1.3.8/m1")
@operation("certificates.note_inspection_copy")
def note_inspection_copy(
    *, actor: Actor, run: int, items: tuple[str, ...], place: str, digest: str, pages: int = 0
) -> CertificateIssue:  # fmt: skip
    """A copy of the register for inspection that the extract numbered ``run`` has written (閲覧用の写しの作成の記録).

    ``digest``: SHA-256 of its file, in hexadecimal; ``pages``: 0 for a file that has none. Thousands may stand in it:
    who does is what the audit says the run disclosed.
    """
    kind = KINDS[INSPECTION]
    town = Municipality.objects.get(pk=wall.current()).name
    contents = Contents(kind.code, kind.name, town, dated=wareki(clock.today()))
    made = CertificateIssue.objects.create(
        kind=kind.code, issued_on=clock.today(), issued_at=clock.now(), place=place, issued_by_kind=actor.actor_kind,
        issued_by_id=actor.actor_id, subjects=[], items=list(items), requester=Requester.OFFICE,
        purpose=f"抽出番号 {run}", copies_count=1, fee_yen=0, output=Output.PDF, layout=LAYOUT,
        contents=as_json(contents),
    )  # fmt: skip
    serial = next_serials(1)[0]
    CertificateCopy.objects.create(
        issue=made, day=made.issued_on, serial=serial, number=str(number_of(made, contents, serial)), pages=pages,
        digest=digest,
    )  # fmt: skip
    record(actor=actor, fields=["contents"], code=str(run))
    return made
