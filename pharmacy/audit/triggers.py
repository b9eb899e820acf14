"""Triggers that hold what Python cannot: rows that only grow, columns that freeze, levels that follow moves.

Each function returns a migration operation for SQLite and PostgreSQL alike.
"""

from collections.abc import Sequence

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class Triggers(Operation):
    """Make triggers. Unlike RunPython it asks for no models, which a migration takes seconds to bring together."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, triggers: list[dict[str, str]], *, taken_off: bool = False) -> None:
        self.triggers = triggers
        self.taken_off = taken_off

    def off(self) -> "Triggers":
        """Return the operation that takes these triggers off, for a migration that rebuilds their table."""
        return Triggers(self.triggers, taken_off=not self.taken_off)

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Change no model."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Make the triggers, or take them off."""
        (_drop if self.taken_off else _create)(self.triggers, schema_editor)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Undo it."""
        (_create if self.taken_off else _drop)(self.triggers, schema_editor)

    def describe(self) -> str:
        """Return what it does."""
        names = ", ".join(trigger["name"] for trigger in self.triggers)
        return f"Take off {names}" if self.taken_off else f"Put on {names}"


class SetAside(Operation):
    """Take off every trigger that mentions a table, before SQLite makes that table anew; see `PutBack`."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, table: str) -> None:
        self.table = table
        self.kept: list[tuple[str, str]] = []

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Change no model."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Remember the triggers and drop them. PostgreSQL changes a table in its place, and needs none of this."""
        if schema_editor.connection.vendor != "sqlite":
            return
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND instr(sql, %s)",
                [self.table],
            )
            self.kept = cursor.fetchall()
        for name, _sql in self.kept:
            schema_editor.execute(f"DROP TRIGGER {name}", None)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Put them back: backwards, this operation is the last one."""
        for _name, sql in self.kept:
            schema_editor.execute(sql.replace("%", "%%"), None)


class PutBack(Operation):
    """Put on again what `SetAside` took off."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, aside: SetAside) -> None:
        self.aside = aside

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Change no model."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Put them on again."""
        self.aside.database_backwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Take them off: backwards, this operation is the first one."""
        self.aside.database_forwards(app_label, schema_editor, from_state, to_state)


def append_only(table: str) -> Triggers:
    """Forbid UPDATE and DELETE on `table`."""
    message = f"{table} is append-only"
    return Triggers(
        [
            _guard(f"{table}_no_update", "UPDATE", table, "", message),
            _guard(f"{table}_no_delete", "DELETE", table, "", message),
        ]
    )


def frozen_columns(table: str, columns: Sequence[str], when: str, name: str = "frozen") -> Triggers:
    """Forbid changing `columns` of `table`, and deleting a row, while the SQL condition `when` holds for it.

    Two sets of columns that freeze at different moments need two names.
    """
    message = f"{table} is {name}"
    of_columns = "UPDATE OF " + ", ".join(f'"{column}"' for column in columns)
    delete_name = f"{table}_no_delete" + ("" if name == "frozen" else f"_{name}")
    return Triggers(
        [
            _guard(f"{table}_{name}", of_columns, table, when, message),
            _guard(delete_name, "DELETE", table, when, message),
        ]
    )


def forbidden(table: str, event: str, *, name: str, condition: str, message: str) -> Triggers:
    """Forbid `event` (INSERT, UPDATE, UPDATE OF ..., DELETE) on a row while `condition` holds.

    Unlike the WHEN of a guard, the condition may ask other tables, through NEW and OLD.
    """
    return Triggers([_asking(name, event, table, condition, message)])


def frozen_with(table: str, *, parent: str, key: str, when: str) -> Triggers:
    """Forbid adding, changing or deleting rows of `table` while `when` holds for the parent row of `key`."""

    def condition(row: str) -> str:
        return f"EXISTS (SELECT 1 FROM {parent} WHERE id = {row}.{key} AND {when})"

    message = f"{table} is frozen"
    changed = f"{condition('OLD')} OR {condition('NEW')}"
    return Triggers(
        [
            _asking(f"{table}_frozen_insert", "INSERT", table, condition("NEW"), message),
            _asking(f"{table}_frozen_update", "UPDATE", table, changed, message),
            _asking(f"{table}_frozen_delete", "DELETE", table, condition("OLD"), message),
        ]
    )


def level_follows_moves(*, moves: str, levels: str, owner: str, name: str) -> Triggers:
    """Keep `levels` (owner, place, quantity) equal to the sum of `moves` on every insert.

    Both places of a move are brought up to date in the same statement as the move, so the CHECK on
    `levels.quantity` refuses a move that would take away more than there is, whoever writes it.
    """
    # A level row starts at zero: the CHECK looks at a row before ON CONFLICT does, so it may not start below.
    # ROUND holds SQLite's binary arithmetic to the six places that the column has.
    statement = (
        f"INSERT INTO {levels} ({owner}, place, quantity) VALUES (NEW.{owner}, NEW.{{place}}, 0) "
        f"ON CONFLICT ({owner}, place) DO NOTHING; "
        f"UPDATE {levels} SET quantity = ROUND(quantity {{sign}} NEW.quantity, 6) "
        f"WHERE {owner} = NEW.{owner} AND place = NEW.{{place}};"
    )
    statements = " ".join(
        (
            statement.format(place="to_place", sign="+"),
            statement.format(place="from_place", sign="-"),
        )
    )
    sqlite = f"CREATE TRIGGER {name} AFTER INSERT ON {moves} BEGIN {statements} END"
    postgresql = _function(name, f"{statements} RETURN NEW;") + (
        f"CREATE TRIGGER {name} AFTER INSERT ON {moves} FOR EACH ROW EXECUTE FUNCTION {name}();"
    )
    return Triggers([{"name": name, "table": moves, "sqlite": sqlite, "postgresql": postgresql}])


def chained(events: str, head: str) -> Triggers:
    """Refuse a row of `events` that does not follow the hash of `head`, and move `head` with each that does.

    `head` is one row; whoever writes an event without it has no chain to follow.
    """
    # Before the row, not after it: PostgreSQL runs what comes after a row when the whole statement is done.
    name = f"{events}_chained"
    broken = f"NOT EXISTS (SELECT 1 FROM {head} WHERE hash = NEW.previous_hash)"
    message = f"{events} does not follow its chain"
    moved = f"UPDATE {head} SET hash = NEW.hash, events = events + 1;"
    sqlite = (
        f"CREATE TRIGGER {name} BEFORE INSERT ON {events} "
        f"BEGIN SELECT RAISE(ABORT, '{message}') WHERE {broken}; {moved} END"
    )
    refuse = f"RAISE EXCEPTION '{message}' USING ERRCODE = '23514';"
    postgresql = _function(name, f"IF ({broken}) THEN {refuse} END IF; {moved} RETURN NEW;") + (
        f"CREATE TRIGGER {name} BEFORE INSERT ON {events} FOR EACH ROW EXECUTE FUNCTION {name}();"
    )
    return Triggers([{"name": name, "table": events, "sqlite": sqlite, "postgresql": postgresql}])


def _guard(name: str, event: str, table: str, when: str, message: str) -> dict[str, str]:
    condition = f"WHEN ({when}) " if when else ""
    sqlite = (
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} {condition}"
        f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
    )
    postgresql = _function(name, f"RAISE EXCEPTION '{message}' USING ERRCODE = '23514';") + (
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW {condition}EXECUTE FUNCTION {name}();"
    )
    return {"name": name, "table": table, "sqlite": sqlite, "postgresql": postgresql}


def _asking(name: str, event: str, table: str, condition: str, message: str) -> dict[str, str]:
    sqlite = (
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN ({condition}) "
        f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
    )
    row = "OLD" if event == "DELETE" else "NEW"
    refuse = f"RAISE EXCEPTION '{message}' USING ERRCODE = '23514';"
    postgresql = _function(name, f"IF ({condition}) THEN {refuse} END IF; RETURN {row};") + (
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}();"
    )
    return {"name": name, "table": table, "sqlite": sqlite, "postgresql": postgresql}


def _function(name: str, body: str) -> str:
    return f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN {body} END $body$; "


def _create(triggers: list[dict[str, str]], schema_editor: BaseDatabaseSchemaEditor) -> None:
    for trigger in triggers:
        # A migration that changes a guarded table lists its guards again: SQLite drops them with the old table.
        on_table = (
            f" ON {trigger['table']}" if schema_editor.connection.vendor == "postgresql" else ""
        )
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {trigger['name']}{on_table}", None)
        schema_editor.execute(trigger[schema_editor.connection.vendor].replace("%", "%%"), None)


def _drop(triggers: list[dict[str, str]], schema_editor: BaseDatabaseSchemaEditor) -> None:
    for trigger in triggers:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(
                f"DROP TRIGGER IF EXISTS {trigger['name']} ON {trigger['table']}", None
            )
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {trigger['name']}()", None)
        else:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {trigger['name']}", None)
