"""What the standard forbids about numbers and cards is nowhere: no form, column, page, permission (不実装の試験)."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

from municipal.certificates.kinds import KINDS
from municipal.identity.permissions import PERMISSIONS
from municipal.numbers.models import RequestKind
from municipal.residents.acts import acts
from municipal.residents.models import ResidentRecord
from municipal.residents.shown import HIDDEN, why_not_shown
from municipal.web.forms.entry_shapes import TITLES
from municipal.web.views.confirmation import DOCUMENTS
from municipal.web.views.people import GROUPS


def routes(found: list[URLPattern | URLResolver] | None = None, prefix: str = "") -> Iterator[str]:
    for one in get_resolver().url_patterns if found is None else found:
        path = prefix + str(one.pattern)
        yield from routes(one.url_patterns, path) if isinstance(one, URLResolver) else [path]


def words() -> str:
    """Everything that the system calls something it makes, keeps, offers or permits."""
    said = [str(one.name) for one in PERMISSIONS.values()] + [str(one.explanation) for one in PERMISSIONS.values()]
    said += [str(name) for name in (*DOCUMENTS.values(), *TITLES.values(), *(act.label for act in acts.values()))]
    said += [str(kind.name) for kind in KINDS.values()]
    said += [str(label) for label in RequestKind.labels] + list(routes())
    for model in apps.get_models():
        said.append(str(model._meta.verbose_name))
        said += [str(getattr(field, "verbose_name", "")) for field in model._meta.get_fields()]
    return "\n".join(said)


@pytest.mark.parametrize(
    "word",
    [
        pytest.param("住民票コード確認票", marks=pytest.mark.clause("resident-record/1.0#4.3.3/n1")),
        pytest.param(
            "返納案内", marks=pytest.mark.clause("resident-record/1.0#4.3.2/n2", "resident-record/1.0#7.1.1.3/n1")
        ),
        pytest.param("返納の案内", marks=pytest.mark.clause("resident-record/1.0#4.3.2/n2")),
        pytest.param("記載事項変更案内", marks=pytest.mark.clause("resident-record/1.0#7.1.1.3/n1")),
        pytest.param("カードの再交付", marks=pytest.mark.clause("resident-record/1.0#7.1.1.3/n3")),
        pytest.param("団体内統合宛名番号", marks=pytest.mark.clause("resident-record/1.0#7.1.2.3/n1")),
        pytest.param("個人番号請求者一覧", marks=pytest.mark.clause("resident-record/1.0#7.1.2.1/n1")),
        pytest.param("付番結果一覧", marks=pytest.mark.clause("resident-record/1.0#4.3.1/n1")),
        pytest.param("住民票コード変更日", marks=pytest.mark.clause("resident-record/1.0#4.3.2/n1")),
    ],
)
def test_what_is_forbidden_is_called_nowhere(word: str) -> None:
    assert word not in words()


@pytest.mark.clause("resident-record/1.0#7.1.1.3/n2")
@pytest.mark.parametrize("field", ["signature_certificate_serial", "authentication_certificate_serial"])
def test_whether_a_card_holds_certificates_is_shown_to_nobody(field: str) -> None:
    assert field in {one.attname for one in ResidentRecord._meta.fields}, "kept, since a hand-over may bring it"
    assert why_not_shown(field, permissions=[*PERMISSIONS], withheld=()) == HIDDEN
    assert not any(field in fields for fields in GROUPS.values())


def test_the_words_are_really_looked_at() -> None:
    for there in ("住民票コード通知票", "個人番号カード送付先情報", "numbers/stock", "宛名番号", "転入"):
        assert there in words()
