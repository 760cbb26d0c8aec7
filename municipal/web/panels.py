"""Parts of the pages of a case that topics of their own add: evidence, fees, messages (申請の画面の部品).

A view module notes its part here when it is imported, with a number that says where it stands; the page of the case
knows none of them by name.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from municipal.applications.models import Case


@dataclass(frozen=True)
class Panel:
    """A template, and what it shows as ``panel`` (部品)."""

    template: str
    context: Mapping[str, Any]


Part = Callable[[HttpRequest, Case], Panel | None]
_for_clerks: dict[int, Part] = {}
_for_applicants: dict[int, Part] = {}


def _noted(parts: dict[int, Part], order: int) -> Callable[[Part], Part]:
    def note(part: Part) -> Part:
        if parts.setdefault(order, part) is not part:
            raise ValueError(f"two parts of a page at {order}")
        return part

    return note


def for_clerks(order: int) -> Callable[[Part], Part]:
    """Show this part on the page where the office works on a case (職員の画面の部品)."""
    return _noted(_for_clerks, order)


def for_applicants(order: int) -> Callable[[Part], Part]:
    """Show this part on the page where the applicant looks at a case (申請者の画面の部品)."""
    return _noted(_for_applicants, order)


def _shown(parts: dict[int, Part], request: HttpRequest, case: Case) -> list[Panel]:
    found = (parts[order](request, case) for order in sorted(parts))
    return [one for one in found if one is not None]


def clerk_panels(request: HttpRequest, case: Case) -> list[Panel]:
    """The parts that have something to show to the office (職員に見せる部品)."""
    return _shown(_for_clerks, request, case)


def applicant_panels(request: HttpRequest, case: Case) -> list[Panel]:
    """The parts that have something to show to the applicant (申請者に見せる部品)."""
    return _shown(_for_applicants, request, case)
