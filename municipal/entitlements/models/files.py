"""Files in which a town's own assessment says who is entitled to how much (認定・支給額のファイル)."""

from django.db import models

from municipal.municipalities.constraints import AppendOnly, Wall
from municipal.municipalities.models import OfMunicipality


class AssessmentFile(OfMunicipality):
    """One file as it came, kept whole; the same bytes are kept once (認定・支給額のファイル). Append-only.

    ``proposal``: the number under which it was proposed; somebody else decides, and what came of it is written by then
    into the entitlements themselves, which name their file.
    """

    name = models.CharField("ファイル名", max_length=100)
    digest = models.CharField("照合値", max_length=64)
    content = models.BinaryField("内容")
    proposal = models.BigIntegerField("起案の番号")
    received_at = models.DateTimeField("受取日時")

    class Meta(OfMunicipality.Meta):
        verbose_name = "認定・支給額のファイル"
        verbose_name_plural = "認定・支給額のファイル"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            AppendOnly(name="assessment_file_only_grows"),
            models.UniqueConstraint(
                fields=["municipality", "digest"], name="assessment_file_is_kept_once",
                violation_error_message="同じ内容のファイルがすでにあります。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name
