"""Styles and letters as a browser keeps them: fetched once, asked for again when they change (静的ファイル).

They are served from where they lie, with nothing to collect or build; their address holds a digest of them all.
"""

from hashlib import blake2b
from pathlib import Path


def digest_of(*places: Path) -> str:
    """Eight letters that change with any byte or name of the files and folders (ファイルの要約値)."""
    found = blake2b(digest_size=4)
    for place in places:
        for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if path.is_file():
                found.update(path.name.encode() + path.read_bytes())
    return found.hexdigest()
