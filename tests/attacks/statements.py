"""Statements as somebody with a database shell would type them, and what the database answers."""

from collections.abc import Iterable

from django.db import IntegrityError, connection, models, transaction

from tests.attacks.schema import Rule, columns_of, field_of

NOWHERE = 987_654_321
"""A key that no row has."""

WENT_THROUGH = "The database let it through."
TOUCHES_NOTHING = "The statement touches no row, and proves nothing."


def answer_to(statements: Iterable[str], *, is_to_stay: bool = False) -> str:
    """Return what the database says to the statements, and undo them; unless they are to stay, or fail when they do."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
                touched = cursor.rowcount
            transaction.set_rollback(not is_to_stay)
    except IntegrityError as refused:
        return str(refused)
    return WENT_THROUGH if touched else TOUCHES_NOTHING


def set_aside(triggers: Iterable[Rule]) -> list[str]:
    """Return the statements that let the triggers sleep until the transaction is undone."""
    if connection.vendor == "postgresql":
        return [f"ALTER TABLE {rule.table} DISABLE TRIGGER {rule.name}" for rule in triggers]
    return [f"DROP TRIGGER {rule.name}" for rule in triggers]


def copied(table: str, where: str = "", /, **changed: object) -> str:
    """Return the statement that writes a row of the table once more, with the columns changed as said (in SQL)."""
    new: dict[str, object] = {"id": f"(SELECT MAX(id) + 1 FROM {table})", **changed}
    names = columns_of(table)
    into = ", ".join(f'"{name}"' for name in names)
    taken = ", ".join(str(new.get(name, f'"{name}"')) for name in names)
    chosen = f"WHERE {where} " if where else ""
    return f"INSERT INTO {table} ({into}) SELECT {taken} FROM {table} {chosen}ORDER BY id LIMIT 1"


def twice(rule: Rule, others: Iterable[Rule]) -> str:
    """Return the statement that breaks this UNIQUE alone, by a second row that keeps all the others."""
    changed: dict[str, object] = {}
    wheres = [f'"{column}" IS NOT NULL' for column in rule.columns]
    wheres += [rule.only_where] if rule.only_where else []
    for other in others:
        if other.table != rule.table or other == rule:
            continue
        elsewhere = [column for column in other.columns if column not in rule.columns]
        if elsewhere:
            column = min(elsewhere, key=lambda name: field_of(rule.table, name).null)
            changed[column] = _another(rule.table, column)
        else:
            wheres.append(f"NOT ({other.only_where})")
    return copied(rule.table, " AND ".join(wheres), **changed)


def another_row(table: str, uniques: Iterable[Rule]) -> str:
    """Return the statement that writes a row that is like another one as far as it may be."""
    mine = [rule.columns[-1] for rule in uniques if rule.table == table]
    return copied(table, **{column: _another(table, column) for column in mine})


def _another(table: str, column: str) -> str:
    """Another value of the column; what says nothing goes on saying nothing."""
    field = field_of(table, column)
    if isinstance(field, models.DateField):
        another = "'1999-01-01'"
    elif isinstance(field, models.CharField | models.TextField):
        another = "'another'"
    else:
        another = "9999" if isinstance(field, models.PositiveSmallIntegerField) else str(NOWHERE)
    return f'CASE WHEN "{column}" IS NULL THEN NULL ELSE {another} END'


def wrong_for_its_type(rule: Rule) -> str:
    """Return the statement that gives a column of whole numbers a negative one, and a column of JSON plain words."""
    (column,) = rule.columns
    field = field_of(rule.table, column)
    wrong = "'no JSON'" if isinstance(field, models.JSONField) else "-1"
    return f'UPDATE {rule.table} SET "{column}" = {wrong}'


def to_nobody(rule: Rule) -> str:
    """Return the statement that points a row to a row that is not there."""
    (column,) = rule.columns
    row = f"SELECT id FROM {rule.table} ORDER BY {column} IS NULL, id LIMIT 1"
    return f"UPDATE {rule.table} SET {column} = {NOWHERE} WHERE id = ({row})"
