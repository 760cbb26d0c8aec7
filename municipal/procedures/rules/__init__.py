"""When an entry, and a catalogue of them, is sound (カタログの点検)."""

from .catalogues import among, circle_of, parsed, read, read_texts
from .entries import faults_of

__all__ = ["among", "circle_of", "faults_of", "parsed", "read", "read_texts"]
