"""Files of a bundle: one upload, kept with every application that needs it (手続一式の添付)."""

from typing import Any

from municipal.applications.bundling.reading import Reading
from municipal.applications.models import Attachment, Draft
from municipal.applications.rules.applicant import EVIDENCE
from municipal.web.forms.applying import PageForm

from .applying import sections_of


def owners(reading: Reading, name: str) -> list[tuple[Draft, str]]:
    """The drafts that use a file, each with the name of the question there (添付先)."""
    key, _rows, rest = name.partition("__")
    uses = next((one.uses for one in reading.papers if one.field.name == key), None)
    if uses is None:
        uses = next((one.uses for one in reading.slots if one.key == key), ())
    found = []
    for part in uses:
        suffix = f"_{part.copy}"
        is_own = part.copy > 1 and key.endswith(suffix)
        field = key.removesuffix(suffix) if is_own else key
        found.append((reading.drafts[part.number - 1], f"{field}__{rest}" if rest else field))
    return found


def files_of(reading: Reading) -> list[Attachment]:
    """Every attached file once, the oldest first (添付の一覧)."""
    seen, found = set[tuple[str, str]](), []
    for one in Attachment.objects.filter(draft__bundle=reading.bundle).order_by("pk").defer("content"):
        if (one.field, one.sha256) not in seen or not one.field.startswith(EVIDENCE):
            seen.add((one.field, one.sha256))
            found.append(one)
    return found


def there(reading: Reading, name: str) -> list[Attachment]:
    """The files that were attached to one question of the bundle (質問の添付)."""
    for draft, field in owners(reading, name)[:1]:
        return list(draft.attachments.filter(field=field).order_by("pk").defer("content"))
    return []


def sections(form: PageForm, reading: Reading, language: str, uses: dict[str, list[str]]) -> list[dict[str, Any]]:
    """The questions of a page for its template; each says which procedures use its answer (質問の表示)."""
    found = sections_of(form, reading.drafts[0], language)
    for section in found:
        section["uses"] = uses.get(section["name"], [])
        for file in section["files"]:
            file["there"] = there(reading, file["name"])
    return found
