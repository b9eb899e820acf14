"""Liquids: the whole worksheet of a batch with overfill, strengths in other words, how much vehicle to fetch."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compounding import wording, workings
from compounding.drops import (
    CalibrationIncomplete,
    DropperCalibration,
    FillBelowLabel,
    LessThanOneDrop,
    NoRoomForVehicle,
    qs_ad,
    vehicle_estimate,
)
from compounding.errors import Refusal
from compounding.potency import as_is_mg
from compounding.quantity import Concentration, Volume
from compounding.strength import percent_w_v, ratio_strength
from compounding.worksheet import (
    AmountUnit,
    BenchTolerances,
    Container,
    DropsInputs,
    LiquidActive,
    LiquidExcipient,
    Role,
    Vehicle,
    plan_drops_worksheet,
)
from pharmacy.backoffice.calculators import fields, sheets
from pharmacy.backoffice.calculators.answers import Answer, mg, ml, num, pct
from pharmacy.backoffice.calculators.defaults import (
    Policy,
    drops_counted,
    drops_volume,
    solubility,
)
from pharmacy.backoffice.calculators.potency import (
    CAP,
    CERTIFICATE_EXAMPLE,
    CertificateForm,
    ConversionForm,
    certificate_of,
    conversion_of,
)
from pharmacy.backoffice.calculators.registry import Calculator, CalculatorForm, Family, Given
from pharmacy.backoffice.plan_panel import Fact


def read_amount(text: str) -> tuple[Decimal, AmountUnit]:
    """Return a mass (in mg) or a volume (in mL) of a component."""
    try:
        return fields.read_mass(text), AmountUnit.MG
    except Refusal:
        return fields.read_volume(text), AmountUnit.ML


class WorksheetForm(ConversionForm, CertificateForm, sheets.BenchForm):
    """Everything a batch of drops is planned from."""

    headings = {
        **sheets.BenchForm.headings,
        **CertificateForm.headings,
        "name": gettext_lazy("Active"),
        "others": gettext_lazy("Other components"),
        "drops": gettext_lazy("Dropper and doses"),
    }

    together = (*ConversionForm.together, ("drops", "drops_volume"))
    name = fields.words(gettext_lazy("Name"))
    strength = fields.concentration(gettext_lazy("Strength"))
    bottles = fields.whole(gettext_lazy("Bottles"))
    label_volume = fields.volume(gettext_lazy("Volume on the label"))
    fill_volume = fields.volume(gettext_lazy("Volume filled"))
    overage = fields.percent(gettext_lazy("Process overage, %"), zero=True)
    solubility = fields.concentration(gettext_lazy("Solubility in the vehicle"), required=False)
    others = fields.table(
        gettext_lazy("In 100 mL"),
        (fields.read_words, read_amount),
        gettext_lazy("One a line: name; amount in 100 mL."),
        required=False,
    )
    vehicle = fields.words(gettext_lazy("Vehicle"))
    suspends = fields.tick(gettext_lazy("Nothing dissolves in it: a suspension"))
    drops = fields.whole(gettext_lazy("Drops counted"), required=False)
    drops_volume = fields.volume(gettext_lazy("Their volume"), required=False)
    doses = fields.table(
        gettext_lazy("Doses"),
        (fields.read_mass,),
        gettext_lazy("One a line: 0.5 mg."),
        required=False,
    )
    measure = fields.volume(
        gettext_lazy("Uncertainty of the measure"),
        gettext_lazy("For the error of the dose."),
        required=False,
    )
    drop_spread = fields.percent(gettext_lazy("Spread of a drop, %"), zero=True, required=False)
    syringe = fields.volume(gettext_lazy("Uncertainty of the oral syringe"), required=False)
    drop_limit = fields.percent(gettext_lazy("Flag drops that miss the dose by more than, %"))
    field_order = (
        "name",
        "strength",
        "bottles",
        "label_volume",
        "fill_volume",
        "overage",
        *CertificateForm.base_fields,
        *ConversionForm.base_fields,
        "solubility",
        "others",
        "vehicle",
        "suspends",
        "drops",
        "drops_volume",
        "doses",
        "drop_limit",
    )


def worksheet(given: Given) -> Answer:
    """Return the worksheet of a batch of drops, worked out twice."""
    sheet = plan_drops_worksheet(_inputs(given))
    made = {
        "volume": qs_ad(sheet.line("vehicle").amount),
        "bottles": num(given["bottles"]),
        "label": wording.millilitres(given["label_volume"]),
        "strength": wording.concentration(given["strength"]),
    }
    return sheets.sheet_answer(
        sheet,
        headline=_("Weigh %(what)s") % {"what": sheets.named(sheet, Role.ACTIVE)},
        under=_("%(volume)s, for %(bottles)s bottles of %(label)s of %(strength)s") % made,
    )


def _inputs(given: Given) -> DropsInputs:
    active = LiquidActive(
        key="active",
        name=given["name"],
        strength_mg_per_ml=given["strength"],
        certificate=certificate_of(given),
        conversion=conversion_of(given),
        solubility_mg_per_ml=given["solubility"],
    )
    return DropsInputs(
        bottles=given["bottles"],
        label_volume_ml=given["label_volume"],
        fill_volume_ml=given["fill_volume"],
        process_overage_pct=given["overage"],
        actives=(active,),
        excipients=tuple(
            LiquidExcipient(key=f"other-{number}", name=name, amount_per_100_ml=amount, unit=unit)
            for number, (name, (amount, unit)) in enumerate(given["others"] or (), 1)
        ),
        vehicle=Vehicle(key="vehicle", name=given["vehicle"], suspends=given["suspends"]),
        container=Container(key="bottle", name=_("Bottle")),
        dropper=_dropper(given),
        doses_mg=tuple(dose for (dose,) in given["doses"] or ()),
        cap_assay_at_100=given["cap"] == "yes",
        minimum_weighable_mg=given["minimum"],
        weighing_tolerance_pct=given["tolerance"],
        weigh_to_mg=given["weigh_to"],
        drop_error_limit_pct=given["drop_limit"],
        bench=BenchTolerances(
            balance_mg=given["balance"],
            measure_ml=given["measure"],
            drop_pct=given["drop_spread"],
            syringe_ml=given["syringe"],
        ),
    )


def _dropper(given: Given) -> DropperCalibration | None:
    if given["drops"] is None:
        return None
    return DropperCalibration(drops_counted=given["drops"], volume_ml=given["drops_volume"])


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
        Calculator(
            key="liquid-worksheet",
            title=gettext_lazy("Worksheet of a batch of drops"),
            purpose=gettext_lazy(
                "Powder, other components and vehicle with overfill, worked out twice, with a table of doses."
            ),
            form=WorksheetForm,
            work_out=worksheet,
            example={
                **sheets.BENCH_EXAMPLE,
                **CERTIFICATE_EXAMPLE,
                "name": "naltrexone hydrochloride",
                "strength": "1 mg/mL",
                "bottles": "6",
                "label_volume": "30 mL",
                "fill_volume": "31 mL",
                "overage": "2",
                "solubility": "100 mg/mL",
                "others": "ascorbic acid; 0.5 g\nsodium benzoate; 100 mg\nglycerin; 20 mL",
                "vehicle": "purified water",
                "drops": "100",
                "drops_volume": "4 mL",
                "doses": "0.5 mg\n1 mg",
                "measure": "1 mL",
                "drop_spread": "5",
                "syringe": "0.01 mL",
                "drop_limit": "10",
            },
            defaults={
                **sheets.BENCH_DEFAULTS,
                "cap": CAP,
                "drops": drops_counted,
                "drops_volume": drops_volume,
                "drop_limit": Policy("drop_error_flag_pct"),
                "solubility": solubility("naltrexone hydrochloride"),
            },
            blame={
                **sheets.BLAME,
                FillBelowLabel: "fill_volume",
                CalibrationIncomplete: "drops_volume",
                LessThanOneDrop: "doses",
                NoRoomForVehicle: "others",
            },
        ),
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
