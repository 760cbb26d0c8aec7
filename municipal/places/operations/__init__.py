"""Keeping the dictionaries: one entry by hand, or a whole file (マスタの操作)."""

from .keeping import (
    end_entry,
    put_block,
    put_building,
    put_country,
    put_district,
    put_lot,
    put_officer,
    put_place,
    put_terminal,
)
from .loading import load_blocks, load_countries

__all__ = [
    "end_entry",
    "load_blocks",
    "load_countries",
    "put_block",
    "put_building",
    "put_country",
    "put_district",
    "put_lot",
    "put_officer",
    "put_place",
    "put_terminal",
]
