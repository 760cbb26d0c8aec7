"""Telling the municipality to which an adult ward moves (成年被後見人の転出の通知; resident-record/1.0#9.4).

One ward at a time, from the ward's own page: a list of wards is made nowhere.
"""

from datetime import date

from municipal.addressees.models import LifeState
from municipal.addressees.outputs import Purpose, address_for, prints_addresses
from municipal.audit.operations import disclose, operation
from municipal.certificates.contents import Block, Contents, Item
from municipal.certificates.paper.letters import letter
from municipal.certificates.paper.page import Paper
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.clauses import implements
from municipal.core.eras import wareki
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality
from municipal.places.finding import certifying_officer
from municipal.residents.inquiry import person
from municipal.residents.models import ResidentRecord

FIELDS = ("name", "born_on", "sex", "address", "planned_destination", "confirmed_destination", "is_under_guardianship")
ABROAD = frozenset({"move_out_abroad"})


def is_due(record: ResidentRecord) -> bool:
    """Whether a ward has left or announced to leave for somewhere in Japan (通知の要否)."""
    is_leaving = record.status == LifeState.MOVED_OUT or record.move_out_planned_on is not None
    return bool(record.is_under_guardianship and is_leaving and destination_of(record))


def destination_of(record: ResidentRecord) -> str:
    """The municipality to which somebody goes, as far as it is known; empty for abroad (転出先の市区町村)."""
    for group in ("confirmed_destination", "planned_destination"):
        if getattr(record, f"{group}_country") or getattr(record, f"{group}_abroad"):
            return ""
        if city := getattr(record, f"{group}_city"):
            return f"{getattr(record, f'{group}_prefecture')}{city}"
    return ""


@implements("resident-record/1.0#9.4/m2")
@prints_addresses("extracts.ward_notice", Purpose.CERTIFICATE)
@operation("extracts.tell_destination")
def notice_to_destination(*, actor: Actor, number: str) -> bytes:
    """The notice about the ward with addressee number ``number``, as PDF (成年被後見人異動通知).

    Raises Refused for somebody who is no ward or does not leave for another municipality.
    """
    found = person(number)
    if found is None or not is_due(found.record):
        raise Refused(
            "転出する成年被後見人ではないか、転出先が国内の市区町村ではありません。記録を確かめてください。",
            code="no_ward_leaving",
        )  # fmt: skip
    disclose(actor=actor, subjects=[found.addressee.pk], fields=FIELDS)
    contents, paper = _contents(found.record, is_protected=found.is_protected), Paper()
    paper.titled(contents.title)
    for page, draw in enumerate(letter(contents)):
        if page:
            paper.next_page()
        draw(paper)
    return paper.finish()


def _contents(record: ResidentRecord, *, is_protected: bool) -> Contents:
    town, today = Municipality.objects.get(pk=wall.current()), clock.today()
    left_on = record.move_out_confirmed_on or record.move_out_planned_on
    items = (
        Item("name", "氏名", record.name), Item("born_on", "生年月日", record.born_on.shown()),
        Item("former", "異動前の住所", _address(record, "address", is_protected=is_protected)),
        Item("new", "転出先の住所", _destination(record, is_protected=is_protected)),
        Item("left_on", "転出年月日", wareki(left_on) if left_on else ""),
    )  # fmt: skip
    title, name = _officer(town, today)
    return Contents(
        kind="ward_notice", title="成年被後見人異動通知書", town=town.name, people=(Block("", items),),
        addressed=(f"{destination_of(record)}長　様",), dated=wareki(today), officer=title, officer_name=name,
        body=("当市区町村の成年被後見人が貴市区町村へ転出しましたので、次のとおりお知らせします。",),
    )  # fmt: skip


def _officer(town: Municipality, today: date) -> tuple[str, str]:
    """Who signs: the one who certifies today; where nobody is registered, the office alone."""
    try:
        found = certifying_officer(today)
    except Refused:
        return f"{town.name}長", ""
    return found.title, found.name


def _address(record: ResidentRecord, group: str, *, is_protected: bool) -> str:
    shown = address_for(Purpose.CERTIFICATE, vars(record), group, is_protected=is_protected)
    return "（支援措置のため記載しません）" if shown.is_withheld else shown.text


def _destination(record: ResidentRecord, *, is_protected: bool) -> str:
    groups = ("confirmed_destination", "planned_destination")
    group = next((name for name in groups if getattr(record, f"{name}_city")), groups[-1])
    return _address(record, group, is_protected=is_protected)
