"""What a browser fetches: once, packed, and letters only if it has none (静的ファイルと圧縮の試験)."""

import gzip
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from municipal.web.assets import digest_of

STYLES = settings.ROOT / "municipal/web/static/kijun.css"
PAGE = "/sign-in"
GENERIC = {"serif", "sans-serif"}


def asked(path: str, **headers: str) -> tuple[Any, bytes]:
    """What is answered, and its bytes."""
    answer: Any = Client(headers=headers).get(path)
    return answer, answer.getvalue()


def test_the_digest_changes_with_every_byte_and_name(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    file = tmp_path / "deep" / "one.css"
    found = []
    for text in ("a", "b", "a"):
        file.write_text(text)
        found.append(digest_of(tmp_path, file))
    file.rename(tmp_path / "deep" / "two.css")
    found.append(digest_of(tmp_path))
    assert found[0] == found[2]
    assert len(set(found)) == 3


@pytest.mark.parametrize(
    "name", ["kijun.css", "kijun/base.css", "vendor/biz-udpgothic/files/biz-udpgothic-5-400-normal.woff2"]
)
def test_a_file_is_kept_for_good_because_its_address_changes_with_it(name: str) -> None:
    answer, _ = asked(settings.STATIC_URL + name)
    assert answer.status_code == 200
    assert "immutable" in answer["Cache-Control"]
    assert asked(f"/static/{name}")[0].status_code == 404


def test_no_page_and_no_style_names_the_address_of_a_file_itself() -> None:
    folder = settings.ROOT / "municipal/web"
    written = [*folder.glob("templates/**/*.html"), *folder.glob("static/**/*.css")]
    assert len(written) > 100
    assert [path.name for path in written if "/static/" in path.read_text()] == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "is_packed"),
    [
        (PAGE, True),
        (f"{settings.STATIC_URL}kijun.css", True),
        (f"{settings.STATIC_URL}kijun.svg", True),
        (f"{settings.STATIC_URL}vendor/biz-udpgothic/files/biz-udpgothic-5-400-normal.woff2", False),
    ],
)
def test_texts_are_packed_and_what_is_packed_already_is_not(path: str, *, is_packed: bool) -> None:
    (_, plain), (answer, packed) = asked(path), asked(path, accept_encoding="gzip")
    assert (answer.headers.get("Content-Encoding") == "gzip") == is_packed
    masked = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"')
    assert masked.sub(b"", plain) == masked.sub(b"", gzip.decompress(packed) if is_packed else packed)


def test_a_part_of_a_file_comes_as_it_is() -> None:
    answer, body = asked(f"{settings.STATIC_URL}kijun.css", range="bytes=0-9", accept_encoding="gzip")
    assert (answer.status_code, answer.headers.get("Content-Encoding")) == (206, None)
    assert body == STYLES.read_bytes()[:10]


def test_our_own_letters_come_last_so_that_a_device_with_letters_fetches_none() -> None:
    stacks = re.findall(r"--k-font(?:-name)?: ([^;]+);", STYLES.read_text())
    assert len(stacks) == 2
    for stack in stacks:
        *_, device, ours, generic = [family.strip().strip('"') for family in stack.split(",")]
        assert (device, ours) == ("Kijun Device", "Kijun UDPGothic")
        assert generic in GENERIC
