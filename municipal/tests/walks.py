"""A long walk goes a part of its way in an ordinary run, another part each time (長い試験の一部実行).

A test marked ``walk`` tries the same promise on many variants: every act, every column, every kind of bad input. Of
its variants a run of everything takes a quarter, at least one, chosen by the seed that pytest-randomly prints. The
tests in a browser are one walk through the pages: nothing costs as much. Whoever names a file or a test gets all of
it, and so does ``KIJUN_WALKS=all``, as in ``make faults``.
"""

import os
from collections import defaultdict
from zlib import crc32

import pytest

SHARE = 4


def chosen(names: list[str], seed: int, share: int = SHARE) -> set[str]:
    """The variants whose turn it is (試す組)."""
    order = sorted(names, key=lambda name: crc32(f"{seed} {name}".encode()))
    return set(order[: -(-len(names) // share)])


def walk_of(item: pytest.Item) -> str:
    """Of which walk a test is a variant; empty for a test of every run (どの組に入るか)."""
    if item.get_closest_marker("browser"):
        return "browser"
    return item.nodeid.partition("[")[0] if item.get_closest_marker("walk") else ""


def is_long(item: pytest.Item) -> bool:
    """Whether a test is begun before the others: no process is to wait for it at the end (先に始める試験)."""
    return any(item.get_closest_marker(name) for name in ("long", "browser"))


def goes_all_the_way() -> bool:
    """Whether nothing is left out in this run (全部を試すか)."""
    return os.environ.get("KIJUN_WALKS") == "all"


def pytest_configure(config: pytest.Config) -> None:
    if config.args != config.getini("testpaths"):
        os.environ["KIJUN_WALKS"] = "all"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not is_long(item))
    if goes_all_the_way():
        return
    said = config.getoption("randomly_seed", 0)
    seed = said if isinstance(said, int) else 0
    walks = defaultdict[str, list[str]](list)
    for item in items:
        if walk := walk_of(item):
            walks[walk].append(item.nodeid)
    left = {name for names in walks.values() for name in set(names) - chosen(names, seed)}
    if left:
        config.hook.pytest_deselected(items=[item for item in items if item.nodeid in left])
        items[:] = [item for item in items if item.nodeid not in left]
