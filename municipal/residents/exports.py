"""Which fields of a record are items that leave the register, whoever writes them (出力する項目)."""

from .models import ResidentRecord

NOT_ITEMS = {"id", "municipality_id", "addressee_id", "household_id", "event_id"}
ITEMS = [field for field in ResidentRecord._meta.fields if field.attname not in NOT_ITEMS]
"""The items of a resident record, in the order of the model (項目)."""
