"""Compiles the gettext catalogues with Babel, so that no system tool is needed (翻訳の準備)."""

import os
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from .places import CHECKOUT


def compile_all(checkout: Path = CHECKOUT) -> list[Path]:
    """Compile every catalogue that is newer than its compiled form; returns those that were."""
    compiled = []
    for source in sorted(checkout.glob("municipal/locale/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as text:
            catalogue = read_po(text, locale=source.parent.parent.name)
        draft = target.with_name(f"{target.name}.{os.getpid()}")
        with draft.open("wb") as output:
            write_mo(output, catalogue)
        draft.replace(target)
        compiled.append(target)
    return compiled


if __name__ == "__main__":
    compile_all()
