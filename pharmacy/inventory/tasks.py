"""What the worker does for the shelf. It may run late or twice."""

from django.utils import timezone

from pharmacy.celery import app
from pharmacy.inventory import actions


@app.task(name="pharmacy.inventory.tasks.expire_lots")
def expire_lots() -> None:
    """Mark the lots whose last day has passed. They are not offered from that day on, marked or not."""
    actions.expire_lots(at=timezone.now())
