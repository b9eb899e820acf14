"""The worksheets of a batch of drops: from powder as it is, and from a stock triturate."""

from decimal import Decimal
from typing import ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compounding import wording
from compounding.drops import (
    CalibrationIncomplete,
    DropperCalibration,
    FillBelowLabel,
    LessThanOneDrop,
    NoRoomForVehicle,
    qs_ad,
)
from compounding.errors import Refusal
from compounding.worksheet import (
    AmountUnit,
    BenchTolerances,
    Container,
    DropsInputs,
    LiquidActive,
    LiquidExcipient,
    LiquidTriturate,
    Role,
    Vehicle,
    plan_drops_worksheet,
)
from pharmacy.backoffice.calculators import fields, sheets
from pharmacy.backoffice.calculators.answers import Answer, num
from pharmacy.backoffice.calculators.defaults import (
    Policy,
    Source,
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
from pharmacy.backoffice.calculators.registry import Blame, Calculator, Given


def read_amount(text: str) -> tuple[Decimal, AmountUnit]:
    """Return a mass (in mg) or a volume (in mL) of a component."""
    try:
        return fields.read_mass(text), AmountUnit.MG
    except Refusal:
        return fields.read_volume(text), AmountUnit.ML


class BatchForm(sheets.BenchForm):
    """A batch of drops, but for where its active comes from."""

    headings = {
        **sheets.BenchForm.headings,
        "name": gettext_lazy("Active"),
        "others": gettext_lazy("Other components"),
        "drops": gettext_lazy("Dropper and doses"),
    }

    together: ClassVar[tuple[tuple[str, ...], ...]] = (("drops", "drops_volume"),)
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


_ACTIVE = ("name", "strength", "bottles", "label_volume", "fill_volume", "overage")
_REST = ("solubility", "others", "vehicle", "suspends", "drops", "drops_volume", "doses")


class WorksheetForm(ConversionForm, CertificateForm, BatchForm):
    """A batch of drops from powder as it is."""

    headings = {**BatchForm.headings, **CertificateForm.headings}
    together = (*ConversionForm.together, *BatchForm.together)
    field_order = (
        *_ACTIVE,
        *CertificateForm.base_fields,
        *ConversionForm.base_fields,
        *_REST,
        "drop_limit",
    )


class FromTriturateForm(BatchForm, sheets.StockTriturateForm):
    """A batch of drops from a stock triturate."""

    substance = fields.words(gettext_lazy("Substance of the strength"))
    field_order = (*_ACTIVE, "substance", "triturate", "error", "mixing", *_REST, "drop_limit")


def worksheet(given: Given) -> Answer:
    """Return the worksheet of a batch of drops, worked out twice."""
    active = LiquidActive(
        key="active",
        name=given["name"],
        strength_mg_per_ml=given["strength"],
        certificate=certificate_of(given),
        conversion=conversion_of(given),
        solubility_mg_per_ml=given["solubility"],
    )
    return _planned(given, actives=(active,), cap_assay_at_100=given["cap"] == "yes")


def worksheet_from_triturate(given: Given) -> Answer:
    """Return the worksheet of a batch of drops from a triturate, worked out twice."""
    active = LiquidTriturate(
        key="active",
        name=given["name"],
        strength_mg_per_ml=given["strength"],
        triturate_pct=given["triturate"],
        error_pct=given["error"],
        solubility_mg_per_ml=given["solubility"],
        substance=given["substance"],
    )
    return _planned(
        given, triturates=(active,), triturate_pct=given["mixing"], cap_assay_at_100=False
    )


def _planned(
    given: Given,
    *,
    actives: tuple[LiquidActive, ...] = (),
    triturates: tuple[LiquidTriturate, ...] = (),
    triturate_pct: Decimal | None = None,
    cap_assay_at_100: bool,
) -> Answer:
    inputs = DropsInputs(
        bottles=given["bottles"],
        label_volume_ml=given["label_volume"],
        fill_volume_ml=given["fill_volume"],
        process_overage_pct=given["overage"],
        actives=actives,
        triturates=triturates,
        excipients=tuple(
            LiquidExcipient(key=f"other-{number}", name=name, amount_per_100_ml=amount, unit=unit)
            for number, (name, (amount, unit)) in enumerate(given["others"] or (), 1)
        ),
        vehicle=Vehicle(key="vehicle", name=given["vehicle"], suspends=given["suspends"]),
        container=Container(key="bottle", name=_("Bottle")),
        dropper=_dropper(given),
        doses_mg=tuple(dose for (dose,) in given["doses"] or ()),
        cap_assay_at_100=cap_assay_at_100,
        minimum_weighable_mg=given["minimum"],
        weighing_tolerance_pct=given["tolerance"],
        weigh_to_mg=given["weigh_to"],
        drop_error_limit_pct=given["drop_limit"],
        bench=BenchTolerances(
            balance_mg=given["balance"],
            measure_ml=given["measure"],
            drop_pct=given["drop_spread"],
            syringe_ml=given["syringe"],
            triturate_pct=triturate_pct,
        ),
    )
    sheet = plan_drops_worksheet(inputs)
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


def _dropper(given: Given) -> DropperCalibration | None:
    if given["drops"] is None:
        return None
    return DropperCalibration(drops_counted=given["drops"], volume_ml=given["drops_volume"])


_BATCH = {
    **sheets.BENCH_EXAMPLE,
    "strength": "1 mg/mL",
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
}
_DEFAULTS: dict[str, Source] = {
    **sheets.BENCH_DEFAULTS,
    "drops": drops_counted,
    "drops_volume": drops_volume,
    "drop_limit": Policy("drop_error_flag_pct"),
    "solubility": solubility("naltrexone hydrochloride"),
}
_BLAME: Blame = {
    **sheets.BLAME,
    FillBelowLabel: "fill_volume",
    CalibrationIncomplete: "drops_volume",
    LessThanOneDrop: "doses",
    NoRoomForVehicle: "others",
}

FROM_POWDER = Calculator(
    key="liquid-worksheet",
    title=gettext_lazy("Worksheet of a batch of drops"),
    purpose=gettext_lazy(
        "Powder, other components and vehicle with overfill, worked out twice, with a table of doses."
    ),
    form=WorksheetForm,
    work_out=worksheet,
    example={
        **_BATCH,
        **CERTIFICATE_EXAMPLE,
        "name": "naltrexone hydrochloride",
        "bottles": "6",
    },
    defaults={**_DEFAULTS, "cap": CAP},
    blame=_BLAME,
)

FROM_TRITURATE = Calculator(
    key="liquid-from-triturate-worksheet",
    title=gettext_lazy("Worksheet of drops from a triturate"),
    purpose=gettext_lazy(
        "A batch of drops whose active is too little to weigh and comes as a triturate."
    ),
    form=FromTriturateForm,
    work_out=worksheet_from_triturate,
    example={
        **_BATCH,
        "name": "naltrexone hydrochloride 10% triturate",
        "substance": "naltrexone hydrochloride",
        "bottles": "1",
        "others": "ascorbic acid; 0.5 g\nglycerin; 20 mL",
        "triturate": "10",
        "error": "3",
        "mixing": "1",
    },
    defaults=_DEFAULTS,
    blame=_BLAME,
)
