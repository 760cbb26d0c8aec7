"""What may be asked for, by whom, and what it costs (交付請求の規則)."""

from dataclasses import dataclass

from municipal.certificates.kinds import COPIES, HOUSEHOLD, KINDS, Kind
from municipal.certificates.models import Output, Requester
from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.identity.rules import is_one_line
from municipal.residents.models import IdentityCheck

MOST_COPIES = 20
"""Copies of one issue: the system prints no masses (#10.7/n2)."""
MOST_PEOPLE = 40
NEAR = frozenset({Requester.SELF, Requester.MEMBER, Requester.LEGAL})
"""To whom numbers may be given (CERT-12)."""
LENGTHS = {"requester_name": 100, "purpose": 200, "exemption": 100}


@dataclass(frozen=True)
class Asked:
    """What somebody asks for at the counter (交付請求).

    ``people``: addressee numbers in the order chosen. ``omits``: keys of ``items.OMITTABLE`` and, on a certificate of
    items, of ``items.CHOOSABLE``. ``confirmed``: codes of the alerts that the clerk has seen.
    """

    kind: str
    people: tuple[str, ...]
    requester: str = Requester.SELF
    requester_name: str = ""
    purpose: str = ""
    identity_check: str = ""
    omits: frozenset[str] = frozenset()
    is_official: bool = False
    exemption: str = ""
    copies: int = 1
    has_history: bool = False
    has_special_history: bool = False
    output: str = Output.PDF
    printer: str = ""
    tray: str = ""
    terminal: str = ""
    place: str = ""
    confirmed: frozenset[str] = frozenset()


@implements("resident-record/1.0#5.7/m1", "resident-record/1.0#10.7/m2", "resident-record/1.0#10.7/n2")
def refuse_unless_proper(asked: Asked) -> Kind:
    """The form that is asked for; raises Refused for what no counter may issue (請求の確認)."""
    kind = KINDS.get(asked.kind)
    if kind is None or kind.code not in COPIES:
        raise Refused("証明書の種別を選んでください。", field="kind", code="no_such_form")
    if not 1 <= len(set(asked.people)) <= MOST_PEOPLE or len(set(asked.people)) != len(asked.people):
        raise Refused("証明する人を選んでください。", field="people", code="nobody")
    if not 1 <= asked.copies <= MOST_COPIES:
        raise Refused("部数は1から20までです。", field="copies", code="copies")
    _refuse_unless_said(asked)
    _refuse_official(asked, kind)
    _refuse_numbers(asked)
    if kind.family == HOUSEHOLD and asked.has_history:
        raise Refused(
            "世帯連記式には履歴を載せられません。個人票を選んでください。", field="has_history", code="history"
        )
    return kind


def _refuse_unless_said(asked: Asked) -> None:
    if asked.requester not in set(Requester) - {Requester.OFFICE}:
        raise Refused("請求者の資格を選んでください。", field="requester", code="requester")
    for name, longest in LENGTHS.items():
        said = getattr(asked, name)
        if len(said) > longest or not is_one_line(said):
            raise Refused("長すぎるか、改行などの使えない文字が含まれています。", field=name, code="unfit_text")
    if not asked.requester_name.strip():
        raise Refused("請求者の氏名を入力してください。", field="requester_name", code="requester_name")
    if not asked.purpose.strip() and asked.requester not in NEAR:
        raise Refused("利用の目的を入力してください。", field="purpose", code="purpose")
    if asked.identity_check not in {IdentityCheck.NUMBER_CARD, IdentityCheck.PHOTO, IdentityCheck.TWO} and (
        asked.requester != Requester.PUBLIC
    ):
        raise Refused(
            "本人確認の方法を選んでください。確認できない人には交付できません。",
            field="identity_check",
            code="identity_check",
        )


def _refuse_official(asked: Asked, kind: Kind) -> None:
    if asked.is_official and (asked.requester != Requester.PUBLIC or not kind.may_be_official):
        raise Refused(
            "公用にできるのは、国・地方公共団体の機関からの請求だけです。", field="is_official", code="official"
        )


def _refuse_numbers(asked: Asked) -> None:
    if asked.requester in NEAR or {"individual_number", "resident_code"} <= asked.omits:
        return
    raise Refused(
        "個人番号と住民票コードを載せた証明書は、本人、同一世帯員、法定代理人だけに交付できます。"
        "どちらも省略してください。",
        field="omits",
        code="numbers",
    )


def fee(asked: Asked, yen: int) -> int:
    """What all copies cost together, in yen: nothing for official use and where the fee is waived (手数料)."""
    return 0 if asked.is_official or asked.exemption.strip() else yen * asked.copies
