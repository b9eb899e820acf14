"""What a balance can weigh: its minimum by sensitivity and by USP <41>, the smallest batch, a weighing's error."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compounding import wording, workings
from compounding.arithmetic import round_half_up
from compounding.potency import as_is_mg
from compounding.spread import TooFewValues, mean, sample_sd
from compounding.weighing import (
    TooFewReadings,
    can_be_weighed,
    error_pct,
    least_units,
    minimum_weighable_mg,
    usp41_minimum,
    usp41_minimum_from_readings,
    weighing_error_pct,
    within_tolerance,
)
from compounding.working import WorkingStep
from pharmacy.backoffice.calculators import fields
from pharmacy.backoffice.calculators.answers import Answer, Picture, mg, num, pct, within
from pharmacy.backoffice.calculators.defaults import Policy, balance_figure
from pharmacy.backoffice.calculators.registry import Calculator, CalculatorForm, Family, Given
from pharmacy.backoffice.pictures import gauge
from pharmacy.backoffice.plan_panel import Fact


class MinimumForm(CalculatorForm):
    """A prescription balance."""

    sensitivity = fields.mass(gettext_lazy("Sensitivity requirement"))
    error = fields.percent(gettext_lazy("Permitted error, %"))
    amount = fields.mass(
        gettext_lazy("An amount to weigh"),
        gettext_lazy("To see the error of this one weighing."),
        required=False,
    )


def minimum(given: Given) -> Answer:
    """Return the minimum weighable quantity, and the error of one amount."""
    least = minimum_weighable_mg(sensitivity_mg=given["sensitivity"], max_error_pct=given["error"])
    facts = []
    passes = None
    if given["amount"] is not None:
        error = weighing_error_pct(sensitivity_mg=given["sensitivity"], weighed_mg=given["amount"])
        said = {"mass": wording.mass(given["amount"])}
        facts.append(Fact(_("Error of weighing %(mass)s") % said, pct(error, 1)))
        passes = can_be_weighed(given["amount"], minimum_mg=least)
    return Answer(
        headline=_("No less than %(mass)s") % {"mass": mg(least, 1)},
        under=_("on this balance, for an error of at most %(pct)s") % {"pct": pct(given["error"])},
        passes=passes,
        verdict=_enough(passes, given["amount"]),
        facts=facts,
        working=workings.weighing.minimum(
            sensitivity_mg=given["sensitivity"],
            max_error_pct=given["error"],
            amount_mg=given["amount"],
        ),
        notes=(_("Amounts are compared with the unrounded minimum."),),
    )


def _enough(passes: bool | None, amount_mg: Decimal | None) -> str:
    if passes is None or amount_mg is None:
        return ""
    said = {"mass": wording.mass(amount_mg)}
    if passes:
        return _("%(mass)s can be weighed") % said
    return _("%(mass)s is too little to weigh here") % said


class Usp41Form(CalculatorForm):
    """A balance's repeatability, as readings or as their standard deviation."""

    one_of = (("readings", "sd"),)

    readability = fields.mass(gettext_lazy("Readability d"))
    readings = fields.readings(
        gettext_lazy("Readings of one test weight"),
        fields.read_mass_or_mg,
        gettext_lazy("Ten or more, in mg, with spaces between them."),
        required=False,
    )
    sd = fields.mass(gettext_lazy("Or their standard deviation"), required=False)


def usp41(given: Given) -> Answer:
    """Return the minimum weight of USP <41>."""
    readability, values = given["readability"], given["readings"]
    facts: list[Fact] = []
    spread: tuple[WorkingStep, ...] = ()
    if values:
        found = usp41_minimum_from_readings(values, readability_mg=readability)
        sd = sample_sd(values)
        spread = workings.spread.readings(values=values, unit="mg")
        facts += [
            Fact(_("Readings"), num(len(values))),
            Fact(_("Mean"), mg(mean(values))),
            Fact(_("Standard deviation"), mg(sd, 5)),
        ]
    else:
        sd = given["sd"]
        found = usp41_minimum(sd_mg=sd, readability_mg=readability)
    return Answer(
        headline=_("No less than %(mass)s") % {"mass": mg(found.minimum_mg, 2)},
        under=_("is the minimum weight of USP <41>"),
        facts=(*facts, Fact(_("Standard deviation that counts"), mg(found.sd_used_mg, 5))),
        working=(
            *spread,
            *workings.weighing.usp41_minimum(sd_mg=sd, readability_mg=readability),
        ),
        notes=(_("USP <41>, official 1 August 2019."),),
    )


