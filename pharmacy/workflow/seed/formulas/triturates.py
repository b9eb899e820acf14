"""Triturates: naltrexone diluted for batches too small to weigh. They are made for the shelf, not for patients."""

from decimal import Decimal

from pharmacy.formulations.actions import CheckDraft, FormulaDraft, LineDraft, StepDraft
from pharmacy.formulations.models import (
    BudClass,
    DosageForm,
    LineRole,
    QualityTest,
    StepEntry,
)
from pharmacy.workflow.seed.formulas.parts import (
    CLASS_SOURCE,
    DUST,
    POWDER_HAZARD,
    ROOM,
    appearance,
    clean_bench,
    weigh,
)
from pharmacy.workflow.seed.substances import NALTREXONE, Shelf

D = Decimal


def naltrexone_triturate(shelf: Shelf, *, percent: int) -> FormulaDraft:
    """Return the triturate of so many percent in microcrystalline cellulose; its units are grams."""
    strength, item = D(percent), shelf.ingredients
    return FormulaDraft(
        code=f"naltrexone-triturate-{percent}",
        name=f"Naltrexone hydrochloride {percent}% triturate",
        dosage_form=DosageForm.TRITURATE,
        route="for compounding only",
        strength_substance=shelf.substances[NALTREXONE],
        strength_unit="%",
        strength_min=strength,
        strength_max=strength,
        strength_step=strength,
        strengths_offered=(strength,),
        overage_pct=D(0),
        container_closure="Amber jar with a screw cap; tight, light-resistant",
        physical_description="White to off-white powder of one color",
        expected_traits=(
            "White to off-white powder of one color",
            "No specks, streaks or lumps",
            "Dry and freely moving",
        ),
        bud_class=BudClass.NONAQUEOUS_OTHER,
        water_activity_basis=(
            "Dry powder, like the powder-filled capsule in the chapter's table of water activities; "
            "to be confirmed in the pharmacy's own copy"
        ),
        bud_reference=(
            f"{CLASS_SOURCE} Cote, Ross, Fortner, Rao, IJPC 2018;22(3):252-256 studied the same two powders."
        ),
        storage=ROOM,
        label_instructions=(
            "For compounding only. Not for patients.",
            "Corrected for potency: count it at its labeled strength.",
        ),
        calculations=(
            "Powder = grams × strength ÷ potency factor of the lot; diluent q.s. to the mass of the batch. Corrected "
            "for potency here, once: whoever uses the triturate counts it at its labeled strength."
        ),
        equipment=(
            "Balance within its calibration",
            "Mortar and pestle",
            "60 mesh sieve",
            "Spatula",
            "Weighing papers",
        ),
        makes=item[f"naltrexone hydrochloride {percent}% triturate"],
        notes=(
            "Geometric dilution: each portion of diluent as large as what is in the mortar. Stock triturates, their "
            "records and their labels are customary in compounding (Newton, IJPC 2001). A pharmacist decides before "
            "the first use whether an assay of the triturate is wanted."
        ),
        lines=_lines(shelf),
        steps=_STEPS,
        checks=_CHECKS,
    )


def _lines(shelf: Shelf) -> tuple[LineDraft, ...]:
    item = shelf.ingredients
    return (
        LineDraft(
            ingredient=item["naltrexone hydrochloride"], role=LineRole.ACTIVE, key="naltrexone"
        ),
        LineDraft(ingredient=item["microcrystalline cellulose"], role=LineRole.FILLER, key="mcc"),
        LineDraft(ingredient=item["120 mL jar"], role=LineRole.CONTAINER, key="jar", amount=D(1)),
    )


_STEPS = (
    clean_bench("balance, mortar and bench"),
    weigh("Weigh {naltrexone} and {mcc}, each on its own paper."),
    StepDraft(
        text="Pass both powders through a 60 mesh sieve, the active first.",
        hazard=POWDER_HAZARD,
        protective_equipment=DUST,
    ),
    StepDraft(
        text=(
            "Triturate {naltrexone} with as much of the diluent. Go on adding as much diluent as is in the mortar "
            "until all {mcc} are in, mixing each portion for two minutes."
        ),
        is_critical=True,
        timer_seconds=120,
        check_text="Each portion was as large as what was in the mortar",
        entry=StepEntry.CONFIRM,
        hazard=POWDER_HAZARD,
        protective_equipment=DUST,
    ),
    StepDraft(
        text="Pass the triturate through the sieve once more and mix it again.",
        timer_seconds=300,
        hazard=POWDER_HAZARD,
        protective_equipment=DUST,
    ),
    StepDraft(
        text="Weigh the finished triturate of {batch}.",
        is_critical=True,
        check_text="Mass of the finished triturate",
        entry=StepEntry.NUMBER,
        entry_unit="g",
        protective_equipment=DUST,
    ),
    StepDraft(text="Fill it into the jar, close it and label it {strength}."),
)

_CHECKS = (
    appearance("Every trait as described."),
    CheckDraft(
        kind=QualityTest.MIXING,
        procedure="Spread a sample from the top, the middle and the bottom thinly under a strong light.",
        expected="The three look alike: one color without specks or streaks.",
    ),
    CheckDraft(
        kind=QualityTest.OTHER,
        procedure="Weigh the finished triturate.",
        expected="The mass of the batch, less what the sieve kept.",
    ),
)
