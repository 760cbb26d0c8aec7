"""``conform keygen``, ``sign`` and ``verify``: a report that nobody can change unseen (報告の署名)."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from municipal.conformance import signatures
from municipal.conformance.commands import arguments
from municipal.conformance.commands.output import put, say
from municipal.conformance.findings import Exit
from municipal.conformance.refusals import RefusedInput
from municipal.conformance.reports import save


def add_to(commands: Any) -> None:
    """The arguments of the three commands (引数)."""
    keygen = commands.add_parser("keygen", help="署名の鍵を作ります / make a pair of keys")
    keygen.add_argument("key", type=arguments.path, metavar="FILE", help="the private key, FILE.pub the public one")
    keygen.set_defaults(run=run_keygen)
    sign = commands.add_parser("sign", help="JSON報告に署名します / sign a JSON report")
    sign.add_argument("report", type=arguments.path, metavar="REPORT")
    sign.add_argument("--key", type=arguments.path, required=True, metavar="FILE")
    sign.set_defaults(run=run_sign)
    verify = commands.add_parser("verify", help="署名を確かめます / verify a signed report")
    verify.add_argument("report", type=arguments.path, metavar="REPORT")
    verify.add_argument("--signature", type=arguments.path, metavar="FILE", help="default REPORT.sig")
    verify.add_argument("--key", type=arguments.path, metavar="FILE", help="the public key of the signer")
    verify.add_argument("--files", nargs="*", type=arguments.path, default=[], metavar="PATH", help="what was judged")
    verify.set_defaults(run=run_verify)


def run_keygen(asked: argparse.Namespace) -> Exit:
    """Write both keys; an existing key is never written over (鍵の作成)."""
    public = asked.key.with_name(f"{asked.key.name}.pub")
    if asked.key.exists() or public.exists():
        raise RefusedInput(f"{asked.key} は既にあります。", f"{asked.key} exists already.")
    keys = signatures.new_keys()
    with os.fdopen(os.open(asked.key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(keys.private)
    save(keys.public, public)
    say(f"{asked.key}, {public}: {signatures.fingerprint(keys.public)}")
    return Exit.NOTHING_FOUND


def run_sign(asked: argparse.Namespace) -> Exit:
    """Write the signature beside the report (署名)."""
    signature = signatures.sign(asked.report.read_bytes(), asked.key.read_bytes())
    save(signature, _beside(asked.report))
    say(f"{_beside(asked.report)}")
    return Exit.NOTHING_FOUND


def run_verify(asked: argparse.Namespace) -> Exit:
    """Say whose signature it is, or why it is not genuine with status 1 (署名の検証)."""
    report = asked.report.read_bytes()
    signature = (asked.signature or _beside(asked.report)).read_bytes()
    try:
        verified = signatures.verify(report, signature, asked.key.read_bytes() if asked.key else None)
        if asked.files:
            signatures.verify_inputs(report, asked.files)
    except signatures.NotGenuine as problem:
        say(str(problem))
        return Exit.FINDINGS
    known = "確認済みの鍵 / known key" if verified.is_known_key else "鍵は未確認 / key not checked (--key)"
    lines = [f"署名は正しい / the signature is valid: {verified.fingerprint} ({known})"]
    lines += [f"  {name}  {digest}" for name, digest in {**verified.files, **verified.packs}.items()]
    put(("\n".join(lines) + "\n").encode(), None)
    return Exit.NOTHING_FOUND


def _beside(report: Path) -> Path:
    return report.with_name(f"{report.name}.sig")
