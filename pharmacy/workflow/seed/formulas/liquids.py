"""Liquids: naltrexone drops in water and in oil, and an oral suspension of allopurinol."""

from decimal import Decimal

from pharmacy.formulations.actions import CheckDraft, FormulaDraft, LineDraft, StepDraft
from pharmacy.formulations.models import (
    BudClass,
    DosageForm,
    LineRole,
    QualityTest,
    StepEntry,
    StorageCondition,
)
from pharmacy.workflow.seed.formulas.parts import (
    CLASS_SOURCE,
    DUST,
    GLOVES,
    POWDER_HAZARD,
    ROOM,
    appearance,
    clean_bench,
    volume_and_closure,
    weigh,
)
from pharmacy.workflow.seed.substances import ALLOPURINOL, NALTREXONE, Shelf

D = Decimal

_CALCULATIONS = (
    "Powder = strength × volume ÷ potency factor of the lot. Volume = bottles × fill volume with overage. "
    "Made up to volume, never by adding a measured vehicle."
)

_EQUIPMENT = (
    "Balance within its calibration",
    "Graduated cylinders",
    "Beaker and stirrer",
    "Measure to 0.1 mL for the volumes",
)

_SHAKEN = CheckDraft(
    kind=QualityTest.MIXING,
    procedure="Let a bottle stand for an hour, then turn it over ten times.",
    expected="What has settled is even again: no cake at the bottom, no clear layer.",
)


def ldn_drops(shelf: Shelf) -> FormulaDraft:
    """Return preserved naltrexone drops in water and glycerin."""
    item = shelf.ingredients
    return FormulaDraft(
        code="ldn-drops",
        name="Naltrexone hydrochloride drops",
        dosage_form=DosageForm.DROPS,
        route="under the tongue",
        strength_substance=shelf.substances[NALTREXONE],
        strength_unit="mg/mL",
        strength_min=D("0.5"),
        strength_max=D(5),
        strength_step=D("0.5"),
        strengths_offered=(D(1),),
        overage_pct=D(2),
        package_ml=D(30),
        fill_ml=D(31),
        container_closure="Amber glass bottle of 30 mL with a child-resistant dropper cap",
        physical_description="Clear, colorless to faintly yellow liquid",
        expected_traits=(
            "Clear liquid without particles",
            "Colorless to faintly yellow",
            "Nothing settled, no crystals",
            "No foam after standing",
        ),
        bud_class=BudClass.AQUEOUS_PRESERVED,
        bud_reference=(
            f"{CLASS_SOURCE} Fawcett, Morgan, Woods, Ann Pharmacother 1997;31:1291-5: "
            "1 mg/mL kept 90 days at 4 °C and 25 °C; they advise 60 days at 4 °C and 30 days at 25 °C in the dark. "
            "Without evidence of antimicrobial effectiveness (USP <51>) the limit of the class is not extended."
        ),
        storage_condition=StorageCondition.REFRIGERATOR,
        storage="In the refrigerator, 2 °C to 8 °C, away from light",
        label_instructions=("Measure with the oral syringe.",),
        calculations=f"{_CALCULATIONS} Drops from the calibration of this dropper.",
        equipment=_EQUIPMENT,
        notes=(
            "Composition after Fawcett 1997: naltrexone 100 mg, ascorbic acid 500 mg, sodium benzoate 0.1 g, "
            "glycerol 20 mL, water to 100 mL. Published for swallowing; no stability-tested formula for use under "
            "the tongue was found. The powder is bitter and needs no suspending agent: it dissolves to 100 mg/mL."
        ),
        lines=(
            LineDraft(
                ingredient=item["naltrexone hydrochloride"], role=LineRole.ACTIVE, key="naltrexone"
            ),
            _excipient(shelf, "ascorbic acid", "ascorbic_acid", D(500)),
            _excipient(shelf, "sodium benzoate", "benzoate", D(100)),
            _excipient(shelf, "glycerin", "glycerin", D(20)),
            LineDraft(ingredient=item["purified water"], role=LineRole.VEHICLE, key="water"),
            _bottle(shelf, "30 mL dropper bottle"),
        ),
        steps=_DROPS_STEPS,
        checks=(*volume_and_closure("30"), appearance("Every trait as described.")),
    )


