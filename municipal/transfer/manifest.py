"""What a hand-over says of itself: its moment, its files, their rows and digests (引渡しの目録)."""

import hashlib
import tomllib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from municipal.core.refusals import Refused

NAME = "MANIFEST.txt"
"""A plain name and plain text: whoever gets the files on a disc can read it."""

FORMAT = 1


@dataclass(frozen=True)
class File:
    """One file of a hand-over: rows of data, SHA-256 of its bytes, its size (ファイル)."""

    name: str
    rows: int
    sha256: str
    size: int


@dataclass(frozen=True)
class Manifest:
    """The list that goes along (目録).

    ``since``: empty for a full hand-over, otherwise the moment from which on changes are in it. ``moment``: what to ask
    from next time. ``is_whole``: protected people's addresses are in it.
    """

    municipality: str
    moment: datetime
    since: datetime | None
    is_whole: bool
    files: tuple[File, ...]

    @property
    def rows(self) -> dict[str, int]:
        """Rows by file name (行数)."""
        return {file.name: file.rows for file in self.files}

    @property
    def digest(self) -> str:
        """One digest over all files, by which the same hand-over is known again (要約値)."""
        said = "".join(f"{file.sha256}  {file.name}\n" for file in self.files)
        return hashlib.sha256(said.encode()).hexdigest()

    def write(self, folder: Path) -> None:
        """Write it beside the files, last: without it a hand-over is not complete (目録の書出し)."""
        draft = folder / f"{NAME}.part"
        draft.write_text(self.text(), encoding="utf-8")
        draft.replace(folder / NAME)

    def text(self) -> str:
        """As it is written: TOML, which people read as easily (目録の文面)."""
        since = f"since = {self.since.isoformat()}\n" if self.since else ""
        lines = [
            "# 引渡しデータの目録 / What this hand-over holds\n",
            f'format = {FORMAT}\nmunicipality = "{self.municipality}"\nmoment = {self.moment.isoformat()}\n{since}',
            f"protected_addresses = {str(self.is_whole).lower()}\n",
        ]
        for file in self.files:
            lines.append(
                f'\n[[file]]\nname = "{file.name}"\nrows = {file.rows}\nbytes = {file.size}\nsha256 = "{file.sha256}"\n'
            )
        return "".join(lines)


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of a folder; None where there is none, as in most folders of others (目録の読取り).

    Raises Refused for one that cannot be read.
    """
    path = folder / NAME
    if not path.is_file():
        return None
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
        files = tuple(
            File(str(one["name"]), int(one["rows"]), str(one["sha256"]), int(one["bytes"])) for one in said["file"]
        )
        since = said.get("since")
        if not (isinstance(said["moment"], datetime) and (since is None or isinstance(since, datetime))):
            raise TypeError
        return Manifest(str(said["municipality"]), said["moment"], since, bool(said["protected_addresses"]), files)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, TypeError, ValueError) as error:
        raise Refused(
            "目録（%(name)s）を読み取れません。渡した側に確かめてください。", code="manifest", name=NAME
        ) from error


def check_files(folder: Path, manifest: Manifest) -> list[str]:
    """The names of files that are missing or not what the manifest says (ファイルの照合)."""
    wrong = []
    for file in manifest.files:
        path = folder / file.name
        if not path.is_file() or path.stat().st_size != file.size or _sha256(path) != file.sha256:
            wrong.append(file.name)
    return wrong


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
