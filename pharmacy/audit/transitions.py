"""State tables: every allowed move of a record, and the one function that makes a move."""

from dataclasses import dataclass
from datetime import datetime

from django.db import models

from compounding.errors import Refusal
from pharmacy.audit.actions import record_event
from pharmacy.people.actors import Actor
from pharmacy.people.roles import Role


class MoveNotAllowed(Refusal):
    """The record cannot go from its state to the one asked for."""


class NotYourMove(Refusal):
    """The move exists, but not for this person's role."""


class ChangedMeanwhile(Refusal):
    """Somebody else moved the record first."""


@dataclass(frozen=True)
class Transition:
    """One allowed move, who may make it, and what the audit trail calls it."""

    source: str
    target: str
    roles: frozenset[Role]
    event: str


@dataclass(frozen=True)
class StateTable:
    """Every state and move of one kind of record. Checks, buttons, diagram and tests all read it."""

    record: str
    states: type[models.TextChoices]
    initial: str
    final: frozenset[str]
    transitions: tuple[Transition, ...]

    def find(self, source: str, target: str) -> Transition:
        """Return the move from `source` to `target`; raises MoveNotAllowed when there is none."""
        for transition in self.transitions:
            if (transition.source, transition.target) == (source, target):
                return transition
        here, there = self.states(source).label, self.states(target).label
        raise MoveNotAllowed(f"This {self.record} is {here}; it cannot become {there} from there.")

    def can_move(self, source: str, target: str, by: Actor) -> bool:
        """Say whether `by` may make this move now; for showing or hiding a button."""
        return any(
            (t.source, t.target) == (source, target) and by.role in t.roles
            for t in self.transitions
        )


def move(
    record: models.Model,
    *,
    table: StateTable,
    to: str,
    by: Actor,
    at: datetime,
    note: str = "",
    **fields: object,
) -> None:
    """Move `record` to state `to`, set `fields` with it, and write the audit event.

    Raises MoveNotAllowed, NotYourMove or ChangedMeanwhile; then nothing is written.
    """
    source: str = record.state  # type: ignore[attr-defined]
    transition = table.find(source, to)
    if by.role not in transition.roles:
        raise NotYourMove(
            f"A {by.role.label} may not make this {table.record} {_label(table, to)}."
        )
    rows = type(record)._default_manager.filter(pk=record.pk, state=source)
    if rows.update(state=to, **fields) != 1:
        raise ChangedMeanwhile(f"Somebody else has just changed this {table.record}. Look again.")
    record.state = to  # type: ignore[attr-defined]
    for name, value in fields.items():
        setattr(record, name, value)
    record_event(
        event=transition.event,
        record=record,
        by=by,
        at=at,
        old={"state": source},
        new={"state": to, **({"note": note} if note else {})},
    )


def _label(table: StateTable, state: str) -> str:
    return str(table.states(state).label)
