"""Certificates that this program issues, by the same operation as at the counter (証明書の交付).

Paper is printed on the day of its issue, so it is issued when somebody of the staff takes the step: where the ledger
alone said that the fee was paid, the case waits for a clerk. An electronic copy is a specimen and is ready at once.
"""

from django.utils.translation import gettext_noop as _

from municipal.applications.models import Case
from municipal.certificates.kinds import KINDS
from municipal.certificates.models import CertificateIssue, Requester
from municipal.certificates.operations import issue
from municipal.certificates.rules.items import CHOOSABLE, OF_FOREIGNERS, OMITTABLE
from municipal.certificates.rules.requests import Asked
from municipal.core.actors import STAFF, Actor
from municipal.core.refusals import Refused
from municipal.residents.models import ResidentRecord

from . import Done, carries
from .persons import chosen, identity_of, subject_of

CERTIFICATE, PREPARED = "certificate", "prepared"
SPECIMEN = "electronic_specimen"
COPY, ITEMS = "household_copy", "record_items"
OF_A_COPY = {
    "relationship": {"head"}, "domicile": {"family_register"}, "nationality": set(OF_FOREIGNERS),
    "individual_number": {"individual_number"},
}  # fmt: skip
OF_ITEMS = {
    "name": {"name"}, "address": {"address", "building"}, "born_on": {"born_on"}, "sex": {"sex"},
    "relationship": {"head"}, "resident_since": {"became_resident_on"},
}  # fmt: skip
"""What an answer of the form asks to be printed, by the keys under which a certificate leaves it out."""
OWN_FORM = _("申請者の用意した様式が付いています。窓口の画面で確かめて証明してください。")


@carries("certificate:resident_record", "certificate:record_items")
def certificate(actor: Actor, case: Case) -> Done:
    """The certificate as asked for, or the word that a clerk issues it on the day of printing (証明書の交付)."""
    if actor.actor_kind != STAFF and not is_specimen(case):
        return Done(PREPARED, None, is_over=False)
    made = issue(actor=actor, asked=asked_of(case))
    return Done(CERTIFICATE, made.pk, is_over=is_specimen(case))


def is_specimen(case: Case) -> bool:
    """Whether the applicant takes an electronic copy, which is a specimen (電子見本か)."""
    return bool(case.answers.get("receive") == SPECIMEN)


def asked_of(case: Case) -> Asked:
    """What the answers ask for, as a clerk would enter it (交付請求の読取り). Raises Refused for people not found."""
    rows = chosen(case, case.answers["subjects"])
    wanted = case.answers.get("items") or []
    if case.asked.does == "certificate:record_items":
        if case.attachments.filter(field="own_form").exists():
            raise Refused(OWN_FORM, code="own_form")
        kind, shown, all_items = ITEMS, OF_ITEMS, {*CHOOSABLE, *OMITTABLE}
    else:
        kind, shown, all_items = COPY, OF_A_COPY, set(OMITTABLE)
    printed = {key for one in wanted for key in shown.get(one, ())}
    if is_specimen(case):
        printed.discard("individual_number")
    return Asked(
        kind=KINDS[kind].code, people=tuple(one.addressee.number for one in rows), requester=_requester(case, rows),
        requester_name=str(case.applicant.get("name", ""))[:100], purpose=f"オンライン申請 {case.number}",
        identity_check=identity_of(case), omits=frozenset(all_items - printed),
        copies=1 if is_specimen(case) else int(case.answers.get("copies") or 1),
    )  # fmt: skip


def _requester(case: Case, rows: list[ResidentRecord]) -> Requester:
    """Oneself, a member of the household, or somebody else for them: then no number is printed."""
    if case.account and case.account.person_id != case.about_id:
        return Requester.PROXY
    own = subject_of(case).addressee_id
    return Requester.SELF if any(one.addressee_id == own for one in rows) else Requester.MEMBER


def issued(reference: int | None) -> CertificateIssue | None:
    """The issue that an outcome names (交付の照会)."""
    return CertificateIssue.objects.filter(pk=reference).first() if reference else None
