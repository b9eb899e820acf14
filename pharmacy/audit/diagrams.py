"""The state tables as a page of diagrams, so that the page can never say something else than the tables."""

import importlib.util
from collections import defaultdict
from importlib import import_module

from django.apps import apps

from pharmacy.audit.transitions import StateTable, Transition
from pharmacy.people.roles import Role

_HEAD = """\
# How records move

Written by `manage.py state_diagrams` from the tables in `pharmacy/*/states.py`; a test fails when it is not current.
An arrow is one allowed move, named by the event that the audit trail keeps. The list below a diagram says who may
make it.
"""


def state_tables() -> dict[str, StateTable]:
    """Return every state table of the house, by app label and name, in the order of the rooms."""
    found: dict[str, StateTable] = {}
    for config in apps.get_app_configs():
        if importlib.util.find_spec(f"{config.name}.states") is None:
            continue
        module = import_module(f"{config.name}.states")
        found |= {
            f"{config.label}.{name}": value
            for name, value in vars(module).items()
            if isinstance(value, StateTable)
        }
    return found


def page() -> str:
    """Return the whole page, in Markdown with Mermaid diagrams."""
    return "\n".join([_HEAD, *(_section(table) for table in state_tables().values())])


def _section(table: StateTable) -> str:
    lines = [f"## {table.record[0].upper()}{table.record[1:]}", "", "```mermaid", "stateDiagram-v2"]
    lines += [f'    state "{state.label}" as {state.value}' for state in table.states]
    lines.append(f"    [*] --> {table.initial}")
    lines += [f"    {t.source} --> {t.target}: {t.event}" for t in table.transitions]
    lines += [f"    {state} --> [*]" for state in table.states if state in table.final]
    lines += ["```", "", *_who(table), ""]
    return "\n".join(lines)


def _who(table: StateTable) -> list[str]:
    moves: dict[str, list[Transition]] = defaultdict(list)
    for transition in table.transitions:
        roles = [role.label for role in Role if role in transition.roles]
        moves[" or ".join(map(str, roles))].append(transition)
    return [
        f"- {who}: " + ", ".join(dict.fromkeys(f"`{transition.event}`" for transition in made))
        for who, made in moves.items()
    ]
