"""Simulated cards: issuing, entering a PIN, signing, and what ends a certificate (模擬カードの操作)."""

import secrets
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.crypto import constant_time_compare

from municipal.addressees.models import Addressee, LifeState
from municipal.applicants.authority import Signature, certificate, is_genuine, sealed_pin, signed
from municipal.applicants.facts import Facts, facts_of, registered
from municipal.applicants.models import Card, Certificate, Revocation
from municipal.applicants.rules import CARD_NUMBER, SHAPES, TRIES, Use, is_locked, is_pin
from municipal.audit.operations import log_apart, operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality

from .actors import HOLDER

LIVES, CARD_LIVES = timedelta(days=1826), timedelta(days=3652)
NO_CARD = Refused("このカードは見つかりません。カード番号を確かめてください。", field="number", code="no_such_card")
LOCKED = Refused(
    "暗証番号の間違いが続いたため、このカードは使えません。窓口で暗証番号を設定し直してください。",
    field="pin", code="card_locked",
)  # fmt: skip
NOT_IN_FORCE = Refused(
    "このカードの電子証明書は失効しています。住所や氏名が変わったときは、窓口で発行し直してください。",
    field="number", code="certificate_ended",
)  # fmt: skip
BAD_PIN = Refused(
    "暗証番号は、利用者証明用は数字4桁、署名用は英大文字と数字で6桁から16桁です。", field="pin", code="pin_form"
)


def refuse_unless_made_up() -> None:
    """Raise Refused in a real municipality: nobody's real card is ever played (研修用の確認)."""
    if not Municipality.objects.filter(pk=wall.current(), is_fictional=True).exists():
        raise Refused("模擬カードは、架空の自治体でだけ使えます。", code="unavailable")


@operation("applicants.issue_card")
def issue_card(*, actor: Actor, holder: Addressee, pin_user: str, pin_signature: str) -> Card:
    """Hand out a card with both certificates; those of former cards of the holder end (カードの交付).

    Raises Refused in a real municipality, for PINs of another form and for somebody without a record.
    """
    refuse_unless_made_up()
    if not is_pin(Use.SIGN_IN, pin_user) or not is_pin(Use.SIGNATURE, pin_signature):
        raise BAD_PIN
    facts, now = facts_of(holder), clock.now()
    _revoke(in_force_of([holder.pk]), Revocation.Why.RENEWED)
    number = f"{secrets.randbelow(10**12):012d}"
    card = Card.objects.create(
        number=number, holder=holder, pin_user=sealed_pin(number, Use.SIGN_IN, pin_user),
        pin_signature=sealed_pin(number, Use.SIGNATURE, pin_signature), issued_at=now,
        expires_on=(now + CARD_LIVES).date(), **vars(facts),
    )  # fmt: skip
    for use in Use:
        _certify(card, use)
    record(actor=actor, subjects=[holder.pk], fields=["card"])
    return card


@operation("applicants.renew_signature")
def renew_signature(*, actor: Actor, card: Card) -> Certificate:
    """Write the register's present items on the card and give it a new signature certificate (署名用証明書の再発行).

    Raises Refused for a card whose holder died or has left.
    """
    found = _locked(card.number)
    if found.holder.life_state != LifeState.RESIDENT:
        raise Refused("住民でない方のカードには、電子証明書を発行できません。", code="no_record")
    for name, text in vars(facts_of(found.holder)).items():
        setattr(found, name, text)
    found.save(update_fields=["name", "born_on", "sex", "address"])
    _revoke([one for one in in_force_of([found.holder_id]) if one.use == Use.SIGNATURE], Revocation.Why.RENEWED)
    record(actor=actor, subjects=[found.holder_id], fields=["certificate"])
    return _certify(found, Use.SIGNATURE)


@operation("applicants.set_pin")
def set_pin(*, actor: Actor, card: Card, use: Use, pin: str) -> None:
    """Set a PIN anew at the counter, which opens a locked card (暗証番号の再設定). Raises Refused for its form."""
    if not is_pin(use, pin):
        raise BAD_PIN
    found = _locked(card.number)
    setattr(found, f"pin_{use.value}", sealed_pin(found.number, use, pin))
    setattr(found, f"failures_{use.value}", 0)
    found.save(update_fields=[f"pin_{use.value}", f"failures_{use.value}"])
    record(actor=actor, subjects=[found.holder_id], fields=[f"pin_{use.value}"])


@operation("applicants.report_loss")
def report_loss(*, actor: Actor, card: Card) -> None:
    """End both certificates of a card that was lost (紛失の届出)."""
    _revoke([one for one in in_force_of([card.holder_id]) if one.card_id == card.pk], Revocation.Why.LOST)
    record(actor=actor, subjects=[card.holder_id], fields=["certificate"])


