"""Writing past the ORM, as somebody with a database shell would."""

from collections.abc import Sequence
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction


def write(sql: str, params: Sequence[Any] = ()) -> None:
    """Run one statement."""
    with connection.cursor() as cursor:
        cursor.execute(sql, list(params))


def check_refused(sql: str, params: Sequence[Any] = (), *, by: str) -> None:
    """Check that the database itself refuses the statement, naming the constraint or guard."""
    with pytest.raises(IntegrityError, match=by), transaction.atomic():
        write(sql, params)
