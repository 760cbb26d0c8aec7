"""Staff of the two test towns, made in one line each (試験用の職員)."""

from datetime import date, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client

from conftest import TOWN
from municipal.core import clock
from municipal.identity.middleware import COOKIE
from municipal.identity.models import Grant, Staff
from municipal.identity.operations import sessions
from municipal.identity.operations.sessions import Opened
from municipal.municipalities import wall

PASSWORD = "correct horse battery staple"
# Long ago: a test that stops the clock on any day it likes finds the account in force.
HIRED_ON = date(2020, 4, 1)


def somebody(*permissions: str, login_name: str = "clerk", town: int = TOWN, **said: Any) -> Staff:
    """An account of that town that holds these permissions today and for a month; returned from outside the wall."""
    with wall.within(town):
        values = {"name": f"{login_name}氏", "must_change_password": False, "valid_from": HIRED_ON}
        values |= {"password": make_password(PASSWORD), **said}
        staff = Staff.objects.create(login_name=login_name, **values)
        today = clock.today()
        for code in permissions:
            Grant.objects.create(staff=staff, permission=code, valid=DateRange(today, today + timedelta(days=31)))
        return staff


def opened_by(staff: Staff, *, passed: bool = False) -> Opened:
    """A session of that person, begun now."""
    with wall.within(int(staff.municipality_id or 0)):
        return sessions.begin(staff=staff, passed=passed)


def browser_of(staff: Staff, *, passed: bool = False, enforce_csrf_checks: bool = False) -> Client:
    """A browser in which that person is signed in; server errors come back as answers, as in earnest."""
    client = Client(raise_request_exception=False, enforce_csrf_checks=enforce_csrf_checks)
    client.cookies[COOKIE] = opened_by(staff, passed=passed).key
    return client
