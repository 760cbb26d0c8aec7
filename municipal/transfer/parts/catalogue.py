"""Every part of a hand-over in the order in which it can be taken in again (部分の一覧).

Not among them: what is not decided yet (drafts, leases), what is folded for searching (search keys), what only this
installation needs (settings, the audit), a temporary release (resident-record/1.0#3.4), and individual numbers, which
leave by the room ``numbers`` alone.
"""

from municipal.addressees.models import (
    Addressee,
    Forwarding,
    MeasureStep,
    Perpetrator,
    Protection,
    SupportMeasure,
    Suppression,
)
from municipal.addressees.outputs import names_of_group
from municipal.residents.models import (
    ActualHead,
    Household,
    Investigation,
    Memo,
    Period,
    Received,
    Remark,
    ResidentEvent,
    ResidentRecord,
    StandingNote,
    StoredRecord,
)
from municipal.residents.shown import WITHHELD_FIELDS

from .cells import Link
from .part import Part

ADDRESSES = frozenset({*names_of_group("mailing"), *names_of_group("forwarding")})
CHANGED = (
    "EXISTS (SELECT FROM residents_residentrecord newer WHERE newer.municipality_id = r.municipality_id"
    " AND newer.addressee_id = {} AND newer.recorded_at > %(since)s)"
)
"""Whether somebody has a row of history that was recorded since.

A differential holds the whole history of whoever changed: it can be judged like a full one, and what came twice is the
same.
"""
NUMBER_OF = "(SELECT number FROM addressees_addressee WHERE id = {})"

_PARTS = (
    Part(
        "addressees", Addressee, ("number",), withheld=ADDRESSES, where="r.kind = 'resident'",
        since=f"{CHANGED.format('r.id')} OR r.id IN (SELECT addressee_id FROM addressees_protection)",
        follows=tuple(one.name for one in Addressee._meta.fields if one.name not in {"id", "municipality", "number"}),
    ),
    # A household has no time of its own: it goes along with every row that names it.
    Part("households", Household, ("number",)),
    Part(
        "received", Received, (), numbered=Link.RECEIVED, owner="concat(r.kind, ':', r.key)", is_secret=True,
        follows=("addressee", "problem", "closed_because"),
    ),
    # The row of a person is locked by every act: the acts of one person have ids in their order, for good.
    Part(
        "events", ResidentEvent, (), numbered=Link.EVENT,
        since=f"r.recorded_at > %(since)s OR r.id IN (SELECT one.event_id FROM residents_residentrecord one WHERE "
        f"{CHANGED.format('one.addressee_id')})",
        owner=NUMBER_OF.format("r.subjects[1]"), withheld=frozenset({"answers"}),
    ),
    Part(
        "history", ResidentRecord, ("addressee", "serial"), since=CHANGED.format("r.addressee_id"),
        withheld=WITHHELD_FIELDS,
    ),
    Part(
        "periods", Period, ("addressee", "record", "valid", "recorded"), closes="recorded",
        since=CHANGED.format("r.addressee_id"),
    ),
    Part("stored", StoredRecord, ("addressee", "last_serial")),
    Part(
        "remarks", Remark, (), numbered=Link.REMARK, owner=NUMBER_OF.format("r.addressee_id"),
        since="r.written_at > %(since)s", withheld=frozenset({"text"}),
    ),
    Part(
        "memos", Memo, (), numbered=Link.MEMO, owner=NUMBER_OF.format("r.addressee_id"),
        since="r.written_at > %(since)s", is_secret=True,
    ),
    Part("standing_notes", StandingNote, ("reason",), follows=("text",)),
    Part(
        "investigations", Investigation, ("addressee", "about", "started_on"),
        follows=("ended_on", "outcome", "because"),
    ),
    Part("actual_heads", ActualHead, ("household", "since"), follows=("until", "name", "standing")),
    Part("measures", SupportMeasure, ("number",)),
    Part(
        "measure_steps", MeasureStep, ("measure", "serial"),
        withheld=frozenset({"contact_phone", "contact_mobile", "contact_mail", "note"}),
    ),
    Part(
        "protections", Protection, ("addressee", "measure", "starts_on"),
        follows=("ends_on", "lifted_on", "relation", "is_own"),
    ),
    Part(
        "perpetrators", Perpetrator, ("measure", "recorded"), closes="recorded",
        withheld=frozenset({"address", "other"}),
    ),
    Part("forwardings", Forwarding, ("measure", "recorded_at")),
    Part(
        "suppressions", Suppression, ("starts_on", "process", "level", "addressee", "household_number"),
        follows=("ends_on", "lifted_on"),
    ),
)  # fmt: skip

PARTS = {part.name: part for part in _PARTS}
"""By name of the file, in the order of taking in (部分)."""

DERIVED = ("residents", "support_measures")
"""Files that say again what the parts say, as the published lists order it; for other systems (派生ファイル)."""


def part(name: str) -> Part:
    """The part with this name; KeyError for none (部分の取得)."""
    return PARTS[name]
