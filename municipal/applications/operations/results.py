"""What an applicant takes away: the specimen of a certificate (結果の受取)."""

from io import BytesIO

from django.utils.translation import gettext_noop as _

from municipal.applications.models import Case, CaseOutcome, DamageCertificate
from municipal.applications.outcomes import damage
from municipal.applications.outcomes.certificates import CERTIFICATE, is_specimen, issued
from municipal.audit.operations import operation, record
from municipal.certificates.contents import read
from municipal.certificates.gathering import printed
from municipal.certificates.operations.issuing import drawn_of
from municipal.core.actors import Actor
from municipal.core.refusals import Refused
from municipal.residents.suppression import ISSUE, decide

from .carrying_out import standing

NOT_NOW = _("この写しは、オンラインではお渡しできません。担当課にお問い合わせください。")


def has_result(case: Case, outcome: CaseOutcome | None) -> bool:
    """Whether there is something to take away: electronic copies and specimens only (結果の有無)."""
    if outcome is None:
        return False
    return outcome.kind == damage.KIND or (outcome.kind == CERTIFICATE and is_specimen(case))


@operation("applications.result")
def result(*, actor: Actor, case: Case) -> bytes:
    """The certificate as it was issued, marked 見本 and without a number: a PDF (電子見本).

    Raises Refused where there is none, and where a suppression stops it now; the sentence says nothing of that.
    """
    outcome = standing(case)
    if outcome is not None and outcome.kind == damage.KIND:
        return _damage(actor, case)
    made = issued(outcome.reference) if outcome is not None and has_result(case, outcome) else None
    if made is None or decide(ISSUE, made.subjects).errors:
        raise Refused(NOT_NOW, code="no_result")
    contents = read(made.contents)
    pdf = drawn_of(actor, contents, None, is_sample=True).pdf
    record(actor=actor, subjects=made.subjects, fields=printed(contents), code=case.number)
    return pdf


def _damage(actor: Actor, case: Case) -> bytes:
    """The specimen of a certificate of damage, which has neither number nor address."""
    if case.about_id is None or decide(ISSUE, [case.about_id]).errors:
        raise Refused(NOT_NOW, code="no_result")
    file = BytesIO()
    damage.write(file, DamageCertificate.objects.get(case=case), is_sample=True)
    record(actor=actor, subjects=[case.about_id], fields=["name", "damage"], code=case.number)
    return file.getvalue()
