"""Every state table says all there is to say about its record."""

import pytest
from django.apps import apps
from django.db.models import Field, Model

from pharmacy.audit.diagrams import page, state_tables
from pharmacy.audit.transitions import StateTable
from tests.architecture.source import ROOT

TABLES = state_tables()
each_table = pytest.mark.parametrize("table", TABLES.values(), ids=TABLES.keys())


def records_that_move() -> dict[str, type[Model]]:
    """Return every record with a column for its state, which an address in the United States has not."""
    return {
        model._meta.label: model
        for model in apps.get_models()
        if model.__module__.startswith("pharmacy.")
        and any(field.name == "state" and field.choices for field in model._meta.fields)
    }


def state_of(model: type[Model]) -> "Field[str, str]":
    (found,) = (field for field in model._meta.fields if field.name == "state")
    return found


def test_every_record_that_moves_has_a_table() -> None:
    tabled = {frozenset(table.states.values) for table in TABLES.values()}
    without = [
        label
        for label, model in records_that_move().items()
        if frozenset(value for value, _ in state_of(model).flatchoices) not in tabled
    ]
    assert records_that_move()
    assert without == []


@each_table
def test_every_state_has_words_for_a_person(table: StateTable) -> None:
    assert [state for state in table.states if not state.label] == []


@each_table
def test_every_state_can_be_reached(table: StateTable) -> None:
    reached = {table.initial}
    while more := {t.target for t in table.transitions if t.source in reached} - reached:
        reached |= more
    assert set(table.states.values) - reached == set()


@each_table
def test_every_state_leads_on_or_is_final(table: StateTable) -> None:
    leading = {t.source for t in table.transitions}
    assert set(table.states.values) - leading == set(table.final)


@each_table
def test_every_move_is_somebodys_and_has_an_event(table: StateTable) -> None:
    for transition in table.transitions:
        assert transition.roles, f"nobody may move {transition.source} to {transition.target}"
        assert transition.event
        assert transition.source != transition.target
        assert {transition.source, transition.target} <= set(table.states.values)


@each_table
def test_a_move_stands_in_the_table_once(table: StateTable) -> None:
    moves = [(t.source, t.target) for t in table.transitions]
    assert len(moves) == len(set(moves))


def test_the_diagrams_are_current() -> None:
    kept = (ROOT / "docs" / "states.md").read_text(encoding="utf-8")
    assert kept == page(), "Run:  .venv/bin/python manage.py state_diagrams"
