"""``manage.py open_account``: the first administrator of a town, and the way back in (アカウントの登録)."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from municipal.core.actors import System
from municipal.core.refusals import Refused
from municipal.identity.models import Staff
from municipal.identity.operations import grant, open_account, remove_second_factor, reset_password
from municipal.identity.operations.accounts import Account
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality

ADMINISTRATION = ("staff.view", "staff.manage", "staff.items", "audit.view")
ACTOR = System("open_account")


class Command(BaseCommand):
    """Opens an account that may manage staff, or gives one that exists a new temporary password."""

    help = (
        "Open an account that may manage staff in one town and print its temporary password, which must be changed "
        "at the first sign-in. For a sign-in name that exists: reset its password and second factor, and give back "
        "the permissions to manage staff if they have run out."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--town", required=True, type=int, help="the six-digit local-government code, e.g. 990019")
        parser.add_argument("--login", required=True, help="the sign-in name: small letters and digits")
        parser.add_argument("--name", default="", help="the person's name; needed for a new account")

    def handle(self, *args: Any, **options: Any) -> None:
        if not Municipality.objects.filter(pk=options["town"]).exists():
            raise CommandError(f"No municipality {options['town']:06d} is founded here.")
        try:
            with wall.within(options["town"]):
                password = self._open(options["login"], options["name"])
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"{options['town']:06d} {options['login']} {password}")

    def _open(self, login: str, name: str) -> str:
        staff = Staff.objects.filter(login_name=login).first()
        if staff is None:
            staff, password = open_account(actor=ACTOR, account=Account(login, name))
        else:
            password = reset_password(actor=ACTOR, staff=staff)
            remove_second_factor(actor=ACTOR, staff=staff)
        for code in ADMINISTRATION:
            if not staff.may(code):
                grant(actor=ACTOR, staff=staff, permission=code, reason="open_account")
        return password
