"""One table as one file (引渡しの部分)."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import models

from .cells import LINKS, Link, cells_of, heading_of

OWN = {"id", "municipality"}


@dataclass(frozen=True)
class Part:
    """A table that is handed over: its file, what tells its rows apart, and when a row is a change (部分).

    ``key``: names of fields that together are one row's own; the file is in their order. ``since``: SQL over ``r``
    that is true of rows recorded after ``%(since)s``; empty, the table is small and goes along whole. ``closes``: a
    range whose open end may be closed by a later file. ``follows``: fields that a later file may say anew.
    ``withheld``: fields that stay empty for protected people where nobody approved otherwise. ``where``: SQL for the
    rows that belong to the part at all. ``numbered``: the number of a row where no field is one: its
    ``owner`` (SQL over ``r``), and which of the owner's rows it is. ``is_secret``: leaves only with an approval.
    """

    name: str
    model: type[models.Model]
    key: tuple[str, ...]
    since: str = ""
    closes: str = ""
    follows: tuple[str, ...] = ()
    withheld: frozenset[str] = frozenset()
    where: str = ""
    numbered: Link | None = None
    owner: str = ""
    is_secret: bool = False

    @property
    def file(self) -> str:
        """The name of the file (ファイル名)."""
        return f"{self.name}.csv"

    @property
    def table(self) -> str:
        """The table in the database (表名)."""
        return self.model._meta.db_table

    @cached_property
    def fields(self) -> tuple[Any, ...]:
        """The fields that leave, keys first, the rest in the order of the model (項目)."""
        left = [field for field in self.model._meta.fields if field.name not in OWN]
        first = [self.model._meta.get_field(name) for name in self.key]
        return (*first, *(field for field in left if field not in first))

    @cached_property
    def headings(self) -> tuple[str, ...]:
        """The headings of the file, without that of the municipality (見出し)."""
        own = (self.numbered.value,) if self.numbered else ()
        return (*own, *(cell.heading for field in self.fields for cell in cells_of(field)))

    @cached_property
    def links(self) -> dict[str, Link]:
        """The references among its fields by name of the field (参照)."""
        return {field.name: LINKS[field.related_model] for field in self.fields if isinstance(field, models.ForeignKey)}

    def heading(self, name: str) -> str:
        """The heading of the field with this name (項目の見出し)."""
        return heading_of(self.model._meta.get_field(name))
