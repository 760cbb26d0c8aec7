"""A town's own versions of entries: written, proposed, published by somebody else, and then for good (手続の版)."""

import json
from collections.abc import Iterator
from typing import Any

from django.db import models
from django.db.models import F, Q

from municipal.municipalities.constraints import Across, Promise, Wall
from municipal.municipalities.models import OfMunicipality


class Published(Promise):
    """What was published stays as it is, and what is proposed is not rewritten meanwhile (公開した版の固定).

    Needs the trigger function ``kijun_published_stays`` of this room's first migration.
    """

    def statements(self, model: type[models.Model]) -> Iterator[str]:
        table = f'"{model._meta.db_table}"'
        for act in ("UPDATE", "DELETE"):
            yield (
                f'CREATE TRIGGER "{self.name}_{act[0].lower()}" BEFORE {act} ON {table} FOR EACH ROW '
                "EXECUTE FUNCTION kijun_published_stays()"
            )
        yield (
            f'CREATE TRIGGER "{self.name}_t" BEFORE TRUNCATE ON {table} FOR EACH STATEMENT '
            "EXECUTE FUNCTION kijun_only_grows()"
        )

    def undoing(self, model: type[models.Model]) -> Iterator[str]:
        for act in "udt":
            yield f'DROP TRIGGER IF EXISTS "{self.name}_{act}" ON "{model._meta.db_table}"'


class Procedure(OfMunicipality):
    """A procedure of which the town has versions of its own (手続)."""

    code = models.CharField("手続の識別子", max_length=60)

    class Meta(OfMunicipality.Meta):
        verbose_name = "手続"
        verbose_name_plural = "手続"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            models.UniqueConstraint(
                fields=["municipality", "code"], name="procedure_has_its_own_code",
                violation_error_message="同じ識別子の手続がすでにあります。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.code


class ProcedureVersion(OfMunicipality):
    """One wording of a procedure. Of each there is at most one that is not yet published (手続の版)."""

    class State(models.TextChoices):
        """Where a version stands (版の状態)."""

        DRAFT = "draft", "下書き"
        PROPOSED = "proposed", "公開の承認待ち"
        PUBLISHED = "published", "公開"

    procedure = models.ForeignKey(
        Procedure, models.PROTECT, db_constraint=False, related_name="versions", verbose_name="手続"
    )
    number = models.PositiveIntegerField("版")
    state = models.CharField("状態", max_length=10, choices=State.choices, default=State.DRAFT)
    # As text: jsonb would forget the order of the keys, and with it what changed.
    text = models.TextField("内容")
    digest = models.CharField("内容の照合値", max_length=64)
    remark = models.CharField("差戻しの理由", max_length=400, blank=True)
    written_by = models.BigIntegerField("書いた職員")
    written_at = models.DateTimeField("書いた日時")
    proposed_by = models.BigIntegerField("公開を申し出た職員", null=True)
    proposed_at = models.DateTimeField("公開を申し出た日時", null=True)
    published_by = models.BigIntegerField("公開した職員", null=True)
    published_at = models.DateTimeField("公開日時", null=True)

    class Meta(OfMunicipality.Meta):
        verbose_name = "手続の版"
        verbose_name_plural = "手続の版"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall"),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="version_is_of_a_procedure_of_this_town", field="procedure"),
            Published(name="published_version_stays"),
            models.UniqueConstraint(
                fields=["municipality", "procedure", "number"], name="version_has_its_own_number",
                violation_error_message="同じ番号の版がすでにあります。画面を開き直してください。",
            ),
            models.UniqueConstraint(
                fields=["municipality", "procedure"], condition=~Q(state="published"), name="one_version_is_open",
                violation_error_message="この手続には、公開していない版がすでにあります。",
            ),
            models.CheckConstraint(
                name="version_state_agrees_with_its_times",
                condition=Q(state="draft", proposed_at=None, published_at=None)
                | Q(state="proposed", proposed_at__isnull=False, proposed_by__isnull=False, published_at=None)
                | Q(state="published", proposed_at__isnull=False, proposed_by__isnull=False,
                    published_at__isnull=False, published_by__isnull=False),
            ),
            models.CheckConstraint(
                name="version_is_published_by_another",
                condition=Q(published_by=None) | ~Q(published_by=F("written_by")) & ~Q(published_by=F("proposed_by")),
                violation_error_message="書いた本人と申し出た本人は公開できません。別の職員が公開してください。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.procedure_id}/{self.number}"

    @property
    def content(self) -> dict[str, Any]:
        """The wording as data (内容)."""
        return dict(json.loads(self.text))
