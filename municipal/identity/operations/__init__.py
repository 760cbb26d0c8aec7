"""Everything that changes accounts, sessions and permissions (職員と権限の操作)."""

from .accounts import change_account, close_account, open_account, reopen_account, save_account, unlock_account
from .bulk import maintain_permissions, matrix, read_wishes
from .front import sign_in_by_front
from .passwords import change_password, reset_password
from .permissions import grant, regrant, revoke
from .second_factor import confirm_second_factor, enroll_second_factor, remove_second_factor
from .sessions import Opened
from .signing_in import pass_second_factor, sign_in, sign_out
from .switching import switch
from .tokens import issue_token, revoke_token

__all__ = [
    "Opened",
    "change_account",
    "change_password",
    "close_account",
    "confirm_second_factor",
    "enroll_second_factor",
    "grant",
    "issue_token",
    "maintain_permissions",
    "matrix",
    "open_account",
    "pass_second_factor",
    "read_wishes",
    "regrant",
    "remove_second_factor",
    "reopen_account",
    "reset_password",
    "revoke",
    "revoke_token",
    "save_account",
    "sign_in",
    "sign_in_by_front",
    "sign_out",
    "switch",
    "unlock_account",
]