class SmallestBatchForm(CalculatorForm):
    """A dose that one unit holds."""

    dose = fields.mass(gettext_lazy("Dose in each unit"))
    factor = fields.figure(gettext_lazy("Potency factor of the powder"))
    minimum = fields.mass(gettext_lazy("Least that the balance may weigh"))


def smallest_batch(given: Given) -> Answer:
    """Return the fewest units whose powder can be weighed directly."""
    each = as_is_mg(given["dose"], given["factor"])
    units = least_units(as_is_mg_per_unit=each, minimum_mg=given["minimum"])
    return Answer(
        headline=_("At least %(units)s units") % {"units": num(units)},
        under=_("so that the powder can be weighed directly; below that make a triturate"),
        facts=(Fact(_("Powder in each unit"), mg(each)),),
        working=workings.weighing.smallest_batch(
            dose_mg=given["dose"], factor=given["factor"], minimum_mg=given["minimum"]
        ),
    )


class ErrorForm(CalculatorForm):
    """A weighing and what was wanted."""

    wanted = fields.mass(gettext_lazy("Wanted"))
    actual = fields.mass(gettext_lazy("Weighed"))
    tolerance = fields.percent(gettext_lazy("Tolerance, %"), zero=True)
    factor = fields.figure(
        gettext_lazy("Potency factor"),
        hint=gettext_lazy("When what is wanted is stated as pure substance."),
        required=False,
    )


def weighing_error(given: Given) -> Answer:
    """Return how far a weighing lies from what was wanted."""
    wanted = given["wanted"]
    if given["factor"] is not None:
        wanted = as_is_mg(wanted, given["factor"])
    off = error_pct(wanted=wanted, actual=given["actual"])
    tolerance = given["tolerance"]
    passes = within_tolerance(wanted=wanted, actual=given["actual"], tolerance_pct=tolerance)
    return Answer(
        headline=wording.signed_percent(off, 3),
        under=_("%(actual)s weighed where %(wanted)s was wanted")
        % {"actual": mg(given["actual"]), "wanted": mg(wanted)},
        passes=passes,
        verdict=within(passes),
        facts=[Fact(_("Allowed"), _("−%(pct)s to +%(pct)s") % {"pct": pct(tolerance)})],
        working=workings.weighing.error(
            wanted_mg=given["wanted"], actual_mg=given["actual"], factor=given["factor"]
        ),
        picture=Picture(
            "admin/pictures/gauge.svg",
            gauge(
                amount=round_half_up(off, 6),
                low=-tolerance,
                high=tolerance,
                unit="%",
            ),
        ),
    )


FAMILY = Family(
    key="weighing",
    title=gettext_lazy("What the balance can weigh"),
    calculators=(
        Calculator(
            key="minimum-weighable",
            title=gettext_lazy("Minimum weighable quantity"),
            purpose=gettext_lazy("From the balance's sensitivity and the error you accept."),
            form=MinimumForm,
            work_out=minimum,
            example={"sensitivity": "6 mg", "error": "5", "amount": "50 mg"},
            defaults={
                "sensitivity": balance_figure("sensitivity_mg"),
                "error": Policy("mwq_error_pct"),
            },
        ),
        Calculator(
            key="usp-41",
            title=gettext_lazy("Minimum weight by USP <41>"),
            purpose=gettext_lazy("From repeated weighings of one test weight."),
            form=Usp41Form,
            work_out=usp41,
            example={
                "readability": "0.01 mg",
                "readings": "100.02 100.05 99.98 100.01 100.04 99.97 100.00 100.03 99.99 100.01",
            },
            defaults={"readability": balance_figure("readability_mg")},
            blame={TooFewReadings: "readings", TooFewValues: "readings"},
        ),
        Calculator(
            key="smallest-batch",
            title=gettext_lazy("Smallest batch to weigh directly"),
            purpose=gettext_lazy("How many units it takes before the powder can be weighed."),
            form=SmallestBatchForm,
            work_out=smallest_batch,
            example={"dose": "4.5 mg", "factor": "0.988032", "minimum": "120 mg"},
        ),
        Calculator(
            key="weighing-error",
            title=gettext_lazy("Error of a weighing"),
            purpose=gettext_lazy("How far what was weighed lies from what was wanted."),
            form=ErrorForm,
            work_out=weighing_error,
            example={
                "wanted": "450 mg",
                "actual": "455.9 mg",
                "tolerance": "1",
                "factor": "0.988032",
            },
            defaults={"tolerance": Policy("weighing_tolerance_pct")},
        ),
    ),
)
