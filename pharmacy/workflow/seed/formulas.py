"""The master formulation records that the demonstration pharmacy starts with: two of naltrexone, one that is not."""

from datetime import datetime
from decimal import Decimal

from pharmacy.formulations.actions import (
    FormulaDraft,
    LineDraft,
    StepDraft,
    approve_formula,
    draft_formula,
)
from pharmacy.formulations.models import (
    BudClass,
    DosageForm,
    LineRole,
    MasterFormulationRecord,
)
from pharmacy.people.actors import Actor
from pharmacy.workflow.seed.substances import KETOTIFEN, NALTREXONE, Shelf

D = Decimal

_CAPSULE_TRAITS = (
    "Clear capsules of size 3, closed and locked",
    "White to off-white powder of one color",
    "No cracks, dents or gaps",
    "No powder on the outside",
)

_CAPSULE_STEPS = (
    StepDraft(text="Check that balance, capsule machine and bench are clean and dry."),
    StepDraft(
        text="Weigh every powder against its limits, each on its own paper.", is_critical=True
    ),
    StepDraft(text="Pass the powders through a 60 mesh sieve, the active first."),
    StepDraft(
        text=(
            "Triturate the active with as much filler as there is active. Go on adding as much filler as is "
            "in the mortar until all of it is in, mixing each time until the color is even."
        ),
        is_critical=True,
    ),
    StepDraft(text="Load the shells into the machine and open them."),
    StepDraft(text="Spread the powder evenly over the shells, tamping until all of it is in."),
    StepDraft(text="Close and lock the capsules, then polish them."),
    StepDraft(text="Weigh ten capsules one by one, and look at all of them.", is_critical=True),
    StepDraft(text="Count the capsules into containers and label them."),
)

_DROPS_STEPS = (
    StepDraft(text="Check that balance, measures and bench are clean, and the bottles dry."),
    StepDraft(text="Weigh every powder against its limits.", is_critical=True),
    StepDraft(
        text="Dissolve the sodium benzoate in about half of the water, then the ascorbic acid."
    ),
    StepDraft(text="Dissolve the naltrexone hydrochloride in this solution.", is_critical=True),
    StepDraft(text="Measure the glycerin, add it and mix until the liquid is even."),
    StepDraft(
        text="Make up to the volume of the batch with purified water (q.s. ad) and mix.",
        is_critical=True,
    ),
    StepDraft(text="Fill the bottles, each to its fill volume, and close them at once."),
    StepDraft(text="Look at every bottle, turn it over, read its volume.", is_critical=True),
    StepDraft(text="Label the bottles and put them into the refrigerator."),
)

_CAPSULE_EQUIPMENT = (
    "Balance within its calibration; mortar and pestle; 60 mesh sieve; capsule machine for size 3 with tamper; "
    "spatula; weighing papers."
)

_CAPSULE_CALCULATIONS = (
    "Powder = strength ÷ potency factor of the lot, converted by molecular weight where the powder is another form. "
    "Filler = (1 − Σ powder ÷ its pack statistic) × pack statistic of the filler. Everything × units with overage."
)

_CAPSULE_QUALITY = (
    "Ten capsules weighed one by one, within the limits of the pharmacy's policies for single weight, mean and spread. "
    "The weight shows an even fill, not the content. Appearance trait by trait."
)


def seed_formulas(shelf: Shelf, *, author: Actor, approver: Actor, at: datetime) -> None:
    """Draft and approve each formula of which no version exists."""
    for draft in (_ldn_capsules(shelf), _ldn_drops(shelf), _ketotifen_capsules(shelf)):
        if not MasterFormulationRecord.objects.filter(code=draft.code).exists():
            formula = draft_formula(draft=draft, by=author, at=at)
            approve_formula(formula=formula, by=approver, at=at)


def _ldn_capsules(shelf: Shelf) -> FormulaDraft:
    return FormulaDraft(
        code="ldn-capsules",
        name="Naltrexone hydrochloride capsules",
        dosage_form=DosageForm.CAPSULE,
        route="by mouth",
        strength_substance=shelf.substances[NALTREXONE],
        strength_unit="mg",
        strength_min=D("0.1"),
        strength_max=D(10),
        strengths_offered=(D("0.5"), D(1), D("1.5"), D(3), D("4.5")),
        overage_pct=D(3),
        container_closure="Amber polypropylene vial with a child-resistant cap; tight, light-resistant",
        physical_description="Clear capsules of size 3 with a white to off-white powder",
        expected_traits=_CAPSULE_TRAITS,
        bud_class=BudClass.NONAQUEOUS_OTHER,
        bud_reference=(
            "USP <795> (2023), limits by type of preparation. Cote, Ross, Fortner, Rao, IJPC 2018;22(3):252-256 found "
            "90 to 110 % for 360 days at room temperature in the dark; the limit of the class stands all the same."
        ),
        storage="At room temperature, 20 °C to 25 °C, dry and away from light",
        label_instructions=(),
        calculations=_CAPSULE_CALCULATIONS,
        equipment=_CAPSULE_EQUIPMENT,
        quality_control=_CAPSULE_QUALITY,
        notes=(
            "Immediate release: microcrystalline cellulose without calcium carbonate and without a slow-release "
            "grade of hypromellose. Published as a geometric blend in Avicel PH-105, US Pharm 2020;45(3):9-10."
        ),
        lines=_capsule_lines(shelf, "naltrexone hydrochloride"),
        steps=_CAPSULE_STEPS,
    )


