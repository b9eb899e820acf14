"""The dropper: drops counted into a volume or onto a balance, and a strength that suits a drop."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compounding import wording, workings
from compounding.drops import (
    CalibrationIncomplete,
    DropperCalibration,
    dropper_error_pct,
    mg_per_drop,
    strength_for_drop,
    within_drop_limit,
)
from compounding.quantity import Concentration, Volume
from pharmacy.backoffice.calculators import fields
from pharmacy.backoffice.calculators.answers import Answer, mg, num, per_ml, within
from pharmacy.backoffice.calculators.defaults import Policy
from pharmacy.backoffice.calculators.registry import Calculator, CalculatorForm, Given
from pharmacy.backoffice.plan_panel import Fact


class DropperForm(CalculatorForm):
    """Drops counted into a volume, or onto a balance."""

    drops = fields.whole(gettext_lazy("Drops counted"))
    volume = fields.volume(gettext_lazy("Their volume"), required=False)
    mass = fields.figure(gettext_lazy("Or their mass, g"), "g", required=False)
    density = fields.figure(gettext_lazy("With density, g/mL"), "g/mL", required=False)
    strength = fields.concentration(gettext_lazy("Strength"), required=False)
    nominal = fields.figure(gettext_lazy("Drops in a mL that the maker states"), required=False)
    limit = fields.percent(gettext_lazy("Largest error of a drop, %"))


def dropper(given: Given) -> Answer:
    """Return the drops in a millilitre, what each holds, and how far the dropper lies from its nominal drop."""
    calibration = DropperCalibration(
        drops_counted=given["drops"],
        volume_ml=given["volume"],
        mass_g=given["mass"],
        density_g_per_ml=given["density"],
    )
    drops = calibration.drops_per_ml()
    steps = [*workings.drops.calibration(dropper=calibration)]
    facts, off = [], None
    if given["strength"] is not None:
        each = mg_per_drop(strength_mg_per_ml=given["strength"], drops_per_ml=drops)
        facts.append(Fact(_("In each drop"), mg(each, 4)))
        steps += workings.drops.drop(strength_mg_per_ml=given["strength"], drops_per_ml=drops)
    if given["nominal"] is not None:
        off = dropper_error_pct(nominal_drops_per_ml=given["nominal"], measured_drops_per_ml=drops)
        facts.append(Fact(_("A drop against the nominal one"), wording.signed_percent(off)))
        steps += workings.drops.nominal(
            nominal_drops_per_ml=given["nominal"], measured_drops_per_ml=drops
        )
    passes = None if off is None else within_drop_limit(error_pct=off, limit_pct=given["limit"])
    return Answer(
        headline=drops_per_ml_said(drops, 2),
        under=_("counted with the preparation itself"),
        passes=passes,
        verdict="" if passes is None else within(passes),
        facts=facts,
        working=steps,
        notes=(_("“20 drops to the millilitre” is true of water only (USP <1101>)."),),
    )


def drops_per_ml_said(drops: Decimal, places: int) -> str:
    """Return "25 drops/mL"."""
    return _("%(drops)s drops/mL") % {"drops": num(drops, places)}


class DropStrengthForm(CalculatorForm):
    """What one drop shall hold."""

    each = fields.mass(gettext_lazy("Dose in each drop"))
    drops = fields.figure(gettext_lazy("Drops in a mL"))
    volume = fields.volume(gettext_lazy("Volume to make"))


def drop_strength(given: Given) -> Answer:
    """Return the strength at which a drop holds the dose."""
    strength = strength_for_drop(wanted_mg_per_drop=given["each"], drops_per_ml=given["drops"])
    pure = (Concentration(strength) * Volume(given["volume"])).mg
    volume = wording.millilitres(given["volume"])
    return Answer(
        headline=_("Make it %(strength)s") % {"strength": per_ml(strength)},
        under=_("so that one drop holds %(dose)s") % {"dose": wording.mass(given["each"])},
        facts=(Fact(_("Pure substance in %(volume)s") % {"volume": volume}, mg(pure)),),
        working=workings.drops.strength(
            wanted_mg_per_drop=given["each"],
            drops_per_ml=given["drops"],
            volume_ml=given["volume"],
        ),
    )


DROPPER = Calculator(
    key="dropper",
    title=gettext_lazy("Dropper calibration"),
    purpose=gettext_lazy("Drops in a mL, counted into a volume or onto a balance."),
    form=DropperForm,
    work_out=dropper,
    example={
        "drops": "100",
        "volume": "",
        "mass": "4.75",
        "density": "1.1875",
        "strength": "1 mg/mL",
        "nominal": "20",
    },
    defaults={"limit": Policy("drop_volume_limit_pct")},
    blame={CalibrationIncomplete: "volume"},
)

DROP_STRENGTH = Calculator(
    key="drop-strength",
    title=gettext_lazy("Strength for a drop"),
    purpose=gettext_lazy("How strong to make it when one drop shall hold a dose."),
    form=DropStrengthForm,
    work_out=drop_strength,
    example={"each": "0.1 mg", "drops": "20", "volume": "15 mL"},
)
