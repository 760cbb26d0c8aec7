"""Judging: files in, report out; one pass over the data, or row by row as the oracle of the tests (検査の実行)."""

from municipal.conformance.engine.running import Asked, check

__all__ = ["Asked", "check"]
