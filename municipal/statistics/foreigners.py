"""What the immigration agency is told every year of mid- to long-term residents (中長期在留者の定期報告).

How many notices of residence a municipality handled, by the class of article 30-45 and what was notified; and how many
live here. The agency's own sheet is not at hand: names of the lines are ours.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date

from django.db.models import CharField, Count, Value
from django.db.models.functions import Coalesce, Concat
from django.utils.translation import gettext_noop as _

from municipal.core.clauses import implements
from municipal.residents.models import Kind, ResidentRecord

NOTICES: Mapping[str, str] = {
    "article30_46": _("第30条の46の届出（国外から住所を移した）"),
    "article30_47": _("第30条の47の届出（住所を移さずに中長期在留者等となった）"),
    "move_in": _("転入の届出"),
    "move_within": _("転居の届出"),
    "place_notification": _("住居地の届出"),
}
"""The line of the report by what was notified."""
_SAME = {"move_in_by_card": "move_in", "move_in_unreported": "move_in", "move_in_from_abroad": "article30_46"}
CLASSES: Mapping[str, str] = {"mid_long_term": "中長期在留者", "special_permanent": "特別永住者"}
"""Whom the report is about, by the class of article 30-45."""


@implements("resident-record/1.0#6.1/m2")
def notices(first: date, last: date) -> Counter[tuple[str, str]]:
    """Notices processed from ``first`` to ``last`` by class and line, each person of a notice once (届出の件数).

    Rows that came from another system have no act: their reason tells what was notified.
    """
    rows = ResidentRecord.objects.filter(
        kind=Kind.FOREIGN, article30_45_class__in=CLASSES, processed_on__range=(first, last)
    ).annotate(notified=Coalesce("event__act", "reason"))
    wanted = rows.filter(notified__in=[*NOTICES, *_SAME]).order_by()
    once = Count(Concat("addressee", Value("-"), Coalesce("event", "pk"), output_field=CharField()), distinct=True)
    found: Counter[tuple[str, str]] = Counter()
    for article, notified, count in wanted.values_list("article30_45_class", "notified").annotate(once=once):
        found[article, _SAME.get(notified, notified)] += count
    return found
