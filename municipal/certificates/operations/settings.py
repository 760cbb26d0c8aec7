"""How forms are set up, and which seals and printers there are (帳票・公印・プリンタの設定)."""

import io
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from PIL import Image, UnidentifiedImageError

from municipal.audit.operations import operation, record
from municipal.certificates.kinds import KINDS
from municipal.certificates.models import (
    Colour,
    FormSettings,
    LaterRule,
    Output,
    Printer,
    Seal,
    SealKind,
    SealUse,
    Signer,
)
from municipal.certificates.rules.items import CHOOSABLE, OMITTABLE
from municipal.certificates.rules.later import CHANGES
from municipal.core.actors import Actor
from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.identity.rules import is_one_line

LARGEST_FEE, MOST_PHRASES, LONGEST_PHRASE = 100_000, 3, 40
LARGEST_PNG, MOST_PIXELS = 1_000_000, 2_000


def settings_of(kind: str) -> FormSettings:
    """How the form is set up here, or the defaults of the form (帳票の設定)."""
    known = KINDS[kind]
    row = FormSettings.objects.select_related("printer").filter(kind=kind).first()
    seal, phrases = (SealUse.SIGNER, []) if known.attestation else (SealUse.NONE, ["公印省略"])
    return row or FormSettings(kind=kind, fee_yen=known.fee_yen, omits=list(OMITTABLE), seal=seal, phrases=phrases)


@implements(
    "resident-record/1.0#5.1/m2", "resident-record/1.0#5.6/m1", "resident-record/1.0#5.6/m4",
    "resident-record/1.0#5.8/m3", "resident-record/1.0#10.7/m4",
)  # fmt: skip
@operation("certificates.change_form")
def change_form(*, actor: Actor, kind: str, said: dict[str, Any]) -> FormSettings:
    """Say how one form is set up: fee, what is left out, who signs, the seal, phrases, overflow, output (設定の変更).

    ``said``: fee_yen, omits, has_reading, signer, seal, phrases, keeps_cut, output, printer (a Printer or None).
    """
    if kind not in KINDS:
        raise Refused("証明書の種別を選んでください。", field="kind", code="no_such_form")
    _refuse_unless_possible(said)
    row = FormSettings.objects.select_for_update().filter(kind=kind).first() or FormSettings(kind=kind)
    for name, value in said.items():
        setattr(row, name, value)
    row.save()
    record(actor=actor, fields=sorted(said))
    return row


def _refuse_unless_possible(said: dict[str, Any]) -> None:
    if not 0 <= said["fee_yen"] <= LARGEST_FEE:
        raise Refused("手数料は0円から100,000円までです。", field="fee_yen", code="fee")
    if not set(said["omits"]) <= {*OMITTABLE, *CHOOSABLE}:
        raise Refused("省略できない項目が選ばれています。選び直してください。", field="omits", code="omits")
    phrases: Sequence[str] = said["phrases"]
    if len(phrases) > MOST_PHRASES or any(len(one) > LONGEST_PHRASE or not is_one_line(one) for one in phrases):
        raise Refused("固定文言は3つまで、それぞれ40文字までです。", field="phrases", code="phrases")
    if said["signer"] not in set(Signer) or said["seal"] not in set(SealUse) or said["output"] not in set(Output):
        raise Refused("一覧から選んでください。", field="signer", code="no_such_choice")


@operation("certificates.switch_later_rules")
def switch_later_rules(*, actor: Actor, on: Collection[str]) -> None:
    """Say which rules of later versions count here; all others do not (後の版の規則の切替え)."""
    if not set(on) <= CHANGES.keys():
        raise Refused("一覧から選んでください。", field="later", code="no_such_choice")
    for code in CHANGES:
        LaterRule.objects.update_or_create(code=code, defaults={"is_on": code in on})
    record(actor=actor, fields=sorted(on))


@implements("resident-record/1.0#1.3.7/m1", "resident-record/1.0#5.6/m3", "resident-record/1.0#5.6/m5")
@operation("certificates.add_seal")
def add_seal(*, actor: Actor, kind: str, colour: str, png: bytes, size_mm: int, valid_from: date) -> Seal:
    """Register the picture of a seal from a day on (公印の登録).

    The picture is kept in shades of grey, or of red for a card face. Raises Refused for what is no square picture.
    """
    if kind not in set(SealKind) or colour not in set(Colour):
        raise Refused("一覧から選んでください。", field="kind", code="no_such_choice")
    kept = _picture(png, is_red=colour == Colour.RED)
    seal = Seal.objects.create(kind=kind, colour=colour, png=kept, size_mm=size_mm, valid_from=valid_from)
    record(actor=actor, fields=["seal"])
    return seal


def _picture(png: bytes, *, is_red: bool) -> bytes:
    not_one = Refused("正方形のPNG画像（2,000画素以内、1MB以内）を選んでください。", field="png", code="no_picture")
    if len(png) > LARGEST_PNG:
        raise not_one
    try:
        picture = Image.open(io.BytesIO(png), formats=["PNG"])
        if picture.width != picture.height or picture.width > MOST_PIXELS:
            raise not_one
        grey = _grey(picture)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise not_one from None
    ink = Image.new("RGBA", grey.size, (200, 0, 0, 255) if is_red else (0, 0, 0, 255))
    ink.putalpha(grey.point(lambda shade: 255 - shade))
    kept = io.BytesIO()
    ink.save(kept, "PNG")
    return kept.getvalue()


def _grey(picture: Image.Image) -> Image.Image:
    """Shades of grey on white, whatever transparency the picture has."""
    ground = Image.new("RGBA", picture.size, (255, 255, 255, 255))
    return Image.alpha_composite(ground, picture.convert("RGBA")).convert("L")


@implements("resident-record/1.0#10.7/m1")
@operation("certificates.add_printer")
def add_printer(*, actor: Actor, number: str, name: str, queue: str, trays: Sequence[str]) -> Printer:
    """Register a printer with its trays, or say anew what is known of its number (プリンタの登録)."""
    if not (number.strip() and name.strip()) or any(not is_one_line(one) for one in (number, name, *trays)):
        raise Refused("プリンタの番号と名称を一行で入力してください。", field="number", code="printer")
    row = Printer.objects.select_for_update().filter(number=number).first() or Printer(number=number)
    row.name, row.queue, row.trays = name, queue, list(trays)
    row.save()
    record(actor=actor, fields=["printer"])
    return row
