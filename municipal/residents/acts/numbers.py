"""Acts on a person's numbers: individual number and resident-record code (個人番号・住民票コードの異動; #4.3, #4.4)."""

from django.utils.translation import gettext_noop as _

from municipal.core.clauses import implements
from municipal.core.numbers import refuse_unless_resident_record_code
from municipal.core.refusals import Refused
from municipal.numbers.models import Cause, StockedCode
from municipal.numbers.operations import holder_of, is_low
from municipal.numbers.operations.entering import refuse_unfit
from municipal.numbers.sealing import from_token
from municipal.residents.models import ResidentRecord
from municipal.residents.notices import Notice, Said

from .newcomers import ALREADY, RETURNING
from .plan import Alert, Change, Plan, act
from .standing import RESIDENT, record_of, refuse_unless_next, residents
from .timing import timing

CODE_NOTICE, CHANGE_NOTICE, CORRECTION_NOTICE = "code_notice", "code_change_notice", "code_correction_notice"
"""The slips of #4.3.3; there is none that confirms a code (#4.3.3/n1)."""
CODES_ARE_LOW = "codes_are_low"
OWN_CODE = _("この方がすでに持っている、又は持っていた住民票コードです。")
LOW = _("住民票コードの在庫が少なくなっています。ネットワークから新しいコードを取り込んでください。")
CAUSES = {
    "individual_number_entry": Cause.DESIGNATION,
    "individual_number_change": Cause.ON_REQUEST,
    "individual_number_change_ex_officio": Cause.EX_OFFICIO,
    "individual_number_correction": Cause.CORRECTION,
}
"""What each act says of a number; every other act that names one carries it over."""
FIRST_CODES = frozenset({"birth"})
CODE_ACTS = frozenset({"resident_code_change", "resident_code_correction"})


@implements("resident-record/1.0#4.4/m1")
@act("individual_number_entry", "個人番号の指定")
def individual_number_entry(notice: Notice) -> Plan:
    """A number is entered for the first time, as it was designated (個人番号の職権記載)."""
    return _of_a_number(notice, "individual_number_entry")


@implements("resident-record/1.0#4.4/m1")
@act("individual_number_change", "個人番号の変更（請求）")
def individual_number_change(notice: Notice) -> Plan:
    """The number was changed on the person's request (個人番号の変更請求)."""
    return _of_a_number(notice, "individual_number_change")


@implements("resident-record/1.0#4.4/m1")
@act("individual_number_change_ex_officio", "個人番号の変更（職権）")
def individual_number_change_ex_officio(notice: Notice) -> Plan:
    """The number was changed ex officio, since it may be misused (職権に基づく個人番号の変更)."""
    return _of_a_number(notice, "individual_number_correction")


@implements("resident-record/1.0#4.4/m1")
@act("individual_number_correction", "個人番号の修正")
def individual_number_correction(notice: Notice) -> Plan:
    """A number was written wrongly or left out; it was never the right one (個人番号の職権修正)."""
    return _of_a_number(notice, "individual_number_correction")


def _of_a_number(notice: Notice, reason: str) -> Plan:
    said = _one_person(notice)
    if not said.individual_number or said.items:
        raise Refused(
            "個人番号を入力してください。ほかの項目は一緒に直せません。", field="individual_number", code="no_number"
        )
    return _row_of(notice, reason, {})


def _one_person(notice: Notice) -> Said:
    if len(notice.people) != 1:
        raise Refused("番号の異動は一人ずつ入力してください。", field="people", code="one_person")
    return notice.people[0]


def _row_of(notice: Notice, reason: str, items: dict[str, str]) -> Plan:
    when, plan = timing(notice), Plan()
    (record,) = residents(notice.people)
    refuse_unless_next([record], when.valid_from)
    plan.changes.append(Change(record, {**when.row(reason), **items}, record.household, when.valid_from))
    return plan


@implements("resident-record/1.0#4.3.2/m1", "resident-record/1.0#4.3.1/m2", "resident-record/1.0#4.3.3/m1")
@act("resident_code_change", "住民票コードの変更")
def resident_code_change(notice: Notice) -> Plan:
    """The person asked for another resident-record code; it comes from the stock (住民票コードの変更請求).

    Raises Refused where the notice names no code: there is none left in stock.
    """
    return _of_a_code(notice, "resident_record_code_change", CHANGE_NOTICE)


@implements("resident-record/1.0#4.3.2/m1", "resident-record/1.0#4.3.3/m1")
@act("resident_code_correction", "住民票コードの修正")
def resident_code_correction(notice: Notice) -> Plan:
    """The code was written wrongly (住民票コードの修正)."""
    return _of_a_code(notice, "correction_of_error", CORRECTION_NOTICE)


def _of_a_code(notice: Notice, reason: str, document: str) -> Plan:
    said = _one_person(notice)
    code = str(said.items.get("resident_code") or "")
    if set(said.items) - {"resident_code"}:
        raise Refused("住民票コードのほかの項目は一緒に直せません。", field="people", code="others")
    if not code:
        raise Refused(
            "住民票コードの在庫がありません。ネットワークから取り込むか、コードを入力してください。",
            field="resident_code",
            code="no_code",
        )
    refuse_unless_resident_record_code(code, field="resident_code")
    _refuse_taken(said, code)
    plan = _row_of(notice, reason, {"resident_code": code})
    plan.document = document
    return plan


def _refuse_taken(said: Said, code: str) -> None:
    """A code that anybody has or had, this person included, is given to nobody again."""
    known = ResidentRecord.objects.filter(resident_code=code).select_related("addressee").first()
    if known is None:
        return
    is_own = known.addressee.number == said.number
    raise Refused(
        OWN_CODE if is_own else ALREADY,
        field="resident_code", code="code_is_taken", number=known.addressee.number,
    )  # fmt: skip


@implements("resident-record/1.0#4.1.1.2/m1")
def check_numbers(notice: Notice) -> None:
    """What the notice says of individual numbers can be entered: nobody else has them, and they open (個人番号の確認).

    Somebody entered as new whose number is known is refused: they come back under their old addressee number.
    """
    for one in notice.people:
        if not one.individual_number:
            continue
        digits = from_token(one.individual_number)
        holder = holder_of(digits)
        if one.number:
            person = record_of(one.number).addressee
            if notice.act in CAUSES or holder is None or holder.pk != person.pk:
                refuse_unfit(person.pk, digits, CAUSES.get(notice.act, Cause.CARRIED))
        elif holder is not None:
            lives_here = record_of(holder.number).status == RESIDENT
            raise Refused(
                ALREADY if lives_here else RETURNING, field="individual_number",
                code="already_registered" if lives_here else "returning_by_number", number=holder.number,
            )  # fmt: skip


@implements("resident-record/1.0#4.3.1/m4", "resident-record/1.0#4.3.3/m1")
def with_numbers(notice: Notice, plan: Plan) -> None:
    """Whoever gets a first code from us gets the slip that says it; a low stock is alerted (通知票・在庫の警告)."""
    codes = [str(one.items.get("resident_code") or "") for one in notice.people if not one.number]
    is_new = [code for code in codes if code]
    if is_new and (notice.act in FIRST_CODES or StockedCode.objects.filter(code__in=is_new).exists()):
        plan.document = plan.document or CODE_NOTICE
    if (codes or notice.act in CODE_ACTS) and is_low():
        plan.alerts.append(Alert(CODES_ARE_LOW, LOW))
