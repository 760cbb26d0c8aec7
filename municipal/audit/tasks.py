"""The audit's regular work (監査の定期処理)."""

import logging

from celery import shared_task

from municipal.municipalities import wall
from municipal.municipalities.models import Municipality

from .anchors import AnchorBroken, anchor

logger = logging.getLogger(__name__)


@shared_task(name="audit.anchor_all")  # type: ignore[untyped-decorator]
def anchor_all() -> None:
    """Anchor every municipality's chain outside the database; one broken town does not stop the others (アンカー)."""
    for code in Municipality.objects.values_list("id", flat=True):
        try:
            with wall.within(code):
                anchor(code)
        except (AnchorBroken, OSError) as error:
            logger.critical("The audit of municipality %06d could not be anchored: %s", code, error)
