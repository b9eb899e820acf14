"""Which room may know which. import-linter sees the imports; here is what it cannot see."""

import ast
import tomllib
from functools import cache

from django.apps import apps
from django.db.models import Model

from tests.architecture.source import ROOT, nodes

LAB = {"formulations", "inventory", "batches"}
PEOPLE_AND_ORDERS = {"contacts", "intake", "orders", "followups", "documents", "recalls"}


@cache
def heights() -> dict[str, int]:
    """Return how high each room stands, from the contract that the linter holds: what is high may know what is low."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = contracts["tool"]["importlinter"]["contracts"][0]["layers"]
    return {
        room.strip().removeprefix("pharmacy."): height
        for height, layer in enumerate(reversed(layers))
        for room in layer.split("|")
    }


def our_models() -> list[type[Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("pharmacy.")]


def foreign_keys() -> list[tuple[str, str, str]]:
    """Return (what it is called, its room, the room it points to) of every relation between our records."""
    found = []
    for model in our_models():
        for field in (*model._meta.fields, *model._meta.many_to_many):
            target = field.related_model
            if target in our_models():
                assert isinstance(target, type)
                name = f"{model.__name__}.{field.name}"
                found.append((name, model._meta.app_label, target._meta.app_label))
    return found


def test_every_room_has_its_place() -> None:
    rooms = {
        config.label for config in apps.get_app_configs() if config.name.startswith("pharmacy.")
    }
    assert rooms - heights().keys() == set()


def test_foreign_keys_point_the_way_imports_do() -> None:
    """A key written as a string escapes the linter."""
    upwards = [
        f"{name}: {room} -> {target}"
        for name, room, target in foreign_keys()
        if room != target and heights()[room] <= heights()[target]
    ]
    assert upwards == []


def test_the_lab_points_to_no_patient_prescriber_or_order() -> None:
    assert [key for key in foreign_keys() if key[1] in LAB and key[2] in PEOPLE_AND_ORDERS] == []


def test_there_are_keys_to_look_at() -> None:
    assert len(foreign_keys()) > 10


def test_nothing_hangs_on_a_signal() -> None:
    """A receiver is found by nobody who reads the function that sets it off."""
    imports = [
        where
        for where, node in nodes(ast.ImportFrom)
        if isinstance(node, ast.ImportFrom)
        and ("signals" in (node.module or "") or (node.module or "").startswith("django.dispatch"))
    ]
    assert imports == []


def test_no_import_inside_a_function() -> None:
    inside = [
        f"{where} {node.name}"
        for where, node in nodes(ast.FunctionDef, ast.AsyncFunctionDef)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and any(isinstance(inner, ast.Import | ast.ImportFrom) for inner in ast.walk(node))
    ]
    assert inside == []


def test_what_is_told_on_commit_is_a_partial() -> None:
    """A lambda would see the loop's last value, and a bound record would be stale by then."""
    told = [
        (where, node.args[0])
        for where, node in nodes(ast.Call)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute | ast.Name)
        and (node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id)
        == "on_commit"
    ]
    assert told, "nothing is told on commit: this test looks for the wrong name"
    assert [
        where
        for where, what in told
        if not (
            isinstance(what, ast.Call)
            and isinstance(what.func, ast.Name)
            and what.func.id == "partial"
        )
    ] == []


def test_tasks_belong_to_our_own_celery_application() -> None:
    """A shared task would be published to whatever broker is current, which in a web process may be none of ours."""
    shared = [
        where
        for where, node in nodes(ast.ImportFrom)
        if isinstance(node, ast.ImportFrom)
        and any(name.name == "shared_task" for name in node.names)
    ]
    assert shared == []
