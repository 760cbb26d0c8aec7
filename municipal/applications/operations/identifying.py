"""Who of the register an application concerns, where nobody signed in (対象者の確認)."""

from django.utils.translation import gettext_noop as _

from municipal.addressees.models import Addressee
from municipal.applications.models import Case
from municipal.applications.outcomes.persons import is_same_person
from municipal.applications.rules.steps import is_over
from municipal.audit.operations import operation, record
from municipal.core.actors import Actor
from municipal.core.refusals import Refused
from municipal.residents.inquiry import is_number
from municipal.residents.models import ResidentRecord

from .stepping import NO_STEP, locked

SIGNED_IN = _("サインインした人の申請です。対象の方はすでに決まっています。")
NO_SUCH_PERSON = _("この宛名番号の住民は登録されていません。番号を確かめてください。")
ANOTHER = _("申請の氏名か生年月日が、この宛名番号の台帳と違います。")


@operation("applications.identify")
def identify(*, actor: Actor, case: int, seen: int, number: str) -> Case:
    """Note that the application concerns the resident with this number (対象者の特定).

    Raises Refused where name or birth date differ, for an account's case, and for a case that is over.
    """
    found = locked(case, seen)
    if is_over(found.workflow, found.state):
        raise Refused(NO_STEP, code="no_step")
    if found.account_id is not None:
        raise Refused(SIGNED_IN, code="signed_in")
    person = Addressee.objects.filter(number=number.strip()).first() if is_number(number.strip()) else None
    rows = ResidentRecord.objects.filter(addressee=person).order_by("-serial") if person else None
    newest = rows.first() if rows is not None else None
    if person is None or newest is None:
        raise Refused(NO_SUCH_PERSON, field="number", code="no_such_person")
    if not is_same_person(found, newest):
        raise Refused(ANOTHER, field="number", code="another_person")
    found.about = person
    found.save(update_fields=["about"])
    record(actor=actor, subjects=[person.pk], fields=["name", "born_on"], code=found.procedure)
    return found
