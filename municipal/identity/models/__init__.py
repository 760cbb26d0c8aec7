"""Accounts, sessions and permissions of staff (職員と権限の表)."""

from .grants import Grant, permissions_of
from .sessions import FailedSignIn, Session
from .staff import Staff
from .switches import Switch

__all__ = ["FailedSignIn", "Grant", "Session", "Staff", "Switch", "permissions_of"]
