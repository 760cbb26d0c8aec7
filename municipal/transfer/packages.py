"""The disaster package: the register's essentials in one file that opens without a network (災害用パッケージ).

For the first 72 hours: who lives where and with whom, as an encrypted page that any browser of an office computer
opens, searches and prints by itself. Addresses of protected people are sealed a second time, under a passphrase of
somebody else's. AES-256-GCM under a key that PBKDF2 makes of the passphrase: what browsers open without any
program.
"""

import base64
import gzip
import json
import os
import secrets
from collections.abc import Iterator
from hashlib import pbkdf2_hmac, sha256
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from municipal.addressees.outputs import Purpose, address_for, prints_addresses, written
from municipal.audit.operations import disclose, operation
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.clauses import implements
from municipal.core.eras import wareki
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality
from municipal.residents import inquiry
from municipal.residents.shown import written as item

ROUNDS = 600_000
SHORTEST = 15
PAGE = 5_000
HOURS = 72
FOLDER = Path(__file__).with_name("package")
FIELDS = ("name", "name_kana", "sex", "born_on", "relationship", "address", "household")


@operation("transfer.disaster_package")
@prints_addresses("transfer.disaster_package", Purpose.EXPORT)
def write_package(*, actor: Actor, out: Path, passphrase: str, protected_passphrase: str = "") -> int:
    """Write the package of the open town to the new file ``out``; how many people it holds (災害用パッケージの作成).

    Without ``protected_passphrase`` addresses of protected people are not in it at all. Raises Refused for a passphrase
    that is too short, two that are alike, and a file that is there already.
    """
    _refuse_weak(passphrase, protected_passphrase)
    if out.exists():
        raise Refused("出力先がすでにあります。新しいファイルを指定してください。", code="exists")
    people, hidden, seen = [], {}, []
    for row in _residents():
        seen.append(row["addressee_id"])
        people.append(_person(row))
        if row["is_protected"]:
            hidden[row["addressee__number"]] = _address(row)
    town = Municipality.objects.get(pk=wall.current())
    page = _page(town, people, passphrase, hidden if protected_passphrase else {}, protected_passphrase)
    _write(out, page)
    disclose(actor=actor, subjects=seen, fields=FIELDS, purpose="disaster")
    return len(people)


def _refuse_weak(*passphrases: str) -> None:
    given = [one for one in passphrases if one]
    if not passphrases[0] or any(len(one) < SHORTEST for one in given):
        raise Refused("合言葉は15文字以上にしてください。", field="passphrase", code="weak")
    if len(set(given)) < len(given):
        raise Refused("二つの合言葉を別のものにしてください。", field="passphrase", code="alike")


def _residents() -> Iterator[dict[str, Any]]:
    """Everybody who lives here now, in the order of numbers."""
    after = ""
    while found := inquiry.page(after=after, size=PAGE):
        after = found[-1]["addressee__number"]
        yield from (row for row in found if row["status"] == "1")


def _address(row: dict[str, Any]) -> str:
    # The one place beside the responsible officer's page where a protected address is read: to be sealed at once.
    return _line(row["address_postal_code"], written(row, "address"))


def _line(postal: str, text: str) -> str:
    return f"〒{postal[:3]}-{postal[3:]} {text}" if postal else text


@implements("resident-record/1.0#3.1/m1")
def _person(row: dict[str, Any]) -> list[Any]:
    """One person: number, household, name, kana, alias, sex, birth, relationship, address, 1 where it is withheld."""
    address = address_for(Purpose.EXPORT, row, "address", is_protected=row["is_protected"])
    # Whoever shares a household with a protected person shares the door: the number would lead there.
    household = "" if address.is_withheld else row["household__number"]
    return [
        row["addressee__number"], household, row["name"], row["name_kana"], row["alias"],
        item("sex", row["sex"], kind=row["kind"]), item("born_on", row["born_on"], kind=row["kind"]),
        row["relationship"], "" if address.is_withheld else _line(address.postal_code, address.text),
        int(address.is_withheld),
    ]  # fmt: skip


def sealed(content: Any, passphrase: str, about: str) -> dict[str, Any]:
    """``content`` as JSON, compressed and sealed; ``about`` is bound to it and stays readable (封緘)."""
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    key = pbkdf2_hmac("sha256", passphrase.encode(), salt, ROUNDS)
    plain = gzip.compress(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode(), mtime=0)
    text = {"salt": salt, "nonce": nonce, "data": AESGCM(key).encrypt(nonce, plain, about.encode())}
    return {"rounds": ROUNDS, "about": about, **{name: base64.b64encode(one).decode() for name, one in text.items()}}


def _page(
    town: Municipality, people: list[Any], passphrase: str, hidden: dict[str, str], protected_passphrase: str
) -> str:  # fmt: skip
    now = clock.now()
    facts = {
        "town": town.name, "code": town.code, "at": f"{wareki(now.date())} {now:%H:%M}",
        "old_after": int(now.timestamp()) + HOURS * 3600, "count": len(people),
    }  # fmt: skip
    about = f"kijun disaster package {town.code} {now.isoformat(timespec='seconds')}"
    parts = {"facts": facts, "people": sealed(people, passphrase, about)}
    if hidden:
        parts["protected"] = sealed(hidden, protected_passphrase, f"{about} protected")
    script = (FOLDER / "package.js").read_text(encoding="utf-8")
    style = (FOLDER / "package.css").read_text(encoding="utf-8")
    return (
        (FOLDER / "package.html")
        .read_text(encoding="utf-8")
        .replace("@@SCRIPT_HASH@@", _hash(script))
        .replace("@@STYLE_HASH@@", _hash(style))
        .replace("@@STYLE@@", style)
        .replace("@@DATA@@", json.dumps(parts, ensure_ascii=False).replace("<", "\\u003c"))
        .replace("@@SCRIPT@@", script)
    )


def _hash(text: str) -> str:
    """What the page's own policy names: nothing else in it is carried out."""
    return "sha256-" + base64.b64encode(sha256(text.encode()).digest()).decode()


def _write(out: Path, page: str) -> None:
    beside = out.with_name(f".{out.name}.part-{os.getpid()}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
        file.write(page)
        file.flush()
        os.fsync(file.fileno())
    beside.rename(out)
