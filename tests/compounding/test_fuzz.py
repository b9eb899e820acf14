"""Every public function with nasty values: a named refusal, or an answer; never a crash, never a hang.

The rule: a value of the right kind that cannot be, raises a `Refusal`. A value of another Python type is a
mistake in a program and no amount anybody typed: it raises a `Refusal` too, or `TypeError`, `ValueError`,
`AttributeError` or `KeyError` as Python does. Records that only come out of the package are not tried.
"""

from __future__ import annotations

import datetime
import importlib
import inspect
import pkgutil
import random
import re
import time
import types
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import pytest

import compounding
from compounding.beyond_use import BudLimit, StabilityStudy
from compounding.capsule_fill import Powder
from compounding.costing import CostLine
from compounding.error_budget import BenchTolerances, ErrorSource, PartOfDose
from compounding.errors import Refusal
from compounding.quantity import Concentration, Mass, Volume
from compounding.scaling import FormulaLine
from compounding.step_back import HalfDoseRule, Rise
from compounding.titration import TitrationStep
from compounding.vectors import VectorInputs
from compounding.weighable import PowderToWeigh
from compounding.worksheet import (
    CapsuleExcipient,
    CapsuleTriturate,
    Conversion,
    LiquidTriturate,
    TriturateExcipient,
    TriturateSource,
)
from tests.compounding.examples import capsule_inputs, certificate, drops_inputs, triturate_inputs

_CALLS = 10
_TRIES = 3
_LONGEST_SECONDS = 1
_DECIMALS = [
    *("0", "-0", "1", "-1", "0.5", "2.5", "99.999", "100", "100.1", "1E-6", "1E-30", "1E+15"),
    *("1E-999999", "1E+999999", "9.99E+15", "-1E-999999", "0E+999999", "0E-999999", "1E-60"),
    *("NaN", "sNaN", "Infinity", "-Infinity", "3" * 50, "9" * 400, "0." + "3" * 400, "10", "30"),
]
_TEXTS = [
    *(
        "",
        " ",
        "x",
        "4.5",
        "4.5 mg",
        "1,5 mg",
        "1e3 mg",
        "-1 mg",
        "0 mg",
        "4.5 mL",
        "1 mg/mL",
        "½ mg",
    ),
    *(
        "NaN",
        "9" * 400,
        "9" * 400 + " mg",
        "1.5.5 mg",
        "\u0665 mg",
        "\x00",
        "\ud800",
        "mg",
        "1 mg/0 mL",
    ),
    *("2027-02-29", "2027-02", "9999-12-31", "0000-00", "50-78-2", "0409-3977-03", "x" * 100_000),
]
_WHOLE = [0, 1, -1, 2, 10, 30, 365, 10**6, 10**15, -(10**400), 10**400, True]
_DATES = [datetime.date.min, datetime.date.max, datetime.date(2028, 2, 29)]
_OTHER_TYPES: list[Any] = [None, "x", 1.5, [], {}, object(), b"1", 1j, Fraction(1, 3), float("nan")]


_STEPS_OF_A_WORKSHEET = re.compile(
    r"compounding\.(second_\w+|worksheets\.(?!.*inputs$|record$|\w+_worksheet$).*)"
)
"""What only works on the plans of its own worksheet: no caller has one to hand in."""


def _modules() -> list[types.ModuleType]:
    found = pkgutil.walk_packages(compounding.__path__, "compounding.")
    return [
        importlib.import_module(module.name)
        for module in found
        if not _STEPS_OF_A_WORKSHEET.fullmatch(module.name)
    ]


def _public() -> dict[str, Callable[..., Any]]:
    """Return every public function and class that is defined in the package, by its full name."""
    return {
        f"{module.__name__}.{name}": thing
        for module in _modules()
        for name, thing in vars(module).items()
        if not name.startswith("_")
        and callable(thing)
        and getattr(thing, "__module__", "") == module.__name__
        and not isinstance(thing, TypeVar)
        and (inspect.isfunction(thing) or hasattr(thing, "__post_init__"))
    }


PUBLIC = _public()


