"""The database as the migrations left it, kept aside, and put back after a test that really commits.

Django's own way, deleting all rows, fails here twice: the rows of an append-only table cannot be deleted, and what the
migrations wrote would be gone.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection


@dataclass
class Pristine:
    """What was kept. On SQLite a copy of the file; on PostgreSQL the rows and the sequences, in memory."""

    rows: dict[str, bytes] = field(default_factory=dict)
    sequences: list[tuple[str, int, bool]] = field(default_factory=list)
    name: str = "pristine"

    @property
    def file(self) -> Path:
        """Where the copy of an SQLite database is kept."""
        return Path(settings.VAR_DIR) / f"{self.name}.sqlite3"

    def keep(self) -> None:
        """Keep the database as it is now."""
        if connection.vendor == "sqlite":
            self._copy(to_file=True)
        else:
            self._keep_rows()

    def put_back(self) -> None:
        """Make the database what it was when it was kept."""
        if connection.vendor == "sqlite":
            self._copy(to_file=False)
        else:
            self._put_rows_back()

    @contextmanager
    def as_it_is_now(self) -> Iterator[None]:
        """Let every test of the block begin with the database as it is now; after it, all is as it was kept."""
        before = self.rows, self.sequences, self.name
        self.rows, self.sequences, self.name = {}, [], f"{self.name}-and-more"
        self.keep()
        try:
            yield
        finally:
            self.rows, self.sequences, self.name = before
            self.put_back()

    def _copy(self, *, to_file: bool) -> None:
        connection.ensure_connection()
        database: sqlite3.Connection = connection.connection
        with sqlite3.connect(self.file) as kept:
            source, target = (database, kept) if to_file else (kept, database)
            source.backup(target)
        kept.close()

    def _keep_rows(self) -> None:
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names():
                rows = b"".join(bytes(part) for part in _copy_out(cursor, table))
                if rows:
                    self.rows[table] = rows
            cursor.execute(
                "SELECT format('%I', sequencename) FROM pg_sequences WHERE schemaname = 'public'"
            )
            for (name,) in cursor.fetchall():
                cursor.execute(f"SELECT last_value, is_called FROM {name}")
                self.sequences.append((name, *cursor.fetchone()))

    def _put_rows_back(self) -> None:
        quoted = ", ".join(f'"{table}"' for table in connection.introspection.table_names())
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {quoted}")
            # Neither triggers nor foreign keys may have a say in what order the rows come back.
            cursor.execute("SET session_replication_role = replica")
            for table, rows in self.rows.items():
                with cursor.cursor.copy(f'COPY "{table}" FROM STDIN') as copy:
                    copy.write(rows)
            cursor.execute("SET session_replication_role = DEFAULT")
            for name, value, is_called in self.sequences:
                cursor.execute("SELECT setval(%s, %s, %s)", [name, value, is_called])


def _copy_out(cursor: Any, table: str) -> list[bytes]:
    with cursor.cursor.copy(f'COPY "{table}" TO STDOUT') as copy:
        return list(copy)


PRISTINE = Pristine()
