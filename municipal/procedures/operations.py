"""Writing a procedure anew: a draft, a proposal, and the publication by somebody else (手続カタログの操作)."""

from django.utils.translation import gettext_noop as _

from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.refusals import Refused

from .catalogue import Content, entry_of, written
from .models import Procedure, ProcedureVersion
from .offered import current, digest_of, entries
from .rules import among, faults_of, parsed

State = ProcedureVersion.State
FAULTY = _("手続の内容に誤りがあります（%(where)s）: %(what)s")
OTHER_ID = _("識別子は変えられません。別の手続は、新しい手続として書いてください。")
CHANGED = _("ほかの職員がこの下書きを変えました。開き直して、変更を確かめてください。")
WAITS = _("この手続は公開の承認を待っています。差し戻してから直してください。")
NOTHING_NEW = _("公開中の内容と同じです。変えてから保存してください。")
NO_VERSION = _("この版は見つからないか、状態が変わっています。画面を開き直してください。")
NO_REASON = _("差し戻す理由を入れてください。")
NO_CATALOGUE = _("手続カタログのファイルではありません。")
FORMAT = "kijun-procedures/1"


@operation("procedures.write")
def write_draft(*, actor: Actor, code: str, text: str, seen: str = "") -> ProcedureVersion:
    """Keep a wording as the draft of a procedure, new or not; its number is given here (下書きの保存).

    ``seen``: the digest of the draft that the writer had before them. Raises Refused for content that is not sound.
    """
    content = _read(text)
    if content["id"] != code:
        raise Refused(OTHER_ID, field="text", code="other_id")
    made = _keep(actor, content, seen)
    record(actor=actor, code=code)
    return made


def _read(text: str) -> Content:
    content, faults = parsed(text.encode("utf-8", "replace"))
    faults = faults or faults_of(content)
    if faults or not isinstance(content, dict):
        where = faults[0].key or "JSON"
        raise Refused(FAULTY, field="text", code="faulty_entry", where=where, what=faults[0].said)
    return content


def _keep(actor: Actor, content: Content, seen: str) -> ProcedureVersion:
    code, now = content["id"], current(content["id"])
    procedure, _made = Procedure.objects.get_or_create(code=code)
    found = procedure.versions.exclude(state=State.PUBLISHED).select_for_update().first()
    last = procedure.versions.order_by("-number").first()
    number = found.number if found else max(last.number if last else 0, now["version"] if now else 0) + 1
    if now is not None and content | {"version": 0} == now | {"version": 0}:
        raise Refused(NOTHING_NEW, field="text", code="nothing_new")
    content = content | {"version": number}
    if found is None:
        found = ProcedureVersion(procedure=procedure, number=number)
    elif found.state == State.PROPOSED:
        raise Refused(WAITS, code="waits_for_publication")
    elif seen and seen != found.digest:
        raise Refused(CHANGED, field="text", code="draft_changed")
    found.text = written(content)
    found.digest, found.remark = digest_of(found.text), ""
    found.written_by, found.written_at = actor.actor_id, clock.now()
    found.save()
    return found


@operation("procedures.propose")
def propose_version(*, actor: Actor, version: int) -> ProcedureVersion:
    """Ask for the publication of a draft; from now on it is not rewritten (公開の申出)."""
    found = _locked(version, State.DRAFT)
    _fits_the_rest(found)
    found.state, found.proposed_by, found.proposed_at = State.PROPOSED, actor.actor_id, clock.now()
    found.save()
    record(actor=actor, code=found.procedure.code)
    return found


@operation("procedures.publish")
def publish_version(*, actor: Actor, version: int) -> ProcedureVersion:
    """Show a proposed wording to residents from now on; not by who wrote or proposed it (公開)."""
    found = _locked(version, State.PROPOSED)
    _fits_the_rest(found)
    found.state, found.published_by, found.published_at = State.PUBLISHED, actor.actor_id, clock.now()
    found.save()
    record(actor=actor, code=found.procedure.code)
    return found


@operation("procedures.return")
def return_version(*, actor: Actor, version: int, reason: str) -> ProcedureVersion:
    """Give a proposed wording back to be written anew (差戻し)."""
    found = _locked(version, State.PROPOSED)
    if not reason.strip():
        raise Refused(NO_REASON, field="reason", code="reason_missing")
    found.state, found.proposed_by, found.proposed_at = State.DRAFT, None, None
    found.remark = reason.strip()[:400]
    found.save()
    record(actor=actor, code=found.procedure.code)
    return found


@operation("procedures.discard")
def discard_draft(*, actor: Actor, version: int) -> str:
    """Throw a draft away; the procedure stays as it is published. Gives its id (下書きの破棄)."""
    found = _locked(version, State.DRAFT)
    code = found.procedure.code
    found.delete()
    record(actor=actor, code=code)
    return code


@operation("procedures.take_in")
def take_in_catalogue(*, actor: Actor, data: bytes) -> list[str]:
    """Keep every entry of another town's file that differs from ours as a draft; all or none (カタログの受入れ).

    Gives the ids. Entries that wait for publication here are refused, since somebody is deciding about them.
    """
    content, faults = parsed(data)
    if faults or not isinstance(content, dict) or content.get("format") != FORMAT:
        raise Refused(NO_CATALOGUE, field="file", code="no_catalogue")
    found = content.get("entries")
    if not isinstance(found, list) or not found:
        raise Refused(NO_CATALOGUE, field="file", code="no_catalogue")
    taken: list[str] = []
    for one in found:
        wrong = faults_of(one)
        if wrong:
            name = str(one.get("id", ""))[:60] if isinstance(one, dict) else ""
            raise Refused(
                FAULTY, field="file", code="faulty_entry", where=f"{name} {wrong[0].key}".strip(), what=wrong[0].said
            )
        now = current(one["id"])
        if now is None or one | {"version": 0} != now | {"version": 0}:
            taken.append(_keep(actor, one, "").procedure.code)
    record(actor=actor, code=str(len(taken)))
    return taken


def _locked(version: int, state: str) -> ProcedureVersion:
    found = ProcedureVersion.objects.select_for_update().filter(pk=version, state=state).first()
    if found is None:
        raise Refused(NO_VERSION, code="no_such_version")
    return found


def _fits_the_rest(version: ProcedureVersion) -> None:
    entry = entry_of(version.content)
    faults = [one for one in among([*(one for one in entries() if one.id != entry.id), entry])
              if one.file == f"{entry.id}.json" or one.key == "after"]  # fmt: skip
    if faults:
        raise Refused(FAULTY, code="faulty_entry", where=faults[0].key, what=faults[0].said)
