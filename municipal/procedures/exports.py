"""The catalogue as one file, so that towns share it (カタログの出力)."""

from municipal.municipalities.models import Municipality

from .catalogue import Content, written
from .offered import entries
from .operations import FORMAT


def catalogue_file(town: Municipality) -> str:
    """Everything that the open town offers, in the form that another one takes in (カタログの出力)."""
    content: Content = {"format": FORMAT, "town": town.code, "entries": [entry.content for entry in entries()]}
    return written(content)
