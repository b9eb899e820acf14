"""Counts for lists that may grow for years: never more rows are counted than a person would."""

from typing import Any

from django.db.models import QuerySet

MOST_COUNTED = 999


def counted(rows: QuerySet[Any]) -> int:
    """Return how many rows there are, MOST_COUNTED + 1 standing for any number above."""
    return rows.order_by()[: MOST_COUNTED + 1].count()


def in_words(count: int) -> str:
    """Return the count as it stands beside a list: "12", or "999+"."""
    return str(count) if count <= MOST_COUNTED else f"{MOST_COUNTED}+"
