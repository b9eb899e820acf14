"""Each CHECK, UNIQUE, foreign key and trigger of the migrated database refuses its attack, by its own name.

What there is to attack is asked of the database. A rule without an attack fails here, and so does an attack on a rule
that is gone.
"""

import re
from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from tests.attacks.checks import CHECKS
from tests.attacks.house import everything_happened
from tests.attacks.schema import Rule, Rules, columns_of, rules
from tests.attacks.statements import (
    WENT_THROUGH,
    answer_to,
    set_aside,
    to_nobody,
    twice,
    wrong_for_its_type,
)
from tests.attacks.triggers import LEADS_TO, MAY_CHANGE, TRIGGERS, attacks_on
from tests.infrastructure.pristine import PRISTINE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


@pytest.fixture(scope="module")
def held(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Rules]:
    """The rules of a database in which everything happened once; every attack is undone."""
    with django_db_blocker.unblock():
        everything_happened()
        with PRISTINE.as_it_is_now():
            yield rules()


def asleep(held: Rules, table: str) -> list[str]:
    """Return the statements that let the triggers of a table sleep: a constraint holds without them."""
    return set_aside(rule for rule in held.triggers.values() if rule.table == table)


def refused_otherwise(attacked: Rule, answer: str, *, of: str = "") -> dict[str, str]:
    """Return what the database answered instead of this refusal, by rule and attack; nothing when all is well."""
    spoken = answer.split("\n")[0]
    return {} if re.search(attacked.refusal, spoken) else {f"{attacked.name} {of}".strip(): answer}


def _listed(wrong: dict[str, str]) -> str:
    return "".join(f"\n{name}: {answer}" for name, answer in wrong.items())


def test_every_check_has_an_attack(held: Rules) -> None:
    assert set(CHECKS) == set(held.checks)


def test_no_row_says_what_cannot_be(held: Rules) -> None:
    wrong: dict[str, str] = {}
    for name in CHECKS.keys() & held.checks.keys():
        rule = held.checks[name]
        for change in CHECKS[name]:
            attack = f"UPDATE {rule.table} SET {change}"
            answer = answer_to([*asleep(held, rule.table), attack])
            wrong |= refused_otherwise(rule, answer, of=change)
    assert not wrong, _listed(wrong)


def test_columns_take_nothing_that_is_wrong_for_their_type(held: Rules) -> None:
    wrong: dict[str, str] = {}
    for rule in held.checks_of_types.values():
        answer = answer_to([*asleep(held, rule.table), wrong_for_its_type(rule)])
        wrong |= refused_otherwise(rule, answer)
    assert not wrong, _listed(wrong)


def test_nothing_that_is_there_once_is_written_twice(held: Rules) -> None:
    wrong: dict[str, str] = {}
    for rule in held.uniques.values():
        attack = twice(rule, held.uniques.values())
        wrong |= refused_otherwise(rule, answer_to([*asleep(held, rule.table), attack]))
    assert not wrong, _listed(wrong)


def test_nothing_points_to_what_is_not_there(held: Rules) -> None:
    wrong: dict[str, str] = {}
    for rule in held.foreign_keys.values():
        answer = answer_to([*asleep(held, rule.table), to_nobody(rule)], is_to_stay=True)
        wrong |= refused_otherwise(rule, answer)
    assert not wrong, _listed(wrong)


def test_every_trigger_that_is_attacked_is_there(held: Rules) -> None:
    assert TRIGGERS.keys() <= held.triggers.keys()


def test_every_column_of_a_row_that_freezes_is_frozen_or_named(held: Rules) -> None:
    frozen: dict[str, set[str]] = {}
    for rule in held.triggers.values():
        if rule.columns and rule.name not in TRIGGERS:
            frozen.setdefault(rule.table, {"id"}).update(rule.columns)
    left = {table: set(columns_of(table)) - columns for table, columns in frozen.items()}
    assert left == MAY_CHANGE


def test_each_trigger_refuses_what_nothing_else_refuses(held: Rules) -> None:
    """Each alone on its table: with it the attack is refused, without it the same attack goes through."""
    wrong: dict[str, str] = {}
    for rule in held.triggers.values():
        sleeping = {other for other in held.triggers.values() if other.table == rule.table} - {rule}
        refuser = held.checks[LEADS_TO[rule.name]] if rule.name in LEADS_TO else rule
        for attack in attacks_on(rule, held.uniques.values()):
            answer = answer_to([*set_aside(sleeping), *attack])
            wrong |= refused_otherwise(refuser, answer, of=attack[-1])
            answer = answer_to([*asleep(held, rule.table), *attack])
            if answer != WENT_THROUGH:
                wrong[f"without {rule.name} {attack[-1]}"] = answer
    assert not wrong, _listed(wrong)
