"""Capsules: low-dose naltrexone, by powder or by triturate, and ketotifen."""

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
    GLOVES,
    POWDER_FILLED,
    POWDER_HAZARD,
    ROOM,
    appearance,
    clean_bench,
    weigh,
)
from pharmacy.workflow.seed.substances import KETOTIFEN, NALTREXONE, Shelf

D = Decimal

_TRAITS = (
    "Clear capsules of size 3, closed and locked",
    "White to off-white powder of one color",
    "No cracks, dents or gaps",
    "No powder on the outside",
)

_EQUIPMENT = (
    "Balance within its calibration",
    "Mortar and pestle",
    "60 mesh sieve",
    "Capsule machine for size 3 with tamper",
    "Spatula",
    "Weighing papers",
)

_CALCULATIONS = (
    "Powder = strength ÷ potency factor of the lot, converted by molecular weight where the powder is another form. "
    "Filler = (1 − Σ powder ÷ its pack statistic) × pack statistic of the filler. Everything × units with overage."
)

_CHECKS = (
    CheckDraft(
        kind=QualityTest.FILL_WEIGHT,
        procedure="Weigh ten capsules one by one and subtract the mean shell.",
        expected=(
            "Single weights, mean and spread within the pharmacy's policies. "
            "The weight shows an even fill, not the content."
        ),
    ),
    appearance("Every trait as described."),
    CheckDraft(
        kind=QualityTest.MIXING,
        procedure="Spread a little of the blend thinly under a strong light before filling.",
        expected="One color without specks or streaks.",
    ),
)


def ldn_capsules(shelf: Shelf) -> FormulaDraft:
    """Return naltrexone capsules in microcrystalline cellulose; small batches by the 1% or the 10% triturate."""
    item = shelf.ingredients
    return FormulaDraft(
        code="ldn-capsules",
        name="Naltrexone hydrochloride capsules",
        dosage_form=DosageForm.CAPSULE,
        route="by mouth",
        strength_substance=shelf.substances[NALTREXONE],
        strength_unit="mg",
        strength_min=D("0.1"),
        strength_max=D(10),
        strength_step=D("0.05"),
        strengths_offered=(D("0.5"), D(1), D("1.5"), D(3), D("4.5")),
        overage_pct=D(3),
        container_closure="Amber polypropylene vial with a child-resistant cap; tight, light-resistant",
        physical_description="Clear capsules of size 3 with a white to off-white powder",
        expected_traits=_TRAITS,
        bud_class=BudClass.NONAQUEOUS_OTHER,
        water_activity_basis=POWDER_FILLED,
        bud_reference=(
            f"{CLASS_SOURCE} Cote, Ross, Fortner, Rao, IJPC 2018;22(3):252-256 found "
            "90 to 110 % for 360 days at room temperature in the dark; the limit of the class stands all the same."
        ),
        storage=ROOM,
        calculations=(
            f"{_CALCULATIONS} By a triturate: powder = strength ÷ its strength; it was corrected for potency "
            "when it was made, and is not corrected again."
        ),
        equipment=_EQUIPMENT,
        notes=(
            "Immediate release: microcrystalline cellulose without calcium carbonate and without a slow-release "
            "grade of hypromellose. Published as a geometric blend in Avicel PH-105, US Pharm 2020;45(3):9-10. "
            "Where the balance cannot weigh the powder of a small batch, a triturate stands in for it."
        ),
        lines=(
            *_lines(shelf, "naltrexone hydrochloride", "naltrexone"),
            *(
                LineDraft(
                    ingredient=item[f"naltrexone hydrochloride {percent}% triturate"],
                    role=LineRole.ACTIVE,
                    key="naltrexone",
                    is_alternative=True,
                )
                for percent in (1, 10)
            ),
        ),
        steps=_steps("{naltrexone}"),
        checks=_CHECKS,
    )


def ketotifen_capsules(shelf: Shelf) -> FormulaDraft:
    """Return ketotifen capsules: the strength is of the base, the powder is its fumarate."""
    return FormulaDraft(
        code="ketotifen-capsules",
        name="Ketotifen capsules",
        dosage_form=DosageForm.CAPSULE,
        route="by mouth",
        strength_substance=shelf.substances[KETOTIFEN],
        strength_unit="mg",
        strength_min=D("0.25"),
        strength_max=D(6),
        strength_step=D("0.25"),
        strengths_offered=(D("0.5"), D(1), D(2)),
        overage_pct=D(3),
        container_closure="Amber polypropylene vial with a child-resistant cap; tight, light-resistant",
        physical_description="Clear capsules of size 3 with a white to pale beige powder",
        expected_traits=_TRAITS,
        bud_class=BudClass.NONAQUEOUS_OTHER,
        water_activity_basis=POWDER_FILLED,
        bud_reference=f"{CLASS_SOURCE} No study of this formula is on file.",
        storage=ROOM,
        label_instructions=("May cause drowsiness.",),
        calculations=_CALCULATIONS,
        equipment=_EQUIPMENT,
        notes=(
            "The strength is of ketotifen; the powder is its fumarate: 1.375 mg of the fumarate hold 1 mg of ketotifen "
            "(molecular weights from NCATS Inxight Drugs). No oral ketotifen is sold in the United States."
        ),
        lines=_lines(shelf, "ketotifen fumarate", "ketotifen"),
        steps=_steps("{ketotifen}"),
        checks=_CHECKS,
    )


def _lines(shelf: Shelf, active: str, key: str) -> tuple[LineDraft, ...]:
    item = shelf.ingredients
    return (
        LineDraft(ingredient=item[active], role=LineRole.ACTIVE, key=key),
        LineDraft(ingredient=item["microcrystalline cellulose"], role=LineRole.FILLER, key="mcc"),
        LineDraft(
            ingredient=item["hypromellose capsule"], role=LineRole.SHELL, key="shells", amount=D(1)
        ),
        LineDraft(ingredient=item["60 mL vial"], role=LineRole.CONTAINER, key="vial", amount=D(1)),
    )


def _steps(active: str) -> tuple[StepDraft, ...]:
    return (
        clean_bench("balance, capsule machine and bench"),
        weigh(f"Weigh {active} and {{mcc}}, each on its own paper."),
        StepDraft(
            text="Pass the powders through a 60 mesh sieve, the active first.",
            hazard=POWDER_HAZARD,
            protective_equipment=DUST,
        ),
        StepDraft(
            text=(
                f"Triturate {active} with as much of the filler. Go on adding as much filler as is in the "
                "mortar until all {mcc} are in, mixing each time until the color is even."
            ),
            is_critical=True,
            timer_seconds=600,
            check_text="The blend is of one color, without specks",
            entry=StepEntry.CONFIRM,
            hazard=POWDER_HAZARD,
            protective_equipment=DUST,
        ),
        StepDraft(
            text="Load {shells} into the machine and open them.", protective_equipment=GLOVES
        ),
        StepDraft(
            text="Spread the powder evenly over the shells, tamping until all of it is in: {fill} in each.",
            is_critical=True,
            check_text="No powder is left over, no shell is short",
            entry=StepEntry.CONFIRM,
            protective_equipment=DUST,
        ),
        StepDraft(
            text="Close and lock the capsules, then polish them.", protective_equipment=GLOVES
        ),
        StepDraft(
            text="Weigh ten capsules one by one, and look at all {units}.",
            is_critical=True,
            protective_equipment=GLOVES,
        ),
        StepDraft(text="Count the capsules into containers and label them."),
    )
