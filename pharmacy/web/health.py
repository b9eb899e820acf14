"""/healthz: may this process be sent visitors, and which part is away. One word for each part and nothing more."""

import logging

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError

from pharmacy.celery import app

logger = logging.getLogger(__name__)


def _database_word() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except DatabaseError as error:
        logger.error("The database did not answer: %s", type(error).__name__)
        return "away"
    return "ok"


def _broker_word() -> str:
    try:
        with app.connection_for_write() as broker:
            answered = broker.default_channel is not None  # opening it asks the broker
    except (OperationalError, OSError) as error:
        logger.warning("The broker did not answer: %s", type(error).__name__)
        answered = False
    return "ok" if answered else "away"


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 while pages can be served, which takes the database. Without the broker, pages go on."""
    words = {"database": _database_word(), "broker": _broker_word()}
    serves = words["database"] == "ok"
    status = "ok" if serves else "down"
    return JsonResponse({"status": status, **words}, status=200 if serves else 503)
