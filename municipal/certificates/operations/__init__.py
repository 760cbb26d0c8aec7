"""Acts on certificates: issued, re-issued, handed out, printed, disposed of; and how forms are set up (証明の操作)."""

from .arranging import arrange, arrange_by_rule, proposed
from .copying import copy_screen
from .disposing import dispose
from .handing_out import document_of, hand_out, send
from .issuing import Preview, issue, preview, reissue
from .listing import note_inspection_copy
from .printing import pdf_of, print_copy
from .settings import add_printer, add_seal, change_form, settings_of, switch_later_rules

__all__ = [
    "Preview",
    "add_printer",
    "add_seal",
    "arrange",
    "arrange_by_rule",
    "change_form",
    "copy_screen",
    "dispose",
    "document_of",
    "hand_out",
    "issue",
    "note_inspection_copy",
    "pdf_of",
    "preview",
    "print_copy",
    "proposed",
    "reissue",
    "send",
    "settings_of",
    "switch_later_rules",
]
