"""The error budget: how far a dose may lie from its label, and which of two methods is closer."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compounding import wording, workings
from compounding.error_budget import (
    ErrorBudget,
    ErrorSource,
    compare_methods,
    error_budget,
)
from pharmacy.backoffice.calculators import fields
from pharmacy.backoffice.calculators.answers import Answer, Picture, Table, mg, num, pct
from pharmacy.backoffice.calculators.registry import Calculator, CalculatorForm, Family, Given
from pharmacy.backoffice.pictures import LimitBar, Limits
from pharmacy.backoffice.plan_panel import Fact

_LEAST_PCT = Decimal("0.000001")
_SOURCES = (fields.read_words, fields.figure_in("%"))
_ONE_A_LINE = gettext_lazy("One a line: what it is; its limit in % of the dose.")


class BudgetForm(CalculatorForm):
    """Everything that is not exact about making a dose."""

    sources = fields.table(gettext_lazy("Sources of error"), _SOURCES, _ONE_A_LINE)
    dose = fields.mass(gettext_lazy("Dose"), required=False)
    other = fields.table(
        gettext_lazy("Another way to make it"),
        _SOURCES,
        gettext_lazy("Its sources, to see which way is closer."),
        required=False,
    )


def budget(given: Given) -> Answer:
    """Return what the errors come to, expected and at worst, and which way is closer."""
    found = _budget(given["sources"])
    facts = [Fact(_("At worst"), _range(found))]
    if given["dose"] is not None:
        low, high = found.dose_range_mg(given["dose"])
        said = {"low": mg(low, 4), "high": mg(high, 4)}
        facts.append(Fact(_("The dose at worst"), _("%(low)s to %(high)s") % said))
    notes = []
    tables = []
    if given["other"]:
        other = _budget(given["other"])
        notes.append(_compared(found, other))
        tables.append(_both(found, other))
    return Answer(
        headline=f"±{pct(found.expected_pct)}",
        under=_("is to be expected"),
        facts=facts,
        tables=tables,
        working=workings.error_budget.budget(sources=found.sources),
        notes=notes,
        picture=Picture("admin/pictures/limits.html", _bars(found)),
    )


def _bars(found: ErrorBudget) -> Limits:
    """Every source as a bar, the largest the longest."""
    largest = max(found.sources[0].limit_pct, _LEAST_PCT)
    bars = tuple(
        LimitBar(
            reason=source.name,
            day=f"±{pct(source.limit_pct)}",
            width=num(source.limit_pct * 100 / largest, 1),
            wins=number == 0,
        )
        for number, source in enumerate(found.sources)
    )
    return Limits(bars=bars, said=_("The largest source is %(name)s.") % {"name": bars[0].reason})


def _budget(lines: tuple[tuple[str, Decimal], ...]) -> ErrorBudget:
    return error_budget([ErrorSource(name, limit) for name, limit in lines])


def _range(found: ErrorBudget) -> str:
    low = wording.signed_percent(found.worst_low_pct, 2)
    high = wording.signed_percent(found.worst_high_pct, 2)
    return _("%(low)s to %(high)s") % {"low": low, "high": high}


def _compared(found: ErrorBudget, other: ErrorBudget) -> str:
    compared = compare_methods(_("The first way"), found, _("The other way"), other)
    if compared.times is None or compared.times == 1:
        return str(compared)
    return _("%(closer)s is closer: the other’s error is %(times)s times as large.") % {
        "closer": compared.closer,
        "times": num(compared.times, 2),
    }


def _both(found: ErrorBudget, other: ErrorBudget) -> Table:
    return Table(
        _("Both ways"),
        (_("Way"), _("Expected"), _("At worst")),
        tuple(
            (name, f"±{pct(each.expected_pct)}", _range(each))
            for name, each in ((_("The first"), found), (_("The other"), other))
        ),
    )


FAMILY = Family(
    key="errors",
    title=gettext_lazy("Error of a dose"),
    calculators=(
        Calculator(
            key="error-budget",
            title=gettext_lazy("Error budget"),
            purpose=gettext_lazy("How far a dose may lie from its label, expected and at worst."),
            form=BudgetForm,
            work_out=budget,
            example={
                "sources": "weighing; 2%\nfilling; 4%\ntriturate; 1%",
                "dose": "1.5 mg",
                "other": "weighing; 2%\nfilling; 4%",
            },
        ),
    ),
)
