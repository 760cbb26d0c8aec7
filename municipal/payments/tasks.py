"""Sending what other systems are to be told of, over the network (外部への通知の送信)."""

from celery import shared_task

from municipal.municipalities import wall
from municipal.office.tasks import towns

from .operations.endpoints import Message, note_answer, take_up
from .webhooks import Unreachable, send

AT_ONCE = 200


def send_due(town: int) -> int:
    """Send what is due in one town; how many were tried. No transaction is open while somebody is spoken to (送信)."""
    tried = 0
    while tried < AT_ONCE:
        with wall.within(town):
            message = take_up()
        if message is None:
            break
        status, error = _sent(message)
        with wall.within(town):
            note_answer(message.call, status=status, error=error)
        tried += 1
    return tried


def _sent(message: Message) -> tuple[int | None, str]:
    try:
        return send(message.url, message.body, message.headers), ""
    except Unreachable as why:
        return None, str(why)


@shared_task(name="payments.send_webhooks_all")  # type: ignore[untyped-decorator]
def send_everywhere() -> None:
    """Do so in every municipality (外部への通知)."""
    for town in towns():
        send_due(town)
