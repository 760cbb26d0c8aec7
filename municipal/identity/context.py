"""What every page shows of who is there (画面の枠に出す職員と自治体)."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def who_is_there(request: HttpRequest) -> dict[str, Any]:
    """``signed_in``, ``town``, ``is_demo``, ``permissions`` and ``may`` for the templates; asks no database (画面の枠).

    ``may`` chooses what is offered. Whether it is allowed, the doorway decides.
    """
    staff = getattr(request, "staff", None)
    permissions: frozenset[str] = getattr(request, "permissions", frozenset())
    signed_in = None
    if staff is not None:
        signed_in = {
            "id": staff.pk,
            "name": staff.name,
            "department": staff.department,
            "second_factor_is_set": staff.has_second_factor,
        }
    return {
        "signed_in": signed_in,
        "town": getattr(request, "town", None),
        "is_demo": settings.SECRET_KEY == settings.DEMO_SECRET,
        "permissions": permissions,
        "may": _may(permissions),
    }


def _may(permissions: frozenset[str]) -> dict[str, bool]:
    """What is offered to whoever holds these permissions."""
    return {
        "search": "residents.search" in permissions,
        "view": "residents.view" in permissions,
        "enter": "residents.enter" in permissions,
        "see_drafts": bool(permissions & {"residents.enter", "residents.decide"}),
        "read_audit": "audit.view" in permissions,
        "manage_staff": "staff.view" in permissions,
        "inspect_files": "inspect_files" in permissions,
        "use_api": "api.use" in permissions,
        "see_statistics": "statistics.view" in permissions,
        "extract": bool(permissions & {"extracts.run", "extracts.sample", "extracts.inspection_copy"}),
    }