@operation("applicants.follow_register")
def follow_register(*, actor: Actor, people: Collection[int]) -> int:
    """End what the register's change ends: of the dead everything, of whoever changed the signature's (失効の連動).

    Returns how many certificates ended. Doing it again ends nothing more.
    """
    alive = dict(Addressee.objects.filter(pk__in=people).values_list("pk", "life_state"))
    said = registered(people)
    dead, changed = [], []
    for one in in_force_of(people):
        holder = one.card.holder_id
        if alive[holder] == LifeState.DEAD:
            dead.append(one)
        elif one.use == Use.SIGNATURE and (holder not in said or said[holder].facts != one.card.facts):
            changed.append(one)
    _revoke(dead, Revocation.Why.DEAD)
    _revoke(changed, Revocation.Why.CHANGED)
    record(actor=actor, subjects=people, fields=["certificate"])
    return len(dead) + len(changed)


def enter_pin(*, town: int, number: str, use: Use, pin: str) -> Card:
    """The card, if the PIN is right and its certificate of that use counts (暗証番号の照合).

    Opens the door itself, so that a wrong PIN is counted whatever becomes of the request. Raises Refused: no such
    card, a wrong PIN with the tries that are left, a locked card, a certificate that ended.
    """
    digits = "".join(number.split())
    with wall.within(town):
        refuse_unless_made_up()
        outcome = _tried(digits, use, pin)
    if isinstance(outcome, Refused):
        log_apart(municipality=town, actor=HOLDER, act="applicants.enter_pin", kind="failed_sign_in", code=outcome.code)
        raise outcome
    return outcome


def sign(*, town: int, number: str, pin: str, text: bytes) -> Signature:
    """Sign a text with the card's signature certificate (電子署名). Opens the door itself; raises Refused as above."""
    card = enter_pin(town=town, number=number, use=Use.SIGNATURE, pin=pin)
    with wall.within(town):
        found = [one for one in in_force_of([card.holder_id]) if one.card_id == card.pk and one.use == Use.SIGNATURE]
        record(actor=HOLDER, act="applicants.sign", subjects=[card.holder_id], fields=["signature"])
        return signed(town, found[0].serial, bytes(found[0].content), text)


def is_good(made: Signature, text: bytes, at: datetime | None = None) -> bool:
    """Whether the signature is genuine and its certificate was not ended at that moment, or by now (有効性確認)."""
    when = at or clock.now()
    if not is_genuine(wall.current(), Use.SIGNATURE, made, text, when):
        return False
    in_time = Q(revocation=None) | Q(revocation__at__gt=when)
    return Certificate.objects.filter(in_time, serial=made.serial, use=Use.SIGNATURE).exists()


def signer_of(made: Signature) -> Card | None:
    """The card of this town that signed; None for another's certificate (署名したカード)."""
    found = Certificate.objects.select_related("card__holder").filter(serial=made.serial, use=Use.SIGNATURE).first()
    return found.card if found is not None else None


def in_force_of(people: Iterable[int]) -> list[Certificate]:
    """The certificates of these people that count now (有効な電子証明書)."""
    found = Certificate.objects.filter(card__holder__in=people, revocation=None, expires_at__gt=clock.now())
    return list(found.select_related("card").order_by("pk"))


def _tried(number: str, use: Use, pin: str) -> Card | Refused:
    """A refusal is returned, not raised: the count must outlive it."""
    card = Card.objects.select_for_update().filter(number=number).first() if CARD_NUMBER.fullmatch(number) else None
    if card is None:
        return NO_CARD
    failures = getattr(card, f"failures_{use.value}")
    if is_locked(use, failures):
        return LOCKED
    if not SHAPES[use].fullmatch(pin):
        return BAD_PIN  # A card reads nothing of another form: it is no try.
    is_right = constant_time_compare(sealed_pin(number, use, pin), getattr(card, f"pin_{use.value}"))
    _count(card, use, 0 if is_right else failures + 1)
    if not is_right:
        return _wrong(use, failures + 1)
    if not [one for one in in_force_of([card.holder_id]) if one.card_id == card.pk and one.use == use]:
        return NOT_IN_FORCE
    record(actor=HOLDER, act="applicants.enter_pin", subjects=[card.holder_id], kind="sign_in")
    return card


def _count(card: Card, use: Use, failures: int) -> None:
    setattr(card, f"failures_{use.value}", failures)
    card.save(update_fields=[f"failures_{use.value}"])


def _wrong(use: Use, failures: int) -> Refused:
    if is_locked(use, failures):
        return LOCKED
    return Refused(
        "暗証番号が違います。あと%(left)d回間違えると、このカードは使えなくなります。", field="pin", code="wrong_pin",
        left=TRIES[use] - failures,
    )  # fmt: skip


def _locked(number: str) -> Card:
    return Card.objects.select_for_update(of=("self",)).select_related("holder").get(number=number)


def _certify(card: Card, use: Use) -> Certificate:
    now, serial = clock.now(), f"{secrets.randbits(126) | 1 << 126:032x}"
    facts: Facts | None = card.facts if use == Use.SIGNATURE else None
    content = certificate(wall.current(), use, serial, (now, now + LIVES), facts)
    return Certificate.objects.create(
        card=card, use=use, serial=serial, content=content, issued_at=now, expires_at=now + LIVES
    )  # fmt: skip


def _revoke(found: Iterable[Certificate], why: str) -> None:
    """What somebody else ended meanwhile stays as they said."""
    ended = [Revocation(certificate=one, why=why, at=clock.now()) for one in found]
    Revocation.objects.bulk_create(ended, ignore_conflicts=True)
