"""A served town and a browser page, for every test that wants them (ブラウザでの試験の土台)."""

from collections.abc import Iterator
from typing import Any

import pytest

from conftest import AS_OF, TOWN
from fixtures.town import build
from fixtures.town import town as made_up_town
from municipal.core import clock
from municipal.core.numbers import number_of
from municipal.municipalities import wall
from municipal.places.demo import furnish

from .browsing import CHROMIUM, DESK, QUIET, KeptFiles, QuietServer, Town
from .keeping import NOW


@pytest.fixture
def served(two_towns: str) -> Iterator[Town]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    people = build(made_up_town(str(TOWN)), 120, 1, AS_OF)
    cast = {person.cast: number_of(person.serial, 10) for person in people if person.cast}
    server = QuietServer("127.0.0.1", KeptFiles)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    if server.error:
        raise server.error
    yield Town(f"http://127.0.0.1:{server.port}", cast)
    server.terminate()


@pytest.fixture
def page(served: Town) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    asked: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        # Colours are judged where they have come to rest.
        context = browser.new_context(locale="ja-JP", viewport=DESK, reduced_motion="reduce")  # type: ignore[arg-type]
        context.set_default_timeout(20_000)
        found = context.new_page()
        found.on("request", lambda request: asked.append(request.url))
        yield found
        browser.close()
    assert [url for url in asked if not url.startswith((served.url, "data:"))] == []


@pytest.fixture
def with_places(two_towns: str) -> Iterator[str]:
    """Both towns, the first one with its places, on a day in November."""
    with clock.stopped_at(NOW):
        with wall.within(TOWN):
            furnish(str(TOWN), "架空市")
        yield two_towns