def ldn_oil_drops(shelf: Shelf) -> FormulaDraft:
    """Return naltrexone suspended in oil: nothing dissolves, so every dose is shaken first."""
    item = shelf.ingredients
    return FormulaDraft(
        code="ldn-oil-drops",
        name="Naltrexone hydrochloride oil drops",
        dosage_form=DosageForm.DROPS,
        route="under the tongue",
        strength_substance=shelf.substances[NALTREXONE],
        strength_unit="mg/mL",
        strength_min=D("0.5"),
        strength_max=D(5),
        strength_step=D("0.5"),
        strengths_offered=(D(1),),
        overage_pct=D(3),
        package_ml=D(30),
        fill_ml=D(31),
        container_closure="Amber glass bottle of 30 mL with a child-resistant dropper cap",
        physical_description="White to off-white suspension in a clear, nearly colorless oil",
        expected_traits=(
            "Evenly cloudy after shaking, without lumps",
            "White to off-white",
            "No water drops, no separate layer",
            "Smells of nothing, not rancid",
        ),
        bud_class=BudClass.NONAQUEOUS_LIQUID,
        water_activity_basis=(
            "Like the oil-based oral liquid in the chapter's table of water activities; no water goes in; "
            "to be confirmed in the pharmacy's own copy"
        ),
        bud_reference=f"{CLASS_SOURCE} No stability study of naltrexone in oil was found.",
        storage=ROOM,
        label_instructions=(
            "Shake well before each dose.",
            "Measure with the oral syringe.",
        ),
        calculations=f"{_CALCULATIONS} Drops from the calibration of this dropper with the shaken suspension.",
        equipment=(*_EQUIPMENT, "Mortar and pestle", "100 mesh sieve"),
        notes=(
            "A salt does not dissolve in oil: this is a suspension. A pharmacist confirms before the first batch: the "
            "amount of colloidal silicon dioxide (0.5 g in 100 mL keeps the powder from settling fast), and that "
            "ten turns make it even again. For a patient who cannot have the preservative of the drops in water."
        ),
        lines=(
            LineDraft(
                ingredient=item["naltrexone hydrochloride"], role=LineRole.ACTIVE, key="naltrexone"
            ),
            _excipient(shelf, "colloidal silicon dioxide", "silica", D(500)),
            LineDraft(
                ingredient=item["medium-chain triglyceride oil"], role=LineRole.VEHICLE, key="oil"
            ),
            _bottle(shelf, "30 mL dropper bottle"),
        ),
        steps=_OIL_STEPS,
        checks=(*volume_and_closure("30"), appearance("Every trait as described."), _SHAKEN),
    )


def allopurinol_suspension(shelf: Shelf) -> FormulaDraft:
    """Return the published suspension of allopurinol, made of the powder."""
    return FormulaDraft(
        code="allopurinol-suspension",
        name="Allopurinol oral suspension",
        dosage_form=DosageForm.SUSPENSION,
        route="by mouth",
        strength_substance=shelf.substances[ALLOPURINOL],
        strength_unit="mg/mL",
        strength_min=D(20),
        strength_max=D(20),
        strength_step=D(20),
        strengths_offered=(D(20),),
        overage_pct=D(2),
        package_ml=D(100),
        fill_ml=D(102),
        container_closure="Amber bottle of 100 mL with a child-resistant cap; tight",
        physical_description="White to off-white, evenly cloudy suspension of a syrup's thickness",
        expected_traits=(
            "Evenly cloudy after shaking, without lumps",
            "White to off-white",
            "No crystals, no cake at the bottom",
            "Smells of its flavor alone",
        ),
        bud_class=BudClass.AQUEOUS_PRESERVED,
        bud_reference=(
            f"{CLASS_SOURCE} The monograph Allopurinol Oral Suspension allows 60 days for the preparation from "
            "tablets; Allen, Erickson, Am J Health Syst Pharm 1996;53:1944-9 found 94 % or more after 60 days at "
            "5 °C and 25 °C. This one is made of the powder, so the limit of the class stands."
        ),
        storage=ROOM,
        label_instructions=("Shake well before each dose.",),
        calculations=_CALCULATIONS,
        equipment=(*_EQUIPMENT, "Mortar and pestle", "pH meter within its calibration"),
        notes=(
            "After the monograph: allopurinol 2 g, glycerin 5 mL, vehicle for oral suspension 45 mL, vehicle for oral "
            "solution to 100 mL, the pH adjusted if necessary. A pharmacist confirms which vehicles are stocked and "
            "what they contain, and the pH in them: the study in commercial vehicles found 3.2 to 4.3."
        ),
        lines=_suspension_lines(shelf),
        steps=_SUSPENSION_STEPS,
        checks=(
            *volume_and_closure("100"),
            appearance("Every trait as described."),
            CheckDraft(
                kind=QualityTest.PH,
                procedure="Measure the pH of the shaken suspension; adjust it before making up to volume.",
                expected="As the monograph asks.",
                lowest=D("6.5"),
                highest=D("7.5"),
            ),
            _SHAKEN,
        ),
    )


