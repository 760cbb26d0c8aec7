"""Where a command writes: a file put in its place at once, or standard output (出力先)."""

from __future__ import annotations

import sys
from pathlib import Path

from municipal.conformance.refusals import RefusedInput
from municipal.conformance.reports import save


def writable(output: Path | None) -> None:
    """Raises RefusedInput for a file that cannot be written because of its place (書出し先の確認)."""
    if output is not None and (output.is_dir() or not output.parent.is_dir()):
        raise RefusedInput(
            f"{output} には書き出せません。ファイルの名前と、あるフォルダを指定してください。",
            f"{output} cannot be written: name a file in a folder that exists.",
        )


def put(data: bytes, output: Path | None) -> None:
    """Write to ``output``, or to standard output as it is; raises RefusedInput and OSError (書出し)."""
    if output is not None:
        writable(output)
        try:
            save(data, output)
        except OSError as error:
            raise OSError(error.errno, error.strerror, str(output)) from error
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def say(text: str) -> None:
    """One line for people on standard error, so that reports may go through a pipe (案内)."""
    sys.stderr.write(f"{text}\n")
