"""What a screen asks of whoever opens it; the doorway reads it, a shape test lists it (画面の入場条件).

Every view says one of: ``open_to_all``, ``signed_in()``, ``needs("residents.search")``.
A view that says nothing is not served.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, TypeVar

from django.http import HttpRequest

from municipal.municipalities.models import Municipality

from .models import Session, Staff
from .permissions import PERMISSIONS

View = TypeVar("View", bound=Callable[..., Any])

SECOND_FACTOR, PASSWORD, SETUP = "second_factor", "password_change", "second_factor_setup"
"""Steps that stand between the password and the first screen, in this order; also the names of their pages."""


class StaffRequest(HttpRequest):
    """A request as views behind the doorway see it (職員の要求)."""

    id: str
    staff: Staff
    town: Municipality
    session_row: Session
    permissions: frozenset[str]
    refusals: list[Exception]


@dataclass(frozen=True)
class Access:
    """One view's condition: everybody, anybody signed in, or who holds ``permission`` (入場条件).

    ``others``: permissions that open it as well. ``during``: the unfinished steps of a sign-in in which the view is
    shown nevertheless.
    """

    is_open: bool = False
    permission: str = ""
    others: tuple[str, ...] = ()
    during: tuple[str, ...] = ()

    def lets_in(self, permissions: Collection[str]) -> bool:
        """Whether these permissions are enough (権限の確認)."""
        return not self.permission or any(one in permissions for one in (self.permission, *self.others))


def _marked(view: View, access: Access) -> View:
    view.access = access  # type: ignore[attr-defined]
    return view


def open_to_all(view: View) -> View:
    """Nobody need be signed in, and no town's door is open (だれでも)."""
    return _marked(view, Access(is_open=True))


def signed_in(*, during: tuple[str, ...] = ()) -> Callable[[View], View]:
    """Whoever is signed in may open it (サインイン中の職員)."""
    return lambda view: _marked(view, Access(during=during))


def needs(permission: str, *others: str) -> Callable[[View], View]:
    """Only who holds the permission, or one of the others, may open it (権限のある職員).

    Raises KeyError at import time for a permission that does not exist.
    """
    access = Access(permission=PERMISSIONS[permission].code, others=tuple(PERMISSIONS[one].code for one in others))
    return lambda view: _marked(view, access)


def access_of(view: Any, method: str = "GET") -> Access | None:
    """What a view has declared: on itself, on its class's handler of the HTTP method, or on its class (入場条件の照会).

    None where nothing is declared.
    """
    declared = getattr(view, "access", None)
    room = getattr(view, "cls", None) or getattr(view, "view_class", None)
    if declared is None and room is not None:
        actions = getattr(view, "actions", None) or {}
        handler = getattr(room, actions.get(method.lower(), method.lower()), None)
        declared = getattr(handler, "access", None) or getattr(room, "access", None)
    return declared if isinstance(declared, Access) else None
