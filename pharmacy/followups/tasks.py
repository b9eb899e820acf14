"""What the worker does for follow-ups and messages. Each may run late, twice, or in two workers at once."""

from django.utils import timezone

from pharmacy.celery import app
from pharmacy.followups import expansion, sending
from pharmacy.followups.actions import EXPAND_TASK


@app.task(name=EXPAND_TASK)
def expand_due_followups() -> None:
    """Queue a message for everything that is due."""
    expansion.expand_due_followups(at=timezone.now())


@app.task(name=expansion.SEND_TASK)
def send_message(*, message_id: int) -> None:
    """Send one message, if nobody has."""
    sending.send_message(message_id=message_id, clock=timezone.now)


@app.task(name="pharmacy.followups.tasks.send_due_messages")
def send_due_messages() -> None:
    """Send the messages whose time has come, and free those whose worker died."""
    sending.send_due_messages(clock=timezone.now)
