"""What is signed of an application, and whether a signature holds (電子署名).

Signed is the digest of the canonical JSON of what is submitted. The digest, the signature and the number of its
certificate are kept, never a second copy of what was said.
"""

import base64
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext_noop as _

from municipal.applicants.authority import Signature
from municipal.applicants.issuer import subject
from municipal.applicants.models import Applicant, Certificate
from municipal.applicants.operations import is_good, signer_of
from municipal.applications.models import Case, Draft
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.municipalities import wall

SIGNATURE_NEEDED = _("この手続は、署名用の暗証番号で署名してから提出します。")
NOT_THEIR_CARD = _("サインインした方のカードで署名してください。")
NOT_WHAT_IS_SENT = _("署名したあとで内容が変わりました。内容を確かめて、もう一度署名してください。")


class Verdict(StrEnum):
    """What became of a signature (署名の確認結果)."""

    GOOD = "good"
    ALTERED = "altered"
    BAD = "bad"


def digest_of(what: Mapping[str, Any]) -> str:
    """SHA-256 of canonical JSON: keys in order, no spaces, UTF-8 (正準形の照合値)."""
    text = json.dumps(what, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def submission_of(
    procedure: str, version: int, about: int | None, said: Mapping[str, Any], files: Iterable[tuple[str, str]]
) -> dict[str, Any]:
    """What an applicant signs: the procedure, whom it concerns, all that is said, digests of files (署名する内容)."""
    return {"procedure": procedure, "version": version, "about": about, "files": sorted(map(list, files)), **said}


def draft_digest(draft: Draft, applicant: Mapping[str, Any], answers: Mapping[str, Any]) -> str:
    """The digest that is signed before a draft is submitted (提出前の照合値)."""
    said = {"applicant": applicant, "answers": answers, "people": draft.people, "filled": filled_digest(draft)}
    files = [(field, digest) for field, _ref, digest in draft.files()]
    return digest_of(submission_of(draft.procedure, draft.version, draft.about_id, said, files))


def case_digest(case: Case, answers: Mapping[str, Any], people: Mapping[str, Any], until: datetime) -> str:
    """The digest of a signed case with these answers and the files it had at that moment (申請の照合値)."""
    kept = case.signature
    said = {"applicant": case.applicant, "answers": answers, "people": people, "filled": kept.get("filled")}
    files = case.attachments.filter(added_at__lte=until).values_list("field", "sha256")
    return digest_of(submission_of(case.procedure, case.version, kept.get("about"), said, files))


def filled_digest(draft: Draft) -> str:
    """The digest of the values that were taken from elsewhere, and of what was said of them (引用した項目の照合値)."""
    said = ("value", "is_confirmed", "typed")
    return digest_of({name: [one.get(part) for part in said] for name, one in draft.filled.items()})


def checked(account: Applicant | None, made: Signature | None, digest: str) -> dict[str, Any]:
    """A signature as a case keeps it (署名の記録).

    Raises Refused where there is none, where it is not of whoever is signed in, and where it does not hold for this
    digest: the content changed, or the certificate ended in between.
    """
    if made is None or account is None:
        raise Refused(SIGNATURE_NEEDED, code="signature_needed")
    card = signer_of(made)
    if card is None or subject(wall.current(), card) != account.subject:
        raise Refused(NOT_THEIR_CARD, field="number", code="not_their_card")
    if not is_good(made, digest.encode()):
        raise Refused(NOT_WHAT_IS_SENT, code="signature_does_not_hold")
    return {
        "serial": made.serial, "digest": digest, "signed_at": clock.now().isoformat(),
        "signature": base64.b64encode(made.signature).decode(),
    }  # fmt: skip


def signed_anew(case: Case, made: Signature | None, digest: str) -> dict[str, Any]:
    """The record of a signature that takes the place of a former one, which stays in it (訂正後の署名の記録).

    Raises Refused as ``checked``: whoever signed the application signs its correction.
    """
    old = dict(case.signature)
    former = [*old.pop("former", []), old]
    return checked(case.account, made, digest) | {"about": old["about"], "filled": old["filled"], "former": former}


def holds(kept: Mapping[str, Any]) -> bool:
    """Whether a kept signature is genuine and its certificate counted when it was made (署名の再検証).

    A certificate that ended later, as by the very move that was applied for, changes nothing.
    """
    found = Certificate.objects.filter(serial=kept.get("serial", "")).first()
    if found is None:
        return False
    try:
        made = Signature(base64.b64decode(kept["signature"]), bytes(found.content))
        at = datetime.fromisoformat(kept["signed_at"])
        return is_good(made, str(kept["digest"]).encode(), at)
    except (KeyError, ValueError, TypeError):
        return False


def verdict(case: Case) -> Verdict | None:
    """Whether the applicant's signature holds for what the case says now; None where none was made (署名の確認)."""
    if not case.signature:
        return None
    if not holds(case.signature):
        return Verdict.BAD
    now = case_digest(case, case.answers, case.people, datetime.fromisoformat(case.signature["signed_at"]))
    return Verdict.GOOD if now == case.signature["digest"] else Verdict.ALTERED