def _suspension_lines(shelf: Shelf) -> tuple[LineDraft, ...]:
    item = shelf.ingredients
    return (
        LineDraft(ingredient=item["allopurinol"], role=LineRole.ACTIVE, key="allopurinol"),
        _excipient(shelf, "glycerin", "glycerin", D(5)),
        _excipient(shelf, "suspending vehicle", "suspending_vehicle", D(45)),
        LineDraft(ingredient=item["syrup vehicle"], role=LineRole.VEHICLE, key="syrup"),
        _bottle(shelf, "100 mL bottle"),
    )


def _excipient(shelf: Shelf, name: str, key: str, amount: Decimal) -> LineDraft:
    return LineDraft(
        ingredient=shelf.ingredients[name], role=LineRole.EXCIPIENT, key=key, amount=amount
    )


def _bottle(shelf: Shelf, name: str) -> LineDraft:
    return LineDraft(
        ingredient=shelf.ingredients[name], role=LineRole.CONTAINER, key="bottles", amount=D(1)
    )


def _made_up(vehicle: str) -> StepDraft:
    return StepDraft(
        text=f"Make up with {vehicle} and mix.",
        is_critical=True,
        timer_seconds=300,
        check_text="Volume read at the mark",
        entry=StepEntry.NUMBER,
        entry_unit="mL",
        protective_equipment=GLOVES,
    )


_FILL = StepDraft(
    text="Fill {bottles}, {fill} in each, and close them at once.", protective_equipment=GLOVES
)
_LOOK = StepDraft(
    text="Look at every bottle, turn it over, read its volume.",
    is_critical=True,
    protective_equipment=GLOVES,
)

_DROPS_STEPS = (
    clean_bench("balance, measures, bottles and bench"),
    weigh("Weigh {naltrexone}, {ascorbic_acid} and {benzoate}."),
    StepDraft(
        text=(
            "Dissolve {benzoate} in about half of the water, then {ascorbic_acid}. The whole is to become {batch}."
        ),
        protective_equipment=GLOVES,
    ),
    StepDraft(
        text="Dissolve {naltrexone} in this solution.",
        is_critical=True,
        check_text="The solution is clear",
        entry=StepEntry.CONFIRM,
        protective_equipment=GLOVES,
    ),
    StepDraft(
        text="Measure {glycerin}, add it and mix until the liquid is even.",
        protective_equipment=GLOVES,
    ),
    _made_up("{water}"),
    _FILL,
    _LOOK,
    StepDraft(text="Label the bottles and put them into the refrigerator."),
)

_OIL_STEPS = (
    clean_bench("balance, mortar, measures, bottles and bench"),
    weigh("Weigh {naltrexone} and {silica}."),
    StepDraft(
        text="Rub the powders together finely and pass them through a 100 mesh sieve.",
        is_critical=True,
        timer_seconds=180,
        hazard=POWDER_HAZARD,
        protective_equipment=DUST,
    ),
    StepDraft(
        text=(
            "Wet the powder with a little of the oil to a smooth paste, then dilute it with oil, rinsing the mortar. "
            "The whole is to become {batch}. Let no water near it."
        ),
        is_critical=True,
        check_text="The paste was smooth before it was diluted",
        entry=StepEntry.CONFIRM,
        protective_equipment=GLOVES,
    ),
    _made_up("{oil}"),
    StepDraft(
        text="Stir while filling {bottles}, {fill} in each, and close them at once.",
        is_critical=True,
        check_text="It was stirred to the last bottle",
        entry=StepEntry.CONFIRM,
        protective_equipment=GLOVES,
    ),
    _LOOK,
    StepDraft(text="Label the bottles: shake well before each dose."),
)

_SUSPENSION_STEPS = (
    clean_bench("balance, mortar, measures, bottles and bench"),
    weigh("Weigh {allopurinol}."),
    StepDraft(
        text="Rub it finely with {glycerin} to a smooth paste.",
        is_critical=True,
        timer_seconds=180,
        check_text="The paste is smooth, without grains",
        entry=StepEntry.CONFIRM,
        hazard=POWDER_HAZARD,
        protective_equipment=DUST,
    ),
    StepDraft(
        text="Add {suspending_vehicle} in portions, mixing each time. Rinse into the measure.",
        protective_equipment=GLOVES,
    ),
    StepDraft(
        text="Measure the pH and adjust it if necessary.",
        is_critical=True,
        check_text="pH before making up to volume",
        entry=StepEntry.NUMBER,
        protective_equipment=GLOVES,
    ),
    _made_up("{syrup}"),
    StepDraft(
        text="Stir while filling {bottles}, {fill} in each, and close them at once.",
        is_critical=True,
        check_text="It was stirred to the last bottle",
        entry=StepEntry.CONFIRM,
        protective_equipment=GLOVES,
    ),
    _LOOK,
    StepDraft(text="Label the bottles: shake well before each dose."),
)
