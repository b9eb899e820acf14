"""Scaling: a formula for one size of batch, made for another."""

import re
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compounding import workings
from compounding.scaling import FormulaLine, factor, scale
from pharmacy.backoffice.calculators import fields
from pharmacy.backoffice.calculators.answers import Answer, Table, num
from pharmacy.backoffice.calculators.registry import Calculator, CalculatorForm, Family, Given

_AMOUNT = re.compile(r"(?P<qs>q\.?\s?s\.?(?:\s+ad)?\s+)?(?P<number>[^\sa-zA-Zµμ]+)\s*(?P<unit>\S+)")
_UNITS = ("mcg", "mg", "g", "kg", "mL", "L", "each")


def read_amount(text: str) -> tuple[Decimal, str, bool]:
    """Return an amount, its unit, and whether the line is made up to it: "0.5 g", "q.s. 100 mL"."""
    typed = _AMOUNT.fullmatch(text.strip())
    unit = typed and next((unit for unit in _UNITS if unit.lower() == typed["unit"].lower()), None)
    if typed is None or unit is None:
        raise fields.NotRead(
            _("“%(typed)s” is not an amount with one of the units %(units)s.")
            % {"typed": text.strip()[:40], "units": ", ".join(_UNITS)}
        )
    return fields.figure_in("")(typed["number"]), unit, typed["qs"] is not None


class ScaleForm(CalculatorForm):
    """A formula, the size it is written for, and the size wanted."""

    lines = fields.table(
        gettext_lazy("Formula"),
        (fields.read_words, read_amount),
        gettext_lazy("One a line: name; amount. “q.s. 100 mL” for what is made up to volume."),
    )
    base = fields.figure(gettext_lazy("Written for"), hint=gettext_lazy("mL or units."))
    target = fields.figure(gettext_lazy("To make"), hint=gettext_lazy("In the same unit."))


def scaled(given: Given) -> Answer:
    """Return the formula for the other size."""
    times = factor(base=given["base"], target=given["target"])
    formula = [FormulaLine(name, amount, unit, qs) for name, (amount, unit, qs) in given["lines"]]
    made = scale(formula, by=times)
    return Answer(
        headline=_("Times %(factor)s") % {"factor": num(times)},
        under=_("for %(target)s instead of %(base)s")
        % {"target": num(given["target"]), "base": num(given["base"])},
        tables=(
            Table(
                _("What goes in"),
                (_("Ingredient"), _("In the formula"), _("In this batch")),
                tuple(
                    (line.name, workings.scaling.amount(line), workings.scaling.amount(more))
                    for line, more in zip(formula, made, strict=True)
                ),
            ),
        ),
        working=workings.scaling.scaled(lines=formula, base=given["base"], target=given["target"]),
        notes=(_("A q.s. line is made up to its amount; it is not added."),),
    )


FAMILY = Family(
    key="scaling",
    title=gettext_lazy("Scaling"),
    calculators=(
        Calculator(
            key="scale",
            title=gettext_lazy("Scale a formula"),
            purpose=gettext_lazy("The same formula for a larger or smaller batch."),
            form=ScaleForm,
            work_out=scaled,
            example={
                "lines": "naltrexone HCl; 0.1 g\nascorbic acid; 0.5 g\nsodium benzoate; 0.1 g\n"
                "glycerin; 20 mL\npurified water; q.s. 100 mL",
                "base": "100",
                "target": "240",
            },
        ),
    ),
)
