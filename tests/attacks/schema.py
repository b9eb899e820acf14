"""What the migrated database holds its rows to, asked of the database itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import connection, models


@dataclass(frozen=True)
class Rule:
    """A CHECK, a UNIQUE, a foreign key or a trigger. `refusal` is a pattern of what the database says for it alone."""

    name: str
    table: str
    columns: tuple[str, ...]
    refusal: str
    only_where: str = ""


@dataclass(frozen=True)
class Rules:
    """All the rules, by kind. A CHECK that Django wrote for the type of a column bears the column's name."""

    checks: dict[str, Rule]
    checks_of_types: dict[str, Rule]
    uniques: dict[str, Rule]
    foreign_keys: dict[str, Rule]
    triggers: dict[str, Rule]


def our_models() -> dict[str, type[models.Model]]:
    """Return the models of the pharmacy's own tables, by table; the tables between two others are among them."""
    return {
        model._meta.db_table: model
        for model in apps.get_models(include_auto_created=True)
        if model.__module__.startswith("pharmacy.")
    }


def columns_of(table: str) -> list[str]:
    """Return the columns of one of our tables."""
    return [field.column for field in our_models()[table]._meta.local_concrete_fields]


def field_of(table: str, column: str) -> "models.Field[object, object]":
    """Return the field behind a column."""
    fields = our_models()[table]._meta.local_concrete_fields
    return next(field for field in fields if field.column == column)


def rules() -> Rules:
    """Return every rule of our tables."""
    found = Rules({}, {}, {}, {}, triggers())
    for table in our_models():
        with connection.cursor() as cursor:
            constraints = connection.introspection.get_constraints(cursor, table)
        checks = {
            name: tuple(dict.fromkeys(of["columns"]))
            for name, of in constraints.items()
            if of["check"]
        }
        for name, columns in checks.items():
            if _is_of_a_type(name, table, columns):
                rule = _of_a_type(table, columns, checks)
                found.checks_of_types[rule.name] = rule
            else:
                found.checks[name] = Rule(name, table, columns, _says_check(name))
        for name, of in constraints.items():
            columns = tuple(of["columns"])
            if of["foreign_key"]:
                rule = Rule(f"{table}.{columns[0]}", table, columns, _says_foreign_key(name))
                found.foreign_keys[rule.name] = rule
            elif of["unique"] and not of["primary_key"]:
                rule = _unique(name, table, columns)
                found.uniques[rule.name] = rule
    return found


def triggers() -> dict[str, Rule]:
    """Return every trigger there is. Its columns are those whose change wakes it; none means any change."""
    return {
        name: Rule(name, table, _woken_by(sql), rf"\b({name}|{table} is |{table} does not )")
        for name, table, sql in _rows(_TRIGGERS[connection.vendor])
    }


def _woken_by(sql: str) -> tuple[str, ...]:
    of = re.search(r"UPDATE OF (.+?) ON ", sql)
    return tuple(re.findall(r"\w+", of[1])) if of else ()


def _is_of_a_type(name: str, table: str, columns: tuple[str, ...]) -> bool:
    unnamed = name.startswith("__unnamed_constraint")
    return unnamed or (len(columns) == 1 and name == f"{table}_{columns[0]}_check")


def _of_a_type(table: str, columns: tuple[str, ...], checks: dict[str, tuple[str, ...]]) -> Rule:
    (column,) = columns
    # PostgreSQL asks its checks in the order of their names: another one of this column may speak first.
    speakers = "|".join(name for name, of in checks.items() if column in of)
    says = {
        "sqlite": rf"CHECK constraint failed: .*\b{column}\b",
        "postgresql": rf'violates check constraint "({speakers})"',
    }
    return Rule(f"{table}.{column}", table, columns, says[connection.vendor])


def _says_check(name: str) -> str:
    says = {
        "sqlite": f"CHECK constraint failed: {name}$",
        "postgresql": f'violates check constraint "{name}"',
    }
    return says[connection.vendor]


def _says_foreign_key(name: str) -> str:
    if connection.vendor == "postgresql":
        return f'violates foreign key constraint "{name}"'
    return "FOREIGN KEY constraint failed"


def _unique(name: str, table: str, columns: tuple[str, ...]) -> Rule:
    says = {
        "sqlite": "UNIQUE constraint failed: "
        + ", ".join(rf"{table}\.{column}" for column in columns)
        + "$",
        "postgresql": f'violates unique constraint "{name}"',
    }
    partial = {row[0]: row[1] for row in _rows(_PARTIAL[connection.vendor])}
    only_where = partial.get(name, "")
    return Rule(
        f"{table}: {', '.join(columns)}", table, columns, says[connection.vendor], only_where
    )


def _rows(sql: str) -> Iterator[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        yield from cursor.fetchall()


_TRIGGERS = {
    "sqlite": "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname, relname, pg_get_triggerdef(t.oid) FROM pg_trigger t "
    "JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT tgisinternal",
}
_PARTIAL = {
    "sqlite": "SELECT name, substr(sql, instr(sql, ' WHERE ') + 7) FROM sqlite_master "
    "WHERE type = 'index' AND instr(sql, ' WHERE ') > 0",
    "postgresql": "SELECT relname, pg_get_expr(indpred, indrelid) FROM pg_index i "
    "JOIN pg_class c ON c.oid = i.indexrelid WHERE indpred IS NOT NULL",
}
