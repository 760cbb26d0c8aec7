"""Slips of a run on paper: one file for the post, one for the counter, put in place whole (納付書の印刷).

What cannot be sent, because the address is withheld or there is none, never lies among the envelopes.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from io import BytesIO
from pathlib import Path

from django.conf import settings

from municipal.core.eras import wareki_fiscal_year

from .faces import faces_of, sender
from .fees import fee
from .models import Slip, SlipRun
from .ordering import slips_of
from .paper.run import SlipFile, print_slips
from .rules.print_order import in_parts

AT_ONCE = 2_000
MAIL, COUNTER = "mail", "counter"


def place_of(run: SlipRun, part: str = MAIL) -> Path:
    """Where the file of a run is kept (印刷ファイルの場所)."""
    town = f"{int(run.municipality_id or 0):06d}"
    return Path(settings.KIJUN_PAYMENTS) / town / f"slips-{run.pk:06d}-{part}.pdf"


def title_of(run: SlipRun) -> str:
    """What a run is called (一括発行の名前)."""
    return f"{wareki_fiscal_year(run.levy_year)} {fee(run.fee).name_ja} 納付書"


def in_groups(run: SlipRun, *, order: str = "", payer: str = "") -> Iterator[list[Slip]]:
    """The slips of a run in print order, some thousand at once (印刷する納付書)."""
    for part in in_parts(slips_of(run, order=order, payer=payer), AT_ONCE):
        found = Slip.objects.select_related("charge__assessment__payer").in_bulk(part)
        yield [found[slip] for slip in part]


class Unfinished:
    """A file that is written beside its place, to be moved there whole or to vanish (作成中のファイル)."""

    def __init__(self, place: Path) -> None:
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._place, self._path = place, place.with_name(f".{place.name}.part")
        # What a killed worker left there is not written on: it may yet live and hold it open.
        self._path.unlink(missing_ok=True)
        self.file = self._path.open("xb")

    def put_in_place(self) -> None:
        """Move it to its place, once all of it is on the disk (確定)."""
        self.file.flush()
        os.fsync(self.file.fileno())
        self.file.close()
        self._path.replace(self._place)

    def discard(self) -> None:
        """Remove it, unless another worker has begun anew meanwhile (破棄)."""
        if self.file.closed:
            return
        with suppress(OSError):
            if os.path.samestat(os.fstat(self.file.fileno()), self._path.stat()):
                self._path.unlink()
        with suppress(OSError):
            # A full disk refuses what is still in the buffer once more.
            self.file.close()


class Printing:
    """The files of one printing; used in a ``with``, after which nothing half-made is left (納付書の印刷).

    ``places``: where the files go in the end, by part. Raises OSError where the disk is full.
    """

    def __init__(self, run: SlipRun, places: Mapping[str, Path]) -> None:
        self.run, self.by, self.missing = run, sender(), set[str]()
        self._places = places
        self._files: dict[str, tuple[Unfinished, SlipFile]] = {}

    def __enter__(self) -> "Printing":
        return self

    def __exit__(self, *_: object) -> None:
        for beside, _made in self._files.values():
            beside.discard()

    def add(self, slips: Sequence[Slip]) -> list[Slip]:
        """Print these slips; those of them that no letter may carry (納付書の追加)."""
        kept = []
        for slip, face in zip(slips, faces_of(slips, self.by), strict=True):
            if not face.address:
                kept.append(slip)
            self._file(MAIL if face.address else COUNTER).add(face)
        return kept

    def _file(self, part: str) -> SlipFile:
        if part not in self._files:
            beside = Unfinished(self._places[part])
            made = SlipFile(
                beside.file, title=title_of(self.run), made_at=self.run.ordered_at,
                is_specimen=self.by.issuer.is_specimen, has_cover=True,
            )  # fmt: skip
            self._files[part] = beside, made
        return self._files[part][1]

    def finish(self) -> None:
        """Complete the files and put them in place; a part without slips has none (印刷の完了)."""
        for _beside, made in self._files.values():
            self.missing |= made.finish()
        for beside, _made in self._files.values():
            beside.put_in_place()
        for part in self._places.keys() - self._files.keys():
            self._places[part].unlink(missing_ok=True)


def print_one(slips: Sequence[Slip]) -> bytes:
    """A file of a few slips, for one person at the desk or on the screen (1人分の印刷). Raises IndexError for none."""
    by, file, first = sender(), BytesIO(), slips[0]
    title = f"{wareki_fiscal_year(first.charge.assessment.levy_year)} 納付書"
    print_slips(
        file, faces_of(slips, by), title=title, made_at=max(slip.issued_at for slip in slips),
        is_specimen=by.issuer.is_specimen,
    )  # fmt: skip
    return file.getvalue()
