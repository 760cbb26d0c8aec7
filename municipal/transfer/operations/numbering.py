"""Numbers of hand-overs and intakes, one by one in each town (番号付け)."""

from typing import Any

from django.db import connections, models
from django.db.models import Max

from municipal.municipalities import wall


def next_number(model: type[models.Model]) -> int:
    """The town's next number; a lock until the commit keeps two orders from taking the same one (次の番号)."""
    with connections[wall.opening().using].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s), %s)", [model._meta.label, wall.current()])
    last: Any = model._default_manager.aggregate(last=Max("number"))["last"]
    return int(last or 0) + 1
