"""The disaster package: sealed, opened offline by the right passphrase only (災害用パッケージの試験)."""

import base64
import gzip
import io
import json
import re
import stat
from collections.abc import Iterator
from hashlib import pbkdf2_hmac
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.management import CommandError, call_command

from conftest import OTHER_TOWN, TOWN
from municipal.audit.models import Entry, Kind
from municipal.core.actors import System
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.residents import inquiry
from municipal.residents.models import ResidentRecord
from municipal.transfer import packages
from municipal.transfer.packages import write_package
from municipal.web.tests.browsing import CHROMIUM, QUIET

FIRST, SECOND = "ひなんじょのあいことば2026", "しえんそちたんとうのことば2026"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fewer rounds than in earnest: one test below keeps the real number."""
    monkeypatch.setattr(packages, "ROUNDS", 1_000)


def written(out: Path, **said: Any) -> str:
    with wall.within(TOWN):
        write_package(actor=System(), out=out, passphrase=FIRST, **said)
    return out.read_text(encoding="utf-8")


def parts_of(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    return dict(json.loads(found[1]))


def opened(part: dict[str, Any], passphrase: str) -> Any:
    """What a browser does, done by another program."""
    salt, nonce, sealed = (base64.b64decode(part[name]) for name in ("salt", "nonce", "data"))
    key = pbkdf2_hmac("sha256", passphrase.encode(), salt, part["rounds"])
    return json.loads(gzip.decompress(AESGCM(key).decrypt(nonce, sealed, part["about"].encode())))


def protected() -> tuple[set[str], set[str], set[str]]:
    """Names and addresses of those whose address is withheld, and their household numbers."""
    with wall.within(TOWN):
        rows = [row for row in inquiry.page(after="", size=10_000) if row["is_protected"] and row["status"] == "1"]
    doors = {f"{row['address_block']}{row['address_lot']}" for row in rows}
    return {row["name"] for row in rows}, doors, {row["household__number"] for row in rows}


def test_everybody_who_lives_here_is_in_it_and_nobody_else(two_towns: str, tmp_path: Path) -> None:
    people = opened(parts_of(written(tmp_path / "p.html"))["people"], FIRST)
    with wall.within(TOWN):
        alive = {row["addressee__number"] for row in inquiry.page(after="", size=10_000) if row["status"] == "1"}
        entry = Entry.objects.filter(act="transfer.disaster_package").get()
    assert {one[0] for one in people} == alive
    assert len(entry.subjects) == len(alive)
    assert (entry.kind, entry.purpose) == (Kind.DISCLOSURE, "disaster")


@pytest.mark.clause("resident-record/1.0#3.1/m1")
def test_a_protected_address_is_not_in_it_without_the_second_passphrase(two_towns: str, tmp_path: Path) -> None:
    names, doors, homes = protected()
    assert names
    people = opened(parts_of(written(tmp_path / "p.html"))["people"], FIRST)
    said = json.dumps(people, ensure_ascii=False)
    assert [one for one in people if one[2] in names and one[9] and (one[8] or one[1])] == []
    assert {one[2] for one in people if one[9]} == names
    assert [home for home in homes if home in said] == []
    assert doors
    assert "protected" not in parts_of((tmp_path / "p.html").read_text(encoding="utf-8"))


def test_the_second_passphrase_opens_protected_addresses_and_the_first_does_not(
    two_towns: str, tmp_path: Path
) -> None:  # fmt: skip
    parts = parts_of(written(tmp_path / "p.html", protected_passphrase=SECOND))
    with pytest.raises(InvalidTag):
        opened(parts["protected"], FIRST)
    with pytest.raises(InvalidTag):
        opened(parts["people"], SECOND)
    hidden = opened(parts["protected"], SECOND)
    _, doors, _ = protected()
    assert len(hidden) >= 1
    assert all(any(door in address for door in doors) for address in hidden.values())


def test_nothing_of_anybody_is_readable_in_the_file(two_towns: str, tmp_path: Path) -> None:
    page = written(tmp_path / "p.html", protected_passphrase=SECOND)
    with wall.within(TOWN):
        rows = ResidentRecord.objects.values_list("name", "name_kana", "address_block", "resident_code")
        said = {text for row in rows for text in row if text}
    shell = {text for text in said if text in (packages.FOLDER / "package.html").read_text(encoding="utf-8")}
    assert {text for text in said - shell if text in page} == set()
    assert stat.S_IMODE((tmp_path / "p.html").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [("", "", "weak"), ("short", "", "weak"), (FIRST, "short", "weak"), (FIRST, FIRST, "alike"), ("", SECOND, "weak")],
)
def test_weak_passphrases_are_refused(two_towns: str, tmp_path: Path, first: str, second: str, code: str) -> None:
    with wall.within(TOWN), pytest.raises(Refused) as refused:
        write_package(actor=System(), out=tmp_path / "p.html", passphrase=first, protected_passphrase=second)
    assert refused.value.code == code
    assert list(tmp_path.iterdir()) == []


def test_the_command_reads_passphrases_from_files_and_overwrites_nothing(two_towns: str, tmp_path: Path) -> None:
    (tmp_path / "first").write_text(FIRST + "\n", encoding="utf-8")
    said = io.StringIO()
    asked = {"passphrase_file": tmp_path / "first", "out": tmp_path / "p.html", "stdout": said}
    call_command("disaster_package", town=TOWN, **asked)
    assert "people" in said.getvalue()
    with pytest.raises(CommandError, match="すでにあります"):
        call_command("disaster_package", town=TOWN, **asked)
    with pytest.raises(CommandError, match="--town"):
        call_command("disaster_package", **{**asked, "out": tmp_path / "q.html"})
    with pytest.raises(CommandError, match="読めません"):
        call_command("disaster_package", town=TOWN, **{**asked, "passphrase_file": tmp_path / "none"})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["first", "p.html"]


def test_two_packages_of_one_town_share_no_key_and_no_byte_of_it(two_towns: str, tmp_path: Path) -> None:
    one, two = (parts_of(written(tmp_path / name))["people"] for name in ("1.html", "2.html"))
    assert {one[name] for name in ("salt", "nonce", "data")} & {
        two[name] for name in ("salt", "nonce", "data")
    } == set()


def test_a_part_moved_into_another_package_does_not_open(two_towns: str, tmp_path: Path) -> None:
    part = parts_of(written(tmp_path / "p.html"))["people"]
    with pytest.raises(InvalidTag):
        opened({**part, "about": part["about"].replace(str(TOWN), str(OTHER_TOWN))}, FIRST)


@pytest.fixture
def package(two_towns: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, str, str]:
    """Two thousand people as in earnest; the file, and the name and the door of somebody protected."""
    monkeypatch.setattr(packages, "ROUNDS", 600_000)
    genuine = packages._residents

    def many() -> Iterator[dict[str, Any]]:
        rows = list(genuine())
        for at in range(2_000):
            yield {**rows[at % len(rows)], "addressee__number": f"{at:010}"}

    monkeypatch.setattr(packages, "_residents", many)
    written(tmp_path / "p.html", protected_passphrase=SECOND)
    with wall.within(TOWN):
        rows = [row for row in inquiry.page(after="", size=10_000) if row["is_protected"] and row["status"] == "1"]
    return tmp_path / "p.html", rows[0]["name"], rows[0]["address_lot"]


@pytest.fixture
def browser(package: tuple[Path, str, str]) -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield found
        found.close()


@pytest.mark.browser
def test_two_thousand_people_open_offline_in_a_real_browser(
    package: tuple[Path, str, str], browser: Any, tmp_path: Path
) -> None:  # fmt: skip
    path, name, door = package
    context = browser.new_context(offline=True, locale="ja-JP", viewport={"width": 1280, "height": 900})
    page, asked, errors = context.new_page(), list[str](), list[str]()
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    page.goto(path.as_uri())
    page.fill("#passphrase", "ちがう合言葉ちがう合言葉")
    page.keyboard.press("Enter")
    page.get_by_text("合言葉が違うか").wait_for(timeout=20_000)
    assert not page.locator("#inside").is_visible()
    page.fill("#passphrase", FIRST)
    page.keyboard.press("Enter")
    page.get_by_text("2000人が見つかりました").wait_for(timeout=20_000)
    page.fill("#query", name.replace("　", " "))
    page.keyboard.press("Enter")
    page.locator("tbody tr").first.wait_for()
    assert "支援措置" in page.locator("tbody").inner_text()
    assert door not in page.locator("tbody").inner_text()
    page.fill("#protected", FIRST)
    page.keyboard.press("Enter")
    page.get_by_text("支援措置の合言葉が違います").wait_for(timeout=20_000)
    page.fill("#protected", SECOND)
    page.keyboard.press("Enter")
    page.locator("tbody").filter(has_text=door).wait_for(timeout=20_000)
    page.fill("#query", "架空市")
    page.keyboard.press("Enter")
    page.locator("tbody tr").first.locator("button").click()
    assert "世帯" in page.locator("#caption").inner_text()
    _look(page, tmp_path)
    page.click("#close")
    assert page.locator("tbody tr").count() == 0
    assert not page.locator("#inside").is_visible()
    assert errors == []
    assert [url for url in asked if not url.startswith("file:")] == []


def _look(page: Any, tmp_path: Path) -> None:
    """No fault that axe sees, on a desk and on a small screen."""
    from axe_playwright_python.sync_playwright import Axe

    for size in ({"width": 1280, "height": 900}, {"width": 375, "height": 700}):
        page.set_viewport_size(size)
        assert [fault["id"] for fault in Axe().run(page).response["violations"]] == []
    page.set_viewport_size({"width": 1280, "height": 900})
    page.screenshot(path=str(tmp_path / "package.png"))
