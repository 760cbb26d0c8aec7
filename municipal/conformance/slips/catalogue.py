"""The table of the rules for payment codes: code, clause, severity and standing (納付コードの規則表).

``rules.csv`` of the packs names the rules; ``requirements.csv`` says which clause each proves and how sure we are of
it. The manual of a rule is its line in ``messages.csv``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from municipal.conformance.findings import Severity, Standing
from municipal.conformance.packs import Message, Pack, UnreadablePack, find
from municipal.conformance.slips.layouts import BARCODE, EL_QR


@dataclass(frozen=True, slots=True)
class SlipRule:
    """One rule for a code, a whole slip or the file it came in (規則).

    ``kind`` is the word that fields of ``layout.csv`` name it by, "" for rules of slips and files. ``clause`` is empty
    for rules that speak of the file and not of a standard; those are certain. ``untold_ja`` and ``untold_en`` say why
    the rule may be unable to tell.
    """

    code: str
    name: str
    severity: Severity
    kind: str
    pack: str
    clause: str
    standing: Standing
    untold_ja: str
    untold_en: str

    @property
    def decides(self) -> bool:
        """Whether its findings may turn the exit status into 1 (終了状態を左右するか)."""
        return self.standing is not Standing.PROVISIONAL and self.severity is not Severity.INFO


@cache
def rules() -> Mapping[str, SlipRule]:
    """Every rule by its code, in the order of the packs' files; raises UnreadablePack (規則の一覧)."""
    return {rule.code: rule for name in (EL_QR, BARCODE) for rule in _rules_of(find(name))}


@cache
def messages() -> Mapping[str, Message]:
    """What is said of each broken rule, by its code (説明文)."""
    return {**find(EL_QR).messages, **find(BARCODE).messages}


@cache
def rule_of(pack: str, kind: str) -> SlipRule:
    """The rule of a pack that fields name by ``kind``; raises UnreadablePack (種類から規則へ)."""
    for rule in rules().values():
        if rule.pack == pack and rule.kind == kind:
            return rule
    raise UnreadablePack(f"{pack}: rules.csv has no rule of the kind {kind!r}")


def _rules_of(pack: Pack) -> tuple[SlipRule, ...]:
    proofs = {code: requirement for requirement in pack.requirements for code in requirement.checks}
    found = []
    for row in pack.rows("rules.csv"):
        proof = proofs.get(row["code"])
        found.append(
            SlipRule(
                code=row["code"],
                name=row["name"],
                severity=Severity(row["severity"]),
                kind=row["kind"],
                pack=pack.id,
                clause=f"{pack.id}/{pack.version}#{proof.clause}" if proof else "",
                standing=Standing(proof.status) if proof else Standing.OFFICIAL,
                untold_ja=proof.reason_ja if proof else "",
                untold_en=proof.reason_en if proof else "",
            )
        )
    return tuple(found)
