"""Finding who is meant: the one box, several conditions at once, what was asked before (検索; 2.1)."""

from .by_conditions import find_by
from .conditions import BLANKS, Conditions
from .history import KEPT, remember, remembered
from .one_box import LIMIT, LONGEST_QUERY, Hits, find

__all__ = [
    "BLANKS",
    "KEPT",
    "LIMIT",
    "LONGEST_QUERY",
    "Conditions",
    "Hits",
    "find",
    "find_by",
    "remember",
    "remembered",
]