def _ldn_drops(shelf: Shelf) -> FormulaDraft:
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
            "USP <795> (2023), limits by type of preparation. Fawcett, Morgan, Woods, Ann Pharmacother 1997;31:1291-5: "
            "1 mg/mL kept 90 days at 4 °C and 25 °C; they advise 60 days at 4 °C and 30 days at 25 °C in the dark. "
            "Without evidence of antimicrobial effectiveness (USP <51>) the limit of the class is not extended."
        ),
        storage="In the refrigerator, 2 °C to 8 °C, away from light",
        label_instructions=("Measure with the oral syringe.",),
        calculations=(
            "Powder = strength × volume ÷ potency factor of the lot. Volume = bottles × fill volume with overage. "
            "Made up to volume, never by adding a measured vehicle. Drops from the calibration of this dropper."
        ),
        equipment=(
            "Balance within its calibration; graduated cylinders; beaker and stirrer; amber bottles; "
            "0.1 mL measure for the volumes."
        ),
        quality_control=(
            "Volume of every bottle, up to the number the policies sample: at least what the label says. "
            "Appearance trait by trait. Closure: no leak, cap locks, dropper whole."
        ),
        notes=(
            "Composition after Fawcett 1997: naltrexone 100 mg, ascorbic acid 500 mg, sodium benzoate 0.1 g, "
            "glycerol 20 mL, water to 100 mL. Published for swallowing; no stability-tested formula for use under "
            "the tongue was found. The powder is bitter and needs no suspending agent: it dissolves to 100 mg/mL."
        ),
        lines=(
            LineDraft(ingredient=item["naltrexone hydrochloride"], role=LineRole.ACTIVE),
            LineDraft(ingredient=item["ascorbic acid"], role=LineRole.EXCIPIENT, amount=D(500)),
            LineDraft(ingredient=item["sodium benzoate"], role=LineRole.EXCIPIENT, amount=D(100)),
            LineDraft(ingredient=item["glycerin"], role=LineRole.EXCIPIENT, amount=D(20)),
            LineDraft(ingredient=item["purified water"], role=LineRole.VEHICLE),
            LineDraft(
                ingredient=item["30 mL dropper bottle"], role=LineRole.CONTAINER, amount=D(1)
            ),
        ),
        steps=_DROPS_STEPS,
    )


def _ketotifen_capsules(shelf: Shelf) -> FormulaDraft:
    return FormulaDraft(
        code="ketotifen-capsules",
        name="Ketotifen capsules",
        dosage_form=DosageForm.CAPSULE,
        route="by mouth",
        strength_substance=shelf.substances[KETOTIFEN],
        strength_unit="mg",
        strength_min=D("0.25"),
        strength_max=D(6),
        strengths_offered=(D("0.5"), D(1), D(2)),
        overage_pct=D(3),
        container_closure="Amber polypropylene vial with a child-resistant cap; tight, light-resistant",
        physical_description="Clear capsules of size 3 with a white to pale beige powder",
        expected_traits=_CAPSULE_TRAITS,
        bud_class=BudClass.NONAQUEOUS_OTHER,
        bud_reference="USP <795> (2023), limits by type of preparation; no study of this formula is on file.",
        storage="At room temperature, 20 °C to 25 °C, dry and away from light",
        label_instructions=("May cause drowsiness.",),
        calculations=_CAPSULE_CALCULATIONS,
        equipment=_CAPSULE_EQUIPMENT,
        quality_control=_CAPSULE_QUALITY,
        notes=(
            "The strength is of ketotifen; the powder is its fumarate: 1.375 mg of the fumarate hold 1 mg of ketotifen "
            "(molecular weights from NCATS Inxight Drugs). No oral ketotifen is sold in the United States."
        ),
        lines=_capsule_lines(shelf, "ketotifen fumarate"),
        steps=_CAPSULE_STEPS,
    )


def _capsule_lines(shelf: Shelf, active: str) -> tuple[LineDraft, ...]:
    item = shelf.ingredients
    return (
        LineDraft(ingredient=item[active], role=LineRole.ACTIVE),
        LineDraft(ingredient=item["microcrystalline cellulose"], role=LineRole.FILLER),
        LineDraft(ingredient=item["hypromellose capsule"], role=LineRole.SHELL, amount=D(1)),
    )
