"""The Celery application: what runs later, and what runs again and again.

A module with tasks says `from pharmacy.celery import app` and decorates with `@app.task`; never `shared_task`, which
would publish to whatever broker happens to be current in a process that has not imported this module.
A task takes ids by name. Whoever wants it soon says so on commit, and must not fail when the broker is away:

    transaction.on_commit(partial(nudge, "pharmacy.followups.tasks.send_message", message_id=message.pk))
"""

import os
from datetime import timedelta

from celery import Celery
from celery.schedules import crontab
from django.conf import settings
from django.core.management import call_command
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pharmacy.settings")

TRANSPORT_ALIASES["filesystem"] = "pharmacy.file_broker:Transport"
TRANSPORT_ALIASES["redis"] = TRANSPORT_ALIASES["rediss"] = "pharmacy.redis_broker:Transport"
app = Celery("pharmacy")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.task(name="pharmacy.celery.clear_expired_sessions")
def clear_expired_sessions() -> None:
    """Delete the sessions that have run out."""
    call_command("clearsessions")


_SWEEP = timedelta(seconds=settings.MESSAGE_SWEEP_SECONDS)
# Name of the schedule entry: (task, how often). Every entry is a sweep over rows that are due and not done, so a missed
# run loses nothing and a second one does nothing twice.
_SCHEDULE: dict[str, tuple[str, timedelta | crontab]] = {
    "clear expired sessions": (
        "pharmacy.celery.clear_expired_sessions",
        crontab(hour="3", minute="17"),
    ),
    "mark lots that expired": (
        "pharmacy.inventory.tasks.expire_lots",
        crontab(hour="0", minute="5"),
    ),
    "write what is due": ("pharmacy.followups.tasks.expand_due_followups", _SWEEP),
    "render what waits": ("pharmacy.documents.tasks.render_requested", _SWEEP),
    "send what is queued": ("pharmacy.followups.tasks.send_due_messages", _SWEEP),
}
# A sweep that no worker has taken before the next one is due is dropped: behind a worker that was away they pile up.
app.conf.beat_schedule = {
    name: {
        "task": task,
        "schedule": schedule,
        "options": {
            "expires": schedule.total_seconds() if isinstance(schedule, timedelta) else 3600
        },
    }
    for name, (task, schedule) in _SCHEDULE.items()
}
