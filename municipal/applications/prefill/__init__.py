"""What the municipality has already, read anew for one application: Once Only (役所が持つ情報の引用).

``filled`` is the one way in for whoever fills a form: the page of an applicant, a bundle, the counter. ``read`` says in
addition whose data were read, for the audit. Nothing is kept here; ``operations.prefill`` keeps it in a draft.
"""

from .items import (
    HELD,
    LINKAGE,
    NO_BASIS,
    UNAVAILABLE,
    WITHHELD,
    Filled,
    Reader,
    is_to_be_checked,
    is_typed,
    lines_of,
    must_be_confirmed,
    must_be_typed,
    open_items,
)
from .paths import way_of, ways
from .reading import Reading, digest_of, filled, has_any, is_hidden, read

__all__ = [
    "HELD", "LINKAGE", "NO_BASIS", "UNAVAILABLE", "WITHHELD", "Filled", "Reader", "Reading", "digest_of",
    "filled", "has_any", "is_hidden", "is_to_be_checked", "is_typed", "lines_of", "must_be_confirmed",
    "must_be_typed", "open_items", "read", "way_of", "ways",
]  # fmt: skip
