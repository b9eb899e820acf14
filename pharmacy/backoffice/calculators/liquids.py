"""Liquids: strengths in other words, how much vehicle to fetch; the worksheets of a batch stand in `liquid_sheets`."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compounding import wording, workings
from compounding.drops import (
    NoRoomForVehicle,
    qs_ad,
    vehicle_estimate,
)
from compounding.potency import as_is_mg
from compounding.quantity import Concentration, Volume
from compounding.strength import percent_w_v, ratio_strength
from pharmacy.backoffice.calculators import fields, liquid_sheets
from pharmacy.backoffice.calculators.answers import Answer, mg, ml, num, pct
from pharmacy.backoffice.calculators.registry import Calculator, CalculatorForm, Family, Given
from pharmacy.backoffice.plan_panel import Fact


class StrengthForm(CalculatorForm):
    """A strength, and a volume of it."""

    strength = fields.concentration(gettext_lazy("Strength"))
    volume = fields.volume(gettext_lazy("Volume"))
    factor = fields.figure(gettext_lazy("Potency factor of the powder"))


def strength(given: Given) -> Answer:
    """Return what a liquid holds, and its strength as a percentage and a ratio."""
    pure = (Concentration(given["strength"]) * Volume(given["volume"])).mg
    weigh = as_is_mg(pure, given["factor"])
    said = wording.concentration(given["strength"])
    return Answer(
        headline=_("Weigh %(mass)s") % {"mass": mg(weigh, 1)},
        under=_("for %(volume)s of %(strength)s")
        % {"volume": wording.millilitres(given["volume"]), "strength": said},
        facts=(
            Fact(_("Pure substance"), mg(pure)),
            Fact(_("As percent w/v"), pct(percent_w_v(given["strength"]), 6)),
            Fact(_("As a ratio"), f"1:{num(ratio_strength(given['strength']), 2)}"),
        ),
        working=workings.liquids.powder(
            strength_mg_per_ml=given["strength"],
            volume_ml=given["volume"],
            factor=given["factor"],
        ),
    )


class VehicleForm(CalculatorForm):
    """A batch, and everything in it but the vehicle."""

    batch = fields.volume(gettext_lazy("Volume of the batch"))
    powders = fields.table(
        gettext_lazy("Powders"),
        (fields.read_words, fields.figure_in("g"), fields.figure_in("mL/g", zero=True)),
        gettext_lazy("One a line: name; grams; mL displaced by each gram."),
        required=False,
    )
    liquids = fields.table(
        gettext_lazy("Other liquids"),
        (fields.read_words, fields.read_volume),
        gettext_lazy("One a line: name; volume."),
        required=False,
    )


def vehicle(given: Given) -> Answer:
    """Return how much vehicle the batch will take, for picking stock."""
    powders, liquids = given["powders"] or (), given["liquids"] or ()
    components = {
        "batch_ml": given["batch"],
        "liquids_ml": [volume for _name, volume in liquids],
        "powders": [(grams, displaced) for _name, grams, displaced in powders],
    }
    found = vehicle_estimate(**components)
    return Answer(
        headline=_("About %(volume)s of vehicle") % {"volume": ml(found.vehicle_ml)},
        under=_("to fetch; at the bench %(qs)s") % {"qs": qs_ad(given["batch"])},
        facts=(Fact(_("Displaced by powders"), ml(found.displaced_ml)),),
        working=workings.liquids.vehicle(**components),
    )


FAMILY = Family(
    key="liquids",
    title=gettext_lazy("Liquids"),
    calculators=(
        liquid_sheets.FROM_POWDER,
        liquid_sheets.FROM_TRITURATE,
        Calculator(
            key="liquid-strength",
            title=gettext_lazy("Strength of a liquid"),
            purpose=gettext_lazy(
                "Powder for a volume, and the strength as a percentage and a ratio."
            ),
            form=StrengthForm,
            work_out=strength,
            example={"strength": "1 mg/mL", "volume": "30 mL", "factor": "0.988032"},
        ),
        Calculator(
            key="vehicle",
            title=gettext_lazy("Vehicle to fetch"),
            purpose=gettext_lazy("About how much vehicle is left after powders and other liquids."),
            form=VehicleForm,
            work_out=vehicle,
            example={
                "batch": "240 mL",
                "powders": "naltrexone HCl; 0.24; 0.70\nascorbic acid; 1.2; 0.60\nsodium benzoate; 0.24; 0.67",
                "liquids": "glycerin; 48 mL",
            },
            blame={NoRoomForVehicle: "batch"},
        ),
    ),
)
