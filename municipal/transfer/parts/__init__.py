"""What leaves the register and comes back into it: one part for each table, one file for each part (引渡しの構成)."""

from .catalogue import DERIVED, PARTS, part
from .cells import Cell, Link, Shape, cells_of, shape_of
from .part import Part

__all__ = ["DERIVED", "PARTS", "Cell", "Link", "Part", "Shape", "cells_of", "part", "shape_of"]
