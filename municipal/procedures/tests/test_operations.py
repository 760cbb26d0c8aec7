"""Writing, proposing and publishing a wording, and what the database itself forbids (手続の版の試験)."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import IntegrityError, connections, transaction

from conftest import OTHER_TOWN, TOWN
from municipal.audit.models import Entry as AuditEntry
from municipal.core.actors import System
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality
from municipal.procedures import offered as offering
from municipal.procedures.catalogue import entry_of, written
from municipal.procedures.exports import catalogue_file
from municipal.procedures.models import Procedure, ProcedureVersion
from municipal.procedures.offered import current, entries, offered
from municipal.procedures.operations import (
    discard_draft,
    propose_version,
    publish_version,
    return_version,
    take_in_catalogue,
    write_draft,
)

from .sample import said, sample

WRITER, SECOND, THIRD = (System(actor_kind="staff", actor_id=number) for number in (1, 2, 3))
NEW = sample(title=said("転出の届出"))


@pytest.fixture(autouse=True)
def _one_entry(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The catalogue of the program is the sample alone."""
    monkeypatch.setattr(offering, "shipped", lambda: (entry_of(sample()),))
    offering._kept.cache_clear()
    yield
    offering._kept.cache_clear()


def drafted(content: Any = NEW, actor: System = WRITER, **more: Any) -> ProcedureVersion:
    return write_draft(actor=actor, code=content["id"], text=written(content), **more)


def proposed(**more: Any) -> ProcedureVersion:
    return propose_version(actor=WRITER, version=drafted(**more).pk)


def test_residents_read_a_wording_from_its_publication_on(town: int) -> None:
    made = drafted()
    assert (made.number, made.state, made.content["version"]) == (2, "draft", 2)
    propose_version(actor=WRITER, version=made.pk)
    assert offered().entries[0].title.ja == "転出届"
    publish_version(actor=SECOND, version=made.pk)
    assert [entry.title.ja for entry in offered().entries] == ["転出の届出"]
    assert [entry.version for entry in entries()] == [2]


@pytest.mark.parametrize("actor", [WRITER, SECOND])
def test_neither_who_wrote_nor_who_proposed_publishes(town: int, actor: System) -> None:
    made = propose_version(actor=SECOND, version=drafted().pk)
    with pytest.raises(Refused, match="別の職員") as refused:
        publish_version(actor=actor, version=made.pk)
    assert refused.value.code == "version_is_published_by_another"
    publish_version(actor=THIRD, version=made.pk)
    assert current("move-out") == made.content


@pytest.mark.parametrize(
    ("text", "said_"),
    [
        ("{", "JSON"), ("[]", "項目と値の組"), (written(sample(events=[])), "events"),
        (written(sample(id="other")), "識別子は変えられません"), (written(sample()), "公開中の内容と同じ"),
        (written(sample(version=9)), "公開中の内容と同じ"), ("\ud800", "JSON"),
    ],
)  # fmt: skip
def test_what_is_not_sound_or_not_new_is_not_kept(town: int, text: str, said_: str) -> None:
    with pytest.raises(Refused, match=said_):
        write_draft(actor=WRITER, code="move-out", text=text)
    assert ProcedureVersion.objects.count() == 0


def test_a_draft_is_written_again_but_not_over_somebody_s_change(town: int) -> None:
    first = drafted()
    second = drafted(sample(title=said("別の名前")), actor=SECOND, seen=first.digest)
    assert (second.pk, second.number, second.written_by) == (first.pk, 2, 2)
    with pytest.raises(Refused) as refused:
        drafted(sample(title=said("三つ目")), seen=first.digest)
    assert refused.value.code == "draft_changed"


def test_what_waits_is_not_rewritten_and_goes_back_with_a_reason(town: int) -> None:
    made = proposed()
    with pytest.raises(Refused, match="承認を待っています"):
        drafted(sample(title=said("別の名前")))
    with pytest.raises(Refused, match="理由"):
        return_version(actor=SECOND, version=made.pk, reason=" ")
    back = return_version(actor=SECOND, version=made.pk, reason="期限が違います")
    assert (back.state, back.remark, back.proposed_by) == ("draft", "期限が違います", None)
    assert drafted(sample(title=said("別の名前"))).remark == ""


@pytest.mark.parametrize("act", [propose_version, publish_version, discard_draft])
def test_an_act_on_a_version_that_is_gone_is_refused(town: int, act: Any) -> None:
    with pytest.raises(Refused, match="見つからないか"):
        act(actor=SECOND, version=999)


def test_a_published_version_is_neither_returned_nor_discarded_nor_published_again(town: int) -> None:
    made = proposed()
    publish_version(actor=SECOND, version=made.pk)
    for act in (publish_version, propose_version, discard_draft):
        with pytest.raises(Refused):
            act(actor=THIRD, version=made.pk)
    with pytest.raises(Refused):
        return_version(actor=THIRD, version=made.pk, reason="x")
    assert drafted(sample(title=said("三つ目"))).number == 3


def test_a_draft_is_thrown_away_and_its_number_is_free_again(town: int) -> None:
    assert discard_draft(actor=SECOND, version=drafted().pk) == "move-out"
    assert (ProcedureVersion.objects.count(), drafted().number) == (0, 2)


def test_a_link_that_leads_nowhere_stops_the_proposal(town: int) -> None:
    made = drafted(sample(follows=[{"id": "nowhere", "if": "", "is_ex_officio": False}]))
    with pytest.raises(Refused, match="nowhere"):
        propose_version(actor=WRITER, version=made.pk)


