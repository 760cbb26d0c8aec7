"""The Celery app: what runs in the background and at which beat (裏方の仕事).

A task is a screen: it gets a municipality and ids, opens the wall itself and calls one operation. The broker only
wakes: whatever is to be done stands in the database, and the beats below find it there when a message was lost.
"""

import os
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from celery import Celery, shared_task
from celery.beat import PersistentScheduler
from celery.schedules import crontab
from celery.signals import task_postrun
from django.db import reset_queries

from municipal.municipalities import wall

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "municipal.settings")

P = ParamSpec("P")
R = TypeVar("R")

app = Celery("kijun")
app.config_from_object("django.conf:settings", namespace="CELERY")
# Whoever sends a message does not wait for a broker that is away: the beat finds the work in the database.
app.conf.broker_transport_options = {
    "socket_connect_timeout": 2,
    "socket_timeout": 30,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
}
app.conf.worker_hijack_root_logger = False
app.autodiscover_tasks()
app.set_default()
# A developer's settings keep the last statements of a connection; with whole reports in them they fill the memory.
task_postrun.connect(lambda **_: reset_queries(), weak=False)
app.conf.beat_schedule = {
    "anchor the audit": {"task": "audit.anchor_all", "schedule": timedelta(minutes=10)},
    "deliver what waits": {"task": "office.deliver_all", "schedule": timedelta(seconds=20)},
    "begin what is scheduled": {"task": "batches.begin_due_all", "schedule": timedelta(minutes=1)},
    "resume jobs": {"task": "office.resume_jobs", "schedule": timedelta(seconds=20)},
    "remove who announced to leave": {"task": "residents.remove_announced_all", "schedule": crontab(minute=5)},
    "end reservations nobody came for": {"task": "applications.expire_visits_all", "schedule": crontab(minute=35)},
    "forget old applications": {"task": "applications.forget_all", "schedule": crontab(hour=3, minute=50)},
    "tell applicants by mail": {"task": "applications.send_mail_all", "schedule": timedelta(minutes=1)},
    "tell neighbouring towns of moves": {"task": "residents.tell_neighbours_all", "schedule": timedelta(minutes=1)},
    "look after payments online": {"task": "checkout.attend_all", "schedule": timedelta(minutes=1)},
    "look after the national portal": {"task": "intake.attend_all", "schedule": timedelta(minutes=1)},
    "ask other offices and answer them": {"task": "evidence.attend_all", "schedule": timedelta(seconds=30)},
    "send webhooks of money": {"task": "payments.send_webhooks_all", "schedule": timedelta(seconds=20)},
    "tell other systems": {"task": "transfer.tell_changes_all", "schedule": timedelta(seconds=30)},
    "forget old sessions": {"task": "applicants.forget_sessions_all", "schedule": crontab(hour=3, minute=40)},
    "forget old answers": {"task": "office.forget_old_answers", "schedule": crontab(hour=3, minute=20)},
}
app.conf.beat_scheduler = "municipal.celery:Timetable"


class Timetable(PersistentScheduler):  # type: ignore[misc]
    """The beat's own scheduler, which begins its file anew where a power cut left half of it (定期処理の予定).

    The file says when each task last ran, so that what a night without power missed is made up for. Celery itself
    stumbles over a file that opens and cannot be read, at every start.
    """

    def setup_schedule(self) -> None:
        """Read the file, or an empty one in its place."""
        try:
            super().setup_schedule()
        except Exception:  # whatever a broken file raises: EOFError, UnpicklingError, the database's own
            self._store.close()
            self._remove_db()
            super().setup_schedule()


def town_task(name: str) -> Callable[[Callable[Concatenate[int, P], R]], Any]:
    """A task whose first argument is the municipality, run inside that municipality's wall (自治体の中の仕事)."""

    def make(function: Callable[Concatenate[int, P], R]) -> Any:
        @wraps(function)
        def inside(municipality: int, *args: P.args, **kwargs: P.kwargs) -> R:
            with wall.within(municipality):
                return function(municipality, *args, **kwargs)

        return shared_task(name=name)(inside)

    return make
