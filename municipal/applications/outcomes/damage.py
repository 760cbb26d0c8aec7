"""A certificate of the damage to a home, of our own layout, which nobody has verified (罹災証明書).

Basic Act on Disaster Management, article 90-2 (unverified).
"""

from datetime import date
from typing import IO

from django.utils.translation import gettext_noop as _

from municipal.addressees.mailing import deliveries, withheld_among
from municipal.addressees.operations import give_number
from municipal.applications.models import Case, DamageCertificate
from municipal.applications.operations.findings import NO_DEGREE
from municipal.applications.rules.findings import DAMAGE, DEGREES
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.eras import wareki
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality
from municipal.payments.paper.addressing import moment, one_sheet
from municipal.payments.paper.sheet import Column, Sheet, Table

from . import Done, carries
from .persons import subject_of

KIND, SERIES = "damage_certificate", "damage"
TITLE = "罹災証明書"
SAYS = "住家の被害の程度について、次のとおり証明します。"
UNVERIFIED = "様式未確認（暫定）：この様式と根拠（災害対策基本法第90条の2）は、まだ確かめられていません。"
NOT_PRINTED = "記載しません（担当課で別に確認します）"
AS_A_SAMPLE = "見本のため記載しません"
APPEAL = (
    "被害の程度に異議があるときは、再調査を申し出ることができます。"
    "期限と方法は、担当課におたずねください（未確認）。"
)  # fmt: skip
WAITS_AT = "担当課でお渡しします"
FORGOTTEN = _("保存期間が過ぎたため、この証明書は印刷できません。")
LINE = 24


@carries(DAMAGE)
def certify(actor: Actor, case: Case) -> Done:
    """The certificate with its number; handing it over is the office's, which then says so (罹災証明書の作成)."""
    subject_of(case)
    last = case.findings.order_by("-pk").first()
    if last is None:
        raise Refused(NO_DEGREE, code="nothing_found")
    made = DamageCertificate.objects.filter(case=case).first() or DamageCertificate.objects.create(
        case=case, finding=last, number=give_number(SERIES), issued_at=clock.now()
    )
    return Done(KIND, made.pk, is_over=False)


def write(file: IO[bytes], made: DamageCertificate, *, is_sample: bool) -> None:
    """Write the certificate as a PDF (罹災証明書の印刷).

    ``is_sample``: for the applicant to take from their page: 見本, with neither number nor address. The damaged place
    is left out of everybody's whose address is withheld, for it is where they live. Raises Refused when forgotten.
    """
    case, town = made.case, Municipality.objects.get(pk=wall.current())
    if case.about_id is None or not made.finding.values:
        raise Refused(FORGOTTEN, code="forgotten")
    to = deliveries([case.about_id], office=case.asked.desk.ja)[case.about_id]
    lines = () if is_sample else to.lines
    postal = (f"〒{to.postal_code[:3]}-{to.postal_code[3:]}",) if to.postal_code and lines else ()
    issued_on = made.issued_at.astimezone(clock.TOKYO).date()
    rows = (("証明番号", AS_A_SAMPLE if is_sample else made.number), *_rows(made, to.recipient))
    table = Table("", (Column("項目", 40), Column("内容", 130)), rows)
    one_sheet(
        file,
        Sheet(
            title=f"{TITLE}（様式未確認）", town=town.name, office=case.asked.desk.ja, issued_on=issued_on,
            recipient=f"{to.recipient}　{to.honorific}", role=to.role, address=(*postal, *lines),
            care_of="" if lines else to.care_of or WAITS_AT, as_of=moment(clock.now()),
            body=(SAYS, table, UNVERIFIED, APPEAL), is_specimen=is_sample or town.is_fictional,
        ),
    )  # fmt: skip


def _rows(made: DamageCertificate, name: str) -> list[tuple[str, str]]:
    said, case = made.finding.values, made.case
    place = NOT_PRINTED if withheld_among([int(case.about_id or 0)]) else str(case.answers.get("place", ""))
    day = wareki(date.fromisoformat(said["disaster_on"]))
    return [
        ("氏名", name), *_cut("罹災の原因", said["disaster"]), ("罹災した日", day), *_cut("被害の場所", place),
        ("被害の程度", DEGREES[said["degree"]]), ("受付番号", case.number),
    ]  # fmt: skip


def _cut(label: str, text: str) -> list[tuple[str, str]]:
    pieces = [text[at : at + LINE] for at in range(0, max(len(text), 1), LINE)]
    return [(label if at == 0 else "", piece) for at, piece in enumerate(pieces)]
