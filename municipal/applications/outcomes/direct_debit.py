"""A request for direct debit becomes one mandate for each kind of bill, all of them or none (口座振替の登録)."""

from django.utils.translation import gettext_noop as _

from municipal.applications.models import Case
from municipal.banking.models import Mandate
from municipal.banking.operations import register_mandate
from municipal.banking.rules import Account
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.refusals import Refused

from . import Done, carries
from .persons import NOT_KNOWN

FEES = {
    "resident_tax": "906", "property_tax": "905", "vehicle_tax": "904", "health_insurance": "901",
    "care_premium": "902", "late_elder_premium": "903",
}  # fmt: skip
"""The fee of each answer, by its number in the data of fees."""
KINDS = {"ordinary": "1", "current": "2", "savings": "9"}
MANDATE = "mandate"
REGISTERED = _("公金受取口座は給付の受取だけに使えます。振替に使う口座を確かめて、口座振替の画面で登録してください。")
BANK_UNKNOWN = _("金融機関%(bank)s・支店%(branch)sの名称がわかりません。口座振替の画面で登録してください。")


@carries("register:direct_debit")
def direct_debit(actor: Actor, case: Case) -> Done:
    """The mandates; the first stands for all of them (口座振替依頼の登録)."""
    if case.about is None:
        raise Refused(NOT_KNOWN, field="number", code="not_identified")
    account = _account(case.answers["account"])
    made = [
        register_mandate(actor=actor, payer=case.about, fee=FEES[one], account=account, starts_on=clock.today())
        for one in case.answers["items"]
    ]
    return Done(MANDATE, made[0].pk)


def _account(said: dict[str, str]) -> Account:
    """With the names of bank and branch as another mandate has them: the form asks for their numbers only."""
    if said.get("registered"):
        raise Refused(REGISTERED, code="registered_account")
    bank, branch = said["bank"], said["branch"]
    known = Mandate.objects.filter(bank_code=bank, branch_code=branch).order_by("-pk").first()
    if known is None:
        raise Refused(BANK_UNKNOWN, code="bank_unknown", bank=bank, branch=branch)
    return Account(
        bank, known.bank_name, branch, known.branch_name, KINDS.get(said["kind"], ""), said["number"], said["holder"]
    )
