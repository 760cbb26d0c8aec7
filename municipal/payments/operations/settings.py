"""Deciding how the town handles its public money (公金の設定の変更)."""

from typing import Any

from municipal.audit.operations import operation, record
from municipal.core.actors import Actor
from municipal.core.characters import refuse_unstorable
from municipal.core.refusals import Refused
from municipal.payments.models import FloorPer, MoneySettings, YearBy

NARROWEST, WIDEST = 0.16, 0.191
"""Millimetres of the narrowest bar of the store's barcode: 288 of them and the quiet zones fit into 60 mm."""

CHANGEABLE = ("floor_per", "year_by", "demand_days", "office", "dots_per_module", "printer_dpi")


def settings() -> MoneySettings:
    """How the open town handles its public money, or the defaults (公金の設定)."""
    return MoneySettings.objects.first() or MoneySettings()


@operation("payments.change_settings")
def change_settings(*, actor: Actor, said: dict[str, Any]) -> MoneySettings:
    """Change what ``said`` names, some of CHANGEABLE (公金の設定の変更).

    Raises Refused for a choice that is none, for no department, and for a bar too narrow to be read or too wide for
    the 60 millimetres that the barcode may have.
    """
    row = MoneySettings.objects.select_for_update().first() or MoneySettings()
    for name in CHANGEABLE:
        setattr(row, name, said.get(name, getattr(row, name)))
    if row.floor_per not in set(FloorPer) or row.year_by not in set(YearBy):
        raise Refused("一覧から選んでください。", field="floor_per", code="no_such_choice")
    if not row.office.strip():
        raise Refused("担当課を入力してください。", field="office", code="invalid")
    refuse_unstorable(row.office, 60, "office")
    if not row.printer_dpi or not NARROWEST <= row.dots_per_module * 25.4 / row.printer_dpi <= WIDEST:
        raise Refused(
            "バーコードの細線は0.16mmから0.191mmまでにしてください（300dpiで2ドット、600dpiで4ドットなど）。",
            field="dots_per_module", code="invalid",
        )  # fmt: skip
    row.save()
    record(actor=actor, fields=sorted(said))
    return row
