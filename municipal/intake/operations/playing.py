"""Playing the portal in the training room: what comes in, and how it misbehaves (模擬の申請サイトの操作)."""

from datetime import timedelta
from secrets import choice, randbelow, token_hex

from django.utils.translation import gettext_noop as _

from municipal.applicants.models import Certificate
from municipal.applicants.rules import Use
from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.refusals import Refused
from municipal.intake.making import SOMEBODY, Filled, filled, made, zipped
from municipal.intake.models import PortalApplication
from municipal.intake.payload import canonical, digest_of
from municipal.intake.simulator import FAULTS
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality
from municipal.procedures.catalogue import Entry, entry_of
from municipal.procedures.offered import current
from municipal.residents.secrecy import secrets as secrets_of

KNOWN, UNKNOWN, UNSIGNED = "known", "unknown", "unsigned"
WHO = {
    KNOWN: _("カードを持つ住民"), UNKNOWN: _("この自治体が知らないカードの人"), UNSIGNED: _("署名のない人"),
}  # fmt: skip
NO_CARD = _("模擬カードを持つ住民がいません。先に模擬カードを作ってください。")
MOST_TIMES = 20


def refuse_unless_made_up() -> None:
    """Raise Refused in a real municipality (研修用の確認)."""
    if not Municipality.objects.filter(pk=wall.current(), is_fictional=True).exists():
        raise Refused("模擬の申請サイトは、架空の自治体でだけ使えます。", code="unavailable")


@operation("intake.play_application")
def play_application(
    *, actor: Actor, procedure: str, who: str, fault: str = "none", times: int = 1
) -> PortalApplication:
    """Have somebody made up hand an application in at the simulated portal (模擬の申請)."""
    refuse_unless_made_up()
    content = current(procedure)
    if content is None or content["kind"] != "online" or who not in WHO:
        raise Refused("一覧から選んでください。", field="procedure", code="invalid")
    entry, receipt = entry_of(content), f"M{clock.today():%y%m%d}{randbelow(10**8):08d}"
    manifest, parts = _made(entry, receipt, who)
    row = PortalApplication.objects.create(
        receipt=receipt, procedure=procedure, content=zipped((manifest, parts)), made_at=clock.now(),
        digest=digest_of(canonical(manifest)),
    )  # fmt: skip
    record(actor=actor, code=receipt)
    return _misbehaving(row, fault, times)


def _made(
    entry: Entry, receipt: str, who: str, said: Filled | None = None
) -> tuple[dict[str, object], dict[str, bytes]]:
    # Whole seconds travel: a certificate of this very second must not be younger than the application.
    at = clock.now()
    if who == KNOWN:
        certificate = _some_certificate()
        card = certificate.card
        person = {"name": card.name, "kana": "", "born_on": card.born_on, "address": card.address}
        return made(entry, receipt, person, certificate, at=at, said=said)
    somebody = _some_certificate() if who == UNKNOWN else None
    return made(entry, receipt, SOMEBODY, somebody, at=at, serial=token_hex(16) if somebody else "", said=said)


def _some_certificate() -> Certificate:
    """Of somebody whose address may be known."""
    moment = clock.now() - timedelta(seconds=1)
    found = list(
        Certificate.objects.filter(use=Use.SIGNATURE.value, revocation=None, expires_at__gt=clock.now())
        .exclude(card__holder__in=secrets_of().people).filter(issued_at__lte=moment).select_related("card")[:200]
    )  # fmt: skip
    if not found:
        raise Refused(NO_CARD, field="who", code="no_card")
    return choice(found)


@operation("intake.play_fault")
def play_fault(*, actor: Actor, application: int, fault: str, times: int) -> PortalApplication:
    """Have the portal misbehave with an application from now on (不具合の設定)."""
    refuse_unless_made_up()
    row = PortalApplication.objects.select_for_update().filter(pk=application).first()
    if row is None:
        raise Refused("この申請は見つかりません。", field="fault", code="not_found")
    record(actor=actor, code=row.receipt)
    return _misbehaving(row, fault, times)


def _misbehaving(row: PortalApplication, fault: str, times: int) -> PortalApplication:
    if fault not in FAULTS or not 0 < times <= MOST_TIMES:
        raise Refused("一覧から選んでください。", field="fault", code="invalid")
    row.fault, row.fault_times = fault, times
    if fault == "changed":
        _change(row)
    row.save(update_fields=["fault", "fault_times", "content", "digest"])
    return row


def _change(row: PortalApplication) -> None:
    """The same number with other content: the applicant's telephone number, as after a correction."""
    content = current(row.procedure)
    if content is None:
        return
    entry = entry_of(content)
    manifest, parts = _made(entry, row.receipt, KNOWN, filled(entry))
    row.content, row.digest = zipped((manifest, parts)), digest_of(canonical(manifest))
    row.fault, row.fault_times = "none", 0