def test_a_circle_over_two_procedures_stops_the_publication(town: int) -> None:
    other = drafted(sample(id="other"))
    propose_version(actor=WRITER, version=other.pk)
    publish_version(actor=SECOND, version=other.pk)
    first = propose_version(actor=WRITER, version=drafted(sample(after=["other"])).pk)
    publish_version(actor=SECOND, version=first.pk)
    back = drafted(sample(id="other", after=["move-out"]))
    with pytest.raises(Refused, match="ひと回り"):
        propose_version(actor=WRITER, version=back.pk)


def test_every_act_is_in_the_audit(committed_db: str) -> None:
    with wall.within(TOWN):
        made = proposed()
        publish_version(actor=SECOND, version=made.pk)
    with wall.within(TOWN):
        trail = list(AuditEntry.objects.order_by("seq").values_list("act", "actor_id", "code"))
    assert trail == [("procedures.write", 1, "move-out"), ("procedures.propose", 1, "move-out"),
                     ("procedures.publish", 2, "move-out")]  # fmt: skip


def test_the_catalogue_travels_to_another_town_as_drafts(committed_db: str) -> None:
    with wall.within(TOWN):
        made = proposed()
        publish_version(actor=SECOND, version=made.pk)
        proposal = drafted(sample(id="other"))
        propose_version(actor=WRITER, version=proposal.pk)
        publish_version(actor=SECOND, version=proposal.pk)
        data = catalogue_file(Municipality.objects.get(pk=TOWN)).encode()
    with wall.within(OTHER_TOWN):
        assert Procedure.objects.count() == 0
        assert take_in_catalogue(actor=WRITER, data=data) == ["move-out", "other"]
        assert {one.state for one in ProcedureVersion.objects.all()} == {"draft"}
        assert [entry.title.ja for entry in entries()] == ["転出届"]


def test_the_own_catalogue_taken_in_again_changes_nothing(committed_db: str) -> None:
    with wall.within(TOWN):
        data = json.dumps({"format": "kijun-procedures/1", "town": "0", "entries": [sample(version=7)]}).encode()
        assert take_in_catalogue(actor=WRITER, data=data) == []
        assert ProcedureVersion.objects.count() == 0


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"[]", b'{"format": "other"}', b'{"format": "kijun-procedures/1", "entries": []}',
     b'{"format": "kijun-procedures/1", "entries": 3}', b'{"format": "kijun-procedures/1", "entries": [3]}',
     b'{"format": "kijun-procedures/1", "entries": [{"id": "x"}]}'],
)  # fmt: skip
def test_a_file_that_is_no_catalogue_is_refused(town: int, data: bytes) -> None:
    with pytest.raises(Refused):
        take_in_catalogue(actor=WRITER, data=data)


def test_one_faulty_entry_leaves_the_whole_file_out(town: int) -> None:
    found = {"format": "kijun-procedures/1", "entries": [sample(id="good"), sample(id="bad", events=[])]}
    with pytest.raises(Refused, match="bad events"):
        take_in_catalogue(actor=WRITER, data=json.dumps(found).encode())
    assert ProcedureVersion.objects.count() == 0


def test_the_database_itself_keeps_what_was_published(town: int) -> None:
    made = proposed()
    with pytest.raises(IntegrityError, match="not rewritten"), transaction.atomic():
        ProcedureVersion.objects.filter(pk=made.pk).update(text="{}")
    with pytest.raises(IntegrityError, match="not changed or removed"), transaction.atomic():
        ProcedureVersion.objects.filter(pk=made.pk).delete()
    publish_version(actor=SECOND, version=made.pk)
    for change in ({"text": "{}"}, {"state": "draft"}, {"remark": "x"}):
        with pytest.raises(IntegrityError, match="not changed or removed"), transaction.atomic():
            ProcedureVersion.objects.filter(pk=made.pk).update(**change)
    with pytest.raises(IntegrityError, match="not changed or removed"), transaction.atomic():
        ProcedureVersion.objects.filter(pk=made.pk).delete()


def test_the_database_itself_publishes_nothing_that_nobody_proposed(town: int) -> None:
    made = drafted()
    with pytest.raises(IntegrityError), transaction.atomic():
        ProcedureVersion.objects.filter(pk=made.pk).update(state="published")
    now = made.written_at
    with pytest.raises(IntegrityError, match="Only what was proposed"), transaction.atomic():
        ProcedureVersion.objects.filter(pk=made.pk).update(
            state="published", proposed_by=2, proposed_at=now, published_by=3, published_at=now
        )


def test_of_two_who_publish_at_once_one_is_refused(committed_db: str) -> None:
    with wall.within(TOWN):
        made = proposed()

    def publish(actor: System) -> str:
        try:
            with wall.within(TOWN):
                publish_version(actor=actor, version=made.pk)
            return "published"
        except Refused as refused:
            return refused.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(publish, (SECOND, THIRD))) == ["no_such_version", "published"]


def test_another_town_sees_nothing_of_it(committed_db: str) -> None:
    with wall.within(TOWN):
        publish_version(actor=SECOND, version=proposed().pk)
    with wall.within(OTHER_TOWN):
        assert ProcedureVersion.objects.count() == 0
        assert [entry.title.ja for entry in offered().entries] == ["転出届"]
