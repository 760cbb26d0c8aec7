"""What is being looked into about people (実態調査の照会)."""

from collections.abc import Collection

from django.db.models import QuerySet

from municipal.addressees.models import Addressee
from municipal.core import clock

from .models import Investigation
from .rules.investigating import Looking, is_whole, marked_items


def history(addressee: Addressee) -> QuerySet[Investigation]:
    """Every looking into of a person, the newest first (実態調査の履歴)."""
    return Investigation.objects.filter(addressee=addressee).order_by("-started_on", "-pk")


def _open(people: Collection[int]) -> list[Looking]:
    found = Investigation.objects.filter(addressee__in=people)
    return [Looking(one.about, one.started_on, one.ended_on) for one in found]


def marked(addressee: int) -> frozenset[str]:
    """The items of a person beside which the mark stands today (調査中の項目)."""
    return marked_items(_open([addressee]), clock.today())


def is_residence_doubted(addressee: int) -> bool:
    """Whether it is looked into today if the person lives here (居住の実態を調査中)."""
    return is_whole(_open([addressee]), clock.today())
