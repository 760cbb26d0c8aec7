"""Model fields that several registers share: dates as a register knows them, addresses in eight parts (項目の型).

A field's label is the item's name in the published data lists, so that exports and screens need no second list.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from municipal.core.clauses import implements
from municipal.core.dates import RegisterDate
from municipal.core.refusals import Refused

# A glyph may take two code points (the character and its variation selector), and lengths count glyphs.
CODE_POINTS_PER_GLYPH = 2


class RegisterDateField(models.CharField):  # type: ignore[type-arg]
    """A date that may be partly or wholly unknown, or impossible (年月日・不詳日; resident-record/1.0#1.1.8).

    Stored as ``RegisterDate``'s text form, which sorts by what is known: no stand-in date exists anywhere.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_length"] = 90
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_length"]
        return name, path, args, kwargs

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> RegisterDate | None:
        return RegisterDate.parse(value) if value else None

    def to_python(self, value: Any) -> RegisterDate | None:
        if not value or isinstance(value, RegisterDate):
            return value or None
        try:
            return RegisterDate.parse(str(value))
        except Refused as refused:
            raise ValidationError(refused.sentence, params=refused.values) from refused

    def get_prep_value(self, value: Any) -> str:
        return str(value) if value else ""

    def value_to_string(self, obj: models.Model) -> str:
        return self.get_prep_value(self.value_from_object(obj))


def text(label: str, glyphs: int) -> Any:
    """A text item of at most ``glyphs`` characters as a reader counts them; stored as received."""
    length = glyphs * CODE_POINTS_PER_GLYPH
    field = models.CharField(label, max_length=length, blank=True, default="", db_default="")
    field.glyphs = glyphs  # type: ignore[attr-defined]
    return field


def glyphs_of(field: Any) -> int | None:
    """How many characters a reader may count in ``field``; None where it holds no text of ours."""
    if not isinstance(field, models.CharField) or isinstance(field, RegisterDateField):
        return None
    return getattr(field, "glyphs", field.max_length)


def code(label: str, length: int) -> Any:
    """A code of at most ``length`` half-width characters."""
    return models.CharField(label, max_length=length, blank=True, default="", db_default="")


def day(label: str) -> Any:
    """A calendar day that is known, or nothing."""
    return models.DateField(label, null=True, blank=True)


def register_date(label: str) -> Any:
    """A day that may be unknown, or nothing."""
    return RegisterDateField(label, blank=True, default="", db_default="")


def flag(label: str) -> Any:
    """Yes, no, or not known here."""
    return models.BooleanField(label, null=True, blank=True)


@implements("resident-record/1.0#1.1.17/m1")
class AddressGroup:
    """The eight parts of an address, written once in a model's body (住所の項目群).

    ``mailing = AddressGroup("送付先")`` gives the model ``mailing_municipality_code`` to ``mailing_postal_code``; with
    ``is_abroad_possible`` also the three parts of an address outside Japan.
    """

    def __init__(self, label: str, *, is_abroad_possible: bool = False) -> None:
        self.fields = {
            "municipality_code": code(f"{label}_市区町村コード", 6),
            "block_code": code(f"{label}_町字コード", 7),
            "prefecture": text(f"{label}_都道府県", 4),
            "city": text(f"{label}_市区郡町村名", 12),
            "block": text(f"{label}_町字", 120),
            "lot": text(f"{label}_番地号表記", 50),
            "building": text(f"{label}_方書", 300),
            "postal_code": code(f"{label}_郵便番号", 7),
        }
        if is_abroad_possible:
            self.fields |= {
                "country_code": code(f"{label}_国名コード", 3),
                "country": text(f"{label}_国名等", 100),
                "abroad": text(f"{label}_国外住所", 300),
            }

    def contribute_to_class(self, model: Any, name: str) -> None:
        """Django's way to let an attribute of a model's body add to the model."""
        for part, field in self.fields.items():
            model.add_to_class(f"{name}_{part}", field)


ADDRESS_PARTS = ("municipality_code", "block_code", "prefecture", "city", "block", "lot", "building", "postal_code")
ABROAD_PARTS = ("country_code", "country", "abroad")
