"""Entering and correcting non-residents and corporations (住登外者・法人の登録と訂正).

Residents are entered by the resident register alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from municipal.addressees.fields import ABROAD_PARTS, ADDRESS_PARTS, glyphs_of
from municipal.addressees.models import Addressee, AddresseeKind, DirectoryRecord
from municipal.addressees.rules import refuse_bad_postal_code
from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.characters import kana_index, name_key, refuse_unstorable
from municipal.core.numbers import refuse_unless_corporate_number
from municipal.core.refusals import Refused

from .numbers import ADDRESSEE_NUMBERS, give_number

PARTS = (*ADDRESS_PARTS, *ABROAD_PARTS)
CODES = frozenset({"mailing_municipality_code", "mailing_block_code", "mailing_country_code"})
"""What clerks do not type: it stays as long as the address that it belongs to."""


@dataclass(frozen=True)
class DirectoryEntry:
    """What the directory is to say of a non-resident or a corporation (住登外者・法人の内容).

    ``address``: parts by the names of PARTS.
    """

    kind: str
    name: str
    kana: str = ""
    corporate_number: str = ""
    address: Mapping[str, str] = field(default_factory=dict)

    def items(self) -> dict[str, str]:
        """Its items by the names that the table gives them (項目)."""
        said = {name: getattr(self, name).strip() for name in ("name", "kana", "corporate_number")}
        return said | {f"mailing_{part}": self.address.get(part, "").strip() for part in PARTS}


@operation("addressees.register_payer")
def register_payer(*, actor: Actor, entry: DirectoryEntry) -> Addressee:
    """Enter somebody who is no resident, or a corporation, under a new number (住登外者・法人の登録).

    Raises Refused without a name or an address, for a corporate number whose check digit is wrong, and for one that
    another corporation here has.
    """
    _refuse_bad(entry)
    made = Addressee.objects.create(number=give_number(ADDRESSEE_NUMBERS), kind=entry.kind, **entry.items())
    _write(made, entry.items(), serial=1, reason="")
    record(actor=actor, subjects=[made.pk], fields=["name", "kana", "corporate_number", "mailing"], code=entry.kind)
    return made


@operation("addressees.register_unidentified")
def register_unidentified(*, actor: Actor, name: str) -> Addressee:
    """Enter somebody who pays and whom nobody identified: a name as they say it, no address (本人未確認の納付者).

    Each time it is another one, so that nobody's money is taken for that of a namesake. Raises Refused for no name.
    """
    if not name.strip():
        raise Refused("氏名又は名称を入力してください。", field="name", code="invalid")
    refuse_unstorable(name, 100, "name")
    items = DirectoryEntry(AddresseeKind.NON_RESIDENT, name).items()
    made = Addressee.objects.create(number=give_number(ADDRESSEE_NUMBERS), kind=AddresseeKind.NON_RESIDENT, **items)
    _write(made, items, serial=1, reason="")
    record(actor=actor, subjects=[made.pk], fields=["name"], code="unidentified")
    return made


@operation("addressees.correct_payer")
def correct_payer(*, actor: Actor, addressee: Addressee, entry: DirectoryEntry, reason: str) -> Addressee:
    """Say anew what the directory says of a non-resident or a corporation; what it said stays (住登外者・法人の訂正).

    Raises Refused for a resident, for another kind than before, for no reason, and for what says nothing new.
    """
    found = Addressee.objects.select_for_update().get(pk=addressee.pk)
    if found.kind == AddresseeKind.RESIDENT:
        raise Refused("住民の宛名は住民記録の異動で変わります。ここでは訂正できません。", code="conflict")
    if entry.kind != found.kind:
        raise Refused("宛名種別は変更できません。新しい宛名として登録してください。", field="kind", code="conflict")
    if not reason.strip():
        raise Refused("訂正の理由を入力してください。", field="reason", code="invalid")
    refuse_unstorable(reason, 200, "reason")
    _refuse_bad(entry)
    said = entry.items()
    before = {name: getattr(found, name) for name in said}
    if all(said[name] == before[name] for name in said if name.startswith("mailing_") and name not in CODES):
        said |= {name: said[name] or before[name] for name in CODES}
    if before == said:
        raise Refused("変更された項目がありません。", code="invalid")
    last = DirectoryRecord.objects.filter(addressee=found).order_by("-serial").values_list("serial", flat=True).first()
    if last is None:
        # Whoever came in from another system has no row yet: what was said of them must not be lost.
        last = 1
        _write(found, before | {"born_on": found.born_on}, serial=1, reason="")
    _write(found, said | {"born_on": found.born_on}, serial=last + 1, reason=reason.strip())
    Addressee.objects.filter(pk=found.pk).update(**said)
    record(actor=actor, subjects=[found.pk], fields=sorted(name for name in said if said[name] != before[name]))
    return Addressee.objects.get(pk=found.pk)


def _refuse_bad(entry: DirectoryEntry) -> None:
    if entry.kind not in (AddresseeKind.NON_RESIDENT, AddresseeKind.CORPORATION):
        raise Refused("住登外者か法人かを選んでください。", field="kind", code="no_such_choice")
    said = entry.items()
    if said["corporate_number"]:
        refuse_unless_corporate_number(said["corporate_number"], field="corporate_number")
    for name, value in said.items():
        most = glyphs_of(DirectoryRecord._meta.get_field(name))
        if most is not None:
            refuse_unstorable(value, most, name.removeprefix("mailing_"))
    if not said["name"]:
        raise Refused("氏名又は名称を入力してください。", field="name", code="invalid")
    is_in_japan = said["mailing_city"] and said["mailing_block"]
    if not (is_in_japan or said["mailing_abroad"]):
        raise Refused("住所を、市区町村と町字（国外なら国外住所）まで入力してください。", field="city", code="invalid")
    refuse_bad_postal_code(said["mailing_postal_code"])


def _write(of: Addressee, said: Mapping[str, object], *, serial: int, reason: str) -> None:
    DirectoryRecord.objects.create(
        addressee=of, serial=serial, reason=reason, recorded_at=clock.now(), name_key=name_key(str(said["name"])),
        kana_key=kana_index(str(said["kana"])), **said,
    )  # fmt: skip
