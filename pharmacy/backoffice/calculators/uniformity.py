"""Are the capsules alike: fill weights, USP <2091>, the acceptance value of USP <905>, weight or content, the assay."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compounding import workings
from compounding.spread import TooFewValues, mean, sample_sd
from compounding.uniformity import (
    FillWeights,
    LighterThanItsShell,
    LimitsReversed,
    WrongNumberOfUnits,
    acceptance_of_contents,
    acceptance_value,
    check_assay,
    check_fill_weights,
    check_intact_weights,
    check_net_contents,
    uniformity_method,
    unit_limits,
)
from pharmacy.backoffice import pictures
from pharmacy.backoffice.calculators import fields
from pharmacy.backoffice.calculators.answers import Answer, Picture, Table, mg, num, pct, within
from pharmacy.backoffice.calculators.defaults import Policy
from pharmacy.backoffice.calculators.registry import Calculator, CalculatorForm, Family, Given
from pharmacy.backoffice.plan_panel import Fact

_IN_MG = gettext_lazy("In mg, with spaces between them.")


class FillForm(CalculatorForm):
    """Capsules weighed one by one."""

    weights = fields.readings(
        gettext_lazy("Weights of filled capsules"), fields.read_mass_or_mg, _IN_MG
    )
    shell = fields.mass(gettext_lazy("Mean weight of an empty shell"))
    theoretical = fields.mass(gettext_lazy("Theoretical fill"))
    low = fields.percent(gettext_lazy("Lowest single capsule, %"))
    high = fields.percent(gettext_lazy("Highest single capsule, %"))
    mean = fields.percent(gettext_lazy("Allowed deviation of the mean, %"), required=False)
    rsd = fields.percent(gettext_lazy("Largest relative standard deviation, %"), required=False)


def fill_weights(given: Given) -> Answer:
    """Return the verdict on the fill of capsules."""
    found = check_fill_weights(
        given["weights"],
        mean_shell_mg=given["shell"],
        theoretical_fill_mg=given["theoretical"],
        limits_pct=(given["low"], given["high"]),
        rsd_limit_pct=given["rsd"],
        mean_limit_pct=given["mean"],
    )
    failing = ", ".join(num(unit.number) for unit in found.failing)
    return Answer(
        headline=_("Passes") if found.passes else _("Fails"),
        under=_("mean fill %(mass)s, %(pct)s of theoretical")
        % {"mass": mg(found.mean_net_mg, 2), "pct": pct(found.mean_pct)},
        passes=found.passes,
        facts=(
            Fact(_("Standard deviation"), mg(found.sd_mg)),
            Fact(_("Relative standard deviation"), _judged(pct(found.rsd_pct), found.rsd_ok)),
            Fact(_("Mean"), _judged(pct(found.mean_pct), found.mean_ok)),
            Fact(_("Capsules outside their limits"), failing or _("none")),
        ),
        tables=(_each_capsule(found),),
        working=workings.uniformity.fill_weights(
            found=found, mean_shell_mg=given["shell"], theoretical_fill_mg=given["theoretical"]
        ),
        notes=(
            _(
                "An even fill is no proof of the dose: a low-dose capsule needs its content tested (USP <905>)."
            ),
        ),
        picture=_dots(found, low_pct=given["low"], high_pct=given["high"]),
    )


def _each_capsule(found: FillWeights) -> Table:
    return Table(
        _("Each capsule"),
        (_("Number"), _("Gross"), _("Net"), _("Of theoretical"), _("Verdict")),
        tuple(
            (
                num(unit.number),
                mg(unit.gross_mg),
                mg(unit.net_mg),
                pct(unit.pct, 1),
                _("within") if unit.within else _("outside"),
            )
            for unit in found.units
        ),
        frozenset(unit.number - 1 for unit in found.failing),
    )


def _dots(found: FillWeights, *, low_pct: Decimal, high_pct: Decimal) -> Picture:
    units = [
        {"number": unit.number, "pct": unit.pct, "within": unit.within} for unit in found.units
    ]
    strip = pictures.strip_of(units, low_pct=low_pct, high_pct=high_pct)
    return Picture("admin/pictures/strip.html", strip)


def _judged(said: str, kept: bool) -> str:
    return said if kept else _("%(said)s: outside its limit") % {"said": said}


class IntactForm(CalculatorForm):
    """Twenty intact capsules."""

    weights = fields.readings(
        gettext_lazy("Weights of 20 intact capsules"), fields.read_mass_or_mg, _IN_MG
    )
    low = fields.percent(gettext_lazy("Lowest allowed, % of the average"))
    high = fields.percent(gettext_lazy("Highest allowed, % of the average"))


def intact(given: Given) -> Answer:
    """Return the verdict of the first stage of USP <2091>."""
    found = check_intact_weights(given["weights"], limits_pct=(given["low"], given["high"]))
    return Answer(
        headline=_("Passes") if found.passes else _("Go on to the net contents"),
        under=found.next_stage or _("every capsule lies within the limits around their average"),
        passes=found.passes,
        facts=(
            Fact(_("Average"), mg(found.average_mg, 2)),
            Fact(_("Lowest allowed"), mg(found.low_mg, 2)),
            Fact(_("Highest allowed"), mg(found.high_mg, 2)),
            _range(given["weights"]),
        ),
        working=workings.uniformity.intact(
            weights_mg=given["weights"], limits_pct=(given["low"], given["high"])
        ),
    )


def _range(weights: Sequence[Decimal]) -> Fact:
    said = {"low": mg(min(weights)), "high": mg(max(weights))}
    return Fact(_("They weigh"), _("%(low)s to %(high)s") % said)


class NetForm(CalculatorForm):
    """Net contents of twenty capsules, or of sixty."""

    weights = fields.readings(
        gettext_lazy("Net contents of 20 capsules, or of 60"), fields.read_mass_or_mg, _IN_MG
    )


def net_contents(given: Given) -> Answer:
    """Return the verdict of the second or third stage of USP <2091>."""
    found = check_net_contents(given["weights"])
    return Answer(
        headline=_("Passes") if found.passes else _("Does not pass"),
        under=found.next_stage or "",
        passes=found.passes,
        facts=(
            Fact(_("Average net content"), mg(found.average_mg, 2)),
            Fact(_("Over 10% from the average"), num(found.over_10_pct)),
            Fact(_("Over 25% from the average"), num(found.over_25_pct)),
            _range(given["weights"]),
        ),
        working=workings.uniformity.net_contents(net_mg=given["weights"]),
        notes=(
            _("Of 20 no more than 2, of 60 no more than 6 over 10%; none over 25% (USP <2091>)."),
        ),
    )


class AcceptanceForm(CalculatorForm):
    """Contents of single units, or their mean and standard deviation."""

    together = (("mean", "sd"), ("lowest", "highest"))
    one_of = (("contents", "mean"),)
    not_both = (("contents", "lowest"),)

    contents = fields.readings(
        gettext_lazy("Contents of single units"),
        fields.figure_in("%", zero=True),
        gettext_lazy("In % of the label, with spaces between them."),
        required=False,
    )
    mean = fields.percent(gettext_lazy("Or their mean, % of the label"), required=False)
    sd = fields.percent(
        gettext_lazy("And standard deviation, % of the label"), zero=True, required=False
    )
    k = fields.choice(
        gettext_lazy("Units tested"),
        (("2.4", gettext_lazy("10 units (k = 2.4)")), ("2.0", gettext_lazy("30 units (k = 2.0)"))),
    )
    limit = fields.figure(gettext_lazy("Limit L1"))
    target = fields.percent(gettext_lazy("Target T, %"))
    l2 = fields.percent(gettext_lazy("Limit L2, %"), required=False)
    lowest = fields.percent(gettext_lazy("Lowest single unit, %"), zero=True, required=False)
    highest = fields.percent(gettext_lazy("Highest single unit, %"), required=False)

    def clean(self) -> Given:
        """Ask for the limit that single units are held to."""
        cleaned = super().clean()
        if cleaned.get("lowest") is not None and cleaned.get("l2") is None:
            said = {"limit": self["l2"].label}
            self.add_error("l2", _("Fill in “%(limit)s” for the single units.") % said)
        return cleaned


def acceptance(given: Given) -> Answer:
    """Return the acceptance value of USP <905>, and whether single units keep theirs."""
    asked = {
        "k": Decimal(given["k"]),
        "limit": given["limit"],
        "target_pct": given["target"],
    }
    contents = given["contents"]
    facts: list[Fact] = []
    if contents:
        found = acceptance_of_contents(contents, **asked)
        steps = [*workings.uniformity.acceptance_of_contents(contents_pct=contents, **asked)]
        facts += [
            Fact(_("Mean"), pct(mean(contents), 4)),
            Fact(_("Standard deviation"), pct(sample_sd(contents), 4)),
        ]
        given |= {"lowest": min(contents), "highest": max(contents)}
    else:
        asked |= {"mean_pct": given["mean"], "sd_pct": given["sd"]}
        found = acceptance_value(**asked)
        steps = [*workings.uniformity.acceptance(**asked)]
    facts.append(Fact(_("Reference value M"), pct(found.reference_pct, 4)))
    passes = found.passes
    if given["l2"] is not None:
        around = {"reference_pct": found.reference_pct, "l2_pct": given["l2"]}
        limits = unit_limits(**around)
        steps += workings.uniformity.unit_limits(**around)
        allowed = {"low": pct(limits.low_pct, 3), "high": pct(limits.high_pct, 3)}
        facts.append(Fact(_("Every unit within"), _("%(low)s to %(high)s") % allowed))
        if given["lowest"] is not None and given["highest"] is not None:
            passes = passes and limits.hold(
                lowest_pct=given["lowest"], highest_pct=given["highest"]
            )
    return Answer(
        verdict=within(passes),
        headline=_("Acceptance value %(value)s") % {"value": num(found.value, 2)},
        under=_("the limit is %(limit)s") % {"limit": num(found.limit)},
        passes=passes,
        facts=facts,
        working=steps,
        notes=()
        if passes
        else (_("After 10 units: test 20 more, then k = 2.0 and L2 = 25.0 (USP <905>)."),),
    )


class MethodForm(CalculatorForm):
    """The drug in a capsule."""

    drug = fields.mass(gettext_lazy("Drug in each capsule"))
    fill = fields.mass(gettext_lazy("Fill of each capsule"))


def method(given: Given) -> Answer:
    """Return whether weight may stand in for content."""
    found = uniformity_method(drug_mg=given["drug"], fill_mg=given["fill"])
    return Answer(
        headline=_("Weighing is enough")
        if found.weight_variation_allowed
        else _("Test the content of single capsules"),
        under=_("the drug is %(pct)s of the fill") % {"pct": pct(found.drug_pct)},
        working=workings.uniformity.method(drug_mg=given["drug"], fill_mg=given["fill"]),
        notes=(
            _(
                "Weight stands in for content from 25 mg and 25% of the fill upward (USP <905>, Table 1)."
            ),
        ),
    )


class AssayForm(CalculatorForm):
    """What the laboratory found."""

    label = fields.mass(gettext_lazy("On the label"))
    found = fields.mass(gettext_lazy("Found"))
    low = fields.percent(gettext_lazy("Lowest allowed, %"))
    high = fields.percent(gettext_lazy("Highest allowed, %"))


def assay(given: Given) -> Answer:
    """Return the assay of a finished preparation against its limits."""
    found = check_assay(
        label_mg=given["label"],
        found_mg=given["found"],
        limits_pct=(given["low"], given["high"]),
    )
    return Answer(
        headline=pct(found.pct, 1),
        verdict=within(found.passes),
        under=_("of the label"),
        passes=found.passes,
        working=workings.uniformity.assay(label_mg=given["label"], found_mg=given["found"]),
    )


_LIMITS = {"low": Policy("fill_weight.low_pct"), "high": Policy("fill_weight.high_pct")}
_COUNTED = {WrongNumberOfUnits: "weights", TooFewValues: "weights", LimitsReversed: "low"}

FAMILY = Family(
    key="uniformity",
    title=gettext_lazy("Weight and content"),
    calculators=(
        Calculator(
            key="fill-weights",
            title=gettext_lazy("Fill weights"),
            purpose=gettext_lazy("Capsules weighed one by one, against the theoretical fill."),
            form=FillForm,
            work_out=fill_weights,
            example={
                "weights": "198.2 200.4 197.5 201.9 199.0 203.1 196.8 199.7 200.9 198.6",
                "shell": "48 mg",
                "theoretical": "151.125 mg",
            },
            defaults={
                **_LIMITS,
                "mean": Policy("fill_weight.mean_pct"),
                "rsd": Policy("fill_weight.rsd_pct"),
            },
            blame={**_COUNTED, LighterThanItsShell: "weights"},
        ),
        Calculator(
            key="usp-2091-intact",
            title=gettext_lazy("USP <2091>, intact capsules"),
            purpose=gettext_lazy("The first stage: 20 intact capsules around their average."),
            form=IntactForm,
            work_out=intact,
            example={"weights": " ".join(["200"] * 18 + ["182", "219"])},
            defaults=_LIMITS,
            blame=_COUNTED,
        ),
        Calculator(
            key="usp-2091-net",
            title=gettext_lazy("USP <2091>, net contents"),
            purpose=gettext_lazy("The second stage with 20 net contents, the third with 60."),
            form=NetForm,
            work_out=net_contents,
            example={"weights": " ".join(["150"] * 16 + ["133", "168", "150", "149"])},
            blame=_COUNTED,
        ),
        Calculator(
            key="acceptance-value",
            title=gettext_lazy("Acceptance value, USP <905>"),
            purpose=gettext_lazy("Whether single contents are alike enough."),
            form=AcceptanceForm,
            work_out=acceptance,
            example={
                "contents": "99.1 101.4 96.3 98.8 102.0 97.5 100.2 99.7 95.9 101.1",
                "k": "2.4",
                "limit": "15",
                "target": "100",
            },
            blame={LimitsReversed: "lowest", WrongNumberOfUnits: "contents"},
        ),
        Calculator(
            key="weight-or-content",
            title=gettext_lazy("Weight or content"),
            purpose=gettext_lazy("Whether weighing may stand in for testing the content."),
            form=MethodForm,
            work_out=method,
            example={"drug": "4.5 mg", "fill": "151.125 mg"},
        ),
        Calculator(
            key="assay",
            title=gettext_lazy("Assay of a preparation"),
            purpose=gettext_lazy("The laboratory's result against the label."),
            form=AssayForm,
            work_out=assay,
            example={"label": "4.5 mg", "found": "4.32 mg"},
            defaults=_LIMITS,
            blame={LimitsReversed: "low"},
        ),
    ),
)
