"""Yield: what came out of a batch, and whether every unit is accounted for."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compounding import workings
from compounding.yields import MoreThanWasMade, reconcile
from pharmacy.backoffice.calculators import fields
from pharmacy.backoffice.calculators.answers import Answer, num, pct
from pharmacy.backoffice.calculators.registry import Calculator, CalculatorForm, Family, Given
from pharmacy.backoffice.plan_panel import Fact


class YieldForm(CalculatorForm):
    """A batch, in units or in mL."""

    theoretical = fields.figure(
        gettext_lazy("Theoretical yield"), hint=gettext_lazy("All in units, or all in mL.")
    )
    usable = fields.figure(gettext_lazy("Usable"), zero=True)
    destroyed = fields.figure(gettext_lazy("Used up in testing"), zero=True)
    waste = fields.figure(gettext_lazy("Waste"), zero=True)


def yielded(given: Given) -> Answer:
    """Return the yield, and what nobody has accounted for."""
    counted = {
        "theoretical": given["theoretical"],
        "usable": given["usable"],
        "destroyed_in_testing": given["destroyed"],
        "waste": given["waste"],
    }
    found = reconcile(**counted)
    return Answer(
        headline=_("Yield %(pct)s") % {"pct": pct(found.pct)},
        under=_("everything is accounted for")
        if found.reconciled
        else _("%(count)s are not accounted for") % {"count": num(found.unaccounted)},
        passes=found.reconciled,
        verdict=_("reconciled") if found.reconciled else _("not reconciled"),
        facts=(Fact(_("Not accounted for"), num(found.unaccounted)),),
        working=workings.yields.reconciled(**counted),
    )


FAMILY = Family(
    key="yield",
    title=gettext_lazy("Yield"),
    calculators=(
        Calculator(
            key="yield",
            title=gettext_lazy("Yield and reconciliation"),
            purpose=gettext_lazy("What came out, and whether every unit is accounted for."),
            form=YieldForm,
            work_out=yielded,
            example={"theoretical": "103", "usable": "100", "destroyed": "1", "waste": "2"},
            blame={MoreThanWasMade: "theoretical"},
        ),
    ),
)