class _Nasty:
    """Draws arguments by their annotations."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)

    def pick(self, values: Sequence[Any]) -> Any:
        """Return one of the values."""
        return self._random.choice(values)

    def arguments(self, function: Callable[..., Any]) -> dict[str, Any]:
        """Return a value for every parameter; now and then the default."""
        hints = get_type_hints(function.__init__ if inspect.isclass(function) else function)
        parameters = inspect.signature(function).parameters.values()
        return {
            each.name: self.value(hints.get(each.name, object))
            for each in parameters
            if each.kind not in (each.VAR_POSITIONAL, each.VAR_KEYWORD)
            and (each.default is each.empty or self.pick([True, True, False]))
        }

    def value(self, hint: Any) -> Any:
        """Return a nasty value of that kind."""
        origin, parts = get_origin(hint), get_args(hint)
        if origin in (Union, types.UnionType):
            return self.value(self.pick(parts))
        if origin is tuple and parts[-1] is not Ellipsis:
            return tuple(self.value(part) for part in parts)
        if origin in (list, tuple, Sequence, Iterable) or origin is Iterable:
            values = [self.value(parts[0]) for _ in range(self.pick([0, 1, 2, 3, 12]))]
            return tuple(values) if origin is tuple else values
        if origin in (dict, Mapping):
            return {self.value(parts[0]): self.value(parts[1]) for _ in range(self.pick([0, 1, 3]))}
        return self._plain(hint)

    def _plain(self, hint: Any) -> Any:
        if hint is Decimal:
            return Decimal(self.pick(_DECIMALS))
        if hint is Fraction:
            return Fraction(self.pick([0, 1, -1, 10**400]), self.pick([1, 3, 10**400]))
        if hint in (int, str, bool, datetime.date, type(None)):
            kinds: dict[Any, list[Any]] = {int: _WHOLE, str: _TEXTS, datetime.date: _DATES}
            return self.pick(kinds.get(hint, [True, False] if hint is bool else [None]))
        if inspect.isclass(hint) and issubclass(hint, Enum):
            return self.pick(list(hint))
        if hint is VectorInputs:
            return VectorInputs({})
        if is_dataclass(hint) and inspect.isclass(hint):
            return self._built(hint)
        return self.pick([None, "x", 1, Decimal(1), {}, []])

    def _built(self, kind: type[Any]) -> Any:
        """Return a usual one with one nasty field if some try succeeds, or as it usually is."""
        usual = _USUAL[kind.__name__]() if kind.__name__ in _USUAL else None
        for _ in range(_TRIES):
            try:
                if usual is None:
                    return kind(**self.arguments(kind))
                hints = {field.name: get_type_hints(kind)[field.name] for field in fields(kind)}
                name = self.pick(sorted(hints))
                return replace(usual, **{name: self.value(hints[name])})
            except Refusal:
                continue
        return usual


_USUAL: dict[str, Callable[[], Any]] = {
    "CapsuleInputs": capsule_inputs,
    "DropsInputs": drops_inputs,
    "TriturateInputs": triturate_inputs,
    "Certificate": certificate,
    "CapsuleActive": lambda: capsule_inputs().actives[0],
    "LiquidActive": lambda: drops_inputs().actives[0],
    "TriturateActive": lambda: triturate_inputs().actives[0],
    "Shell": lambda: capsule_inputs().shell,
    "DropperCalibration": lambda: drops_inputs().dropper,
    "TitrationStep": lambda: TitrationStep(Decimal("4.5"), 28),
    "Powder": lambda: Powder("drug", Decimal(1), Decimal(2)),
    "Rise": lambda: Rise(Decimal(1), 7),
    "HalfDoseRule": lambda: HalfDoseRule(days=7),
    "CostLine": lambda: CostLine("drug", Decimal(1), Decimal(2)),
    "CapsuleTriturate": lambda: CapsuleTriturate(
        key="t", name="t", triturate_pct=Decimal(1), strength_mg=Decimal(1), pack_stat_mg=Decimal(9)
    ),
    "LiquidTriturate": lambda: LiquidTriturate(
        key="t", name="t", triturate_pct=Decimal(1), strength_mg_per_ml=Decimal(1)
    ),
    "PartOfDose": lambda: PartOfDose(
        name="p", share=Decimal(1), sources=(ErrorSource("s", Decimal(1)),)
    ),
    "TriturateSource": lambda: TriturateSource(
        key="t", name="t", triturate_pct=Decimal(1), strength_pct=Decimal(1)
    ),
    "CapsuleExcipient": lambda: CapsuleExcipient(
        key="e", name="e", mg_per_capsule=Decimal(1), pack_stat_mg=Decimal(9)
    ),
    "TriturateExcipient": lambda: TriturateExcipient(key="e", name="e", pct=Decimal(1)),
    "LiquidExcipient": lambda: drops_inputs().excipients[0],
    "PowderToWeigh": lambda: PowderToWeigh(name="p", needed_mg=Decimal(1), per_unit_mg=Decimal(1)),
    "StabilityStudy": lambda: StabilityStudy(
        days=90, reference="r", stability_indicating=True, same_formulation_and_container=True
    ),
    "BudLimit": lambda: BudLimit(key="k", days=14, reason="r"),
    "BenchTolerances": BenchTolerances,
    "ErrorSource": lambda: ErrorSource("s", Decimal(1)),
    "FormulaLine": lambda: FormulaLine("drug", Decimal(1), "g"),
    "Mass": lambda: Mass(Decimal(1)),
    "Volume": lambda: Volume(Decimal(1)),
    "Concentration": lambda: Concentration(Decimal(1)),
    "Conversion": lambda: Conversion(strength_mw=Decimal(2), supplied_mw=Decimal(3)),
}


def _called(function: Callable[..., Any], arguments: dict[str, Any]) -> None:
    signature = inspect.signature(function)
    positional = [
        each.name for each in signature.parameters.values() if each.kind is each.POSITIONAL_ONLY
    ]
    first = [arguments.pop(name) for name in positional if name in arguments]
    result = function(*first, **arguments)
    if inspect.isclass(function):
        for name in dir(function):
            if isinstance(inspect.getattr_static(function, name), property):
                getattr(result, name)
        str(result)


def test_there_is_something_to_call() -> None:
    assert len(PUBLIC) > 150
    assert "compounding.weighing.solid_aliquot" in PUBLIC
    assert "compounding.quantity.Mass" in PUBLIC


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_nasty_values_are_refused_by_name(name: str) -> None:
    draw, function = _Nasty(name), PUBLIC[name]
    for _ in range(_CALLS):
        arguments = draw.arguments(function)
        began = time.perf_counter()
        try:
            _called(function, dict(arguments))
        except Refusal as refusal:
            spoken = str(refusal)
        else:
            spoken = "an answer"
        assert spoken
        assert time.perf_counter() - began < _LONGEST_SECONDS


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_another_python_type_is_refused_or_a_type_error(name: str) -> None:
    draw, function = _Nasty(f"types {name}"), PUBLIC[name]
    for _ in range(_CALLS):
        arguments = draw.arguments(function)
        if not arguments:
            return
        arguments[draw.pick(list(arguments))] = draw.pick(_OTHER_TYPES)
        try:
            _called(function, arguments)
        except (Refusal, TypeError, ValueError, AttributeError, KeyError):
            continue
