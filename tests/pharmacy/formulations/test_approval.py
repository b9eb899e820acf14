"""A formula is written by one person and approved by another, complete or not at all."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from pharmacy.audit.transitions import MoveNotAllowed, NotYourMove
from pharmacy.formulations.actions import (
    ApproverIsAuthor,
    CheckDraft,
    FormulaDraft,
    FormulaIncomplete,
    LineDraft,
    RetiringNeedsAReason,
    StepDraft,
    approve_formula,
    draft_formula,
    retire_formula,
)
from pharmacy.formulations.models import (
    BudClass,
    DosageForm,
    LineRole,
    MasterFormulationRecord,
    QualityTest,
    Substance,
)
from pharmacy.formulations.queries import (
    NoApprovedFormula,
    StrengthOutOfRange,
    approved_formula,
    approved_formulas,
    check_strength,
    missing_items,
)
from pharmacy.people.actors import NotYourRole
from tests.factories.lab import NOW, Lab

pytestmark = pytest.mark.django_db


CHECKS = (
    CheckDraft(kind=QualityTest.FILL_WEIGHT, procedure="Weigh ten.", expected="Within limits."),
    CheckDraft(kind=QualityTest.APPEARANCE, procedure="Look.", expected="White."),
)


def draft_of(here: Lab, **changes: Any) -> FormulaDraft:
    draft = FormulaDraft(
        code="test-capsules",
        name="Test capsules",
        dosage_form=DosageForm.CAPSULE,
        route="by mouth",
        strength_substance=Substance.objects.get(name="Naltrexone hydrochloride"),
        strength_unit="mg",
        strength_min=Decimal("0.1"),
        strength_max=Decimal(10),
        strength_step=Decimal("0.05"),
        strengths_offered=(Decimal("1.50"),),
        overage_pct=Decimal(3),
        container_closure="vial",
        physical_description="white",
        expected_traits=("white",),
        bud_class=BudClass.NONAQUEOUS_OTHER,
        bud_reference="USP <795>",
        water_activity_basis="Like the powder-filled capsule",
        storage="room temperature",
        calculations="see the worksheet",
        equipment=("balance",),
        checks=CHECKS,
        lines=(
            LineDraft(
                ingredient=here.ingredient("naltrexone hydrochloride"),
                role=LineRole.ACTIVE,
                key="naltrexone",
            ),
            LineDraft(
                ingredient=here.ingredient("microcrystalline cellulose"),
                role=LineRole.FILLER,
                key="mcc",
            ),
            LineDraft(
                ingredient=here.ingredient("hypromellose capsule"),
                role=LineRole.SHELL,
                key="shells",
                amount=Decimal(1),
            ),
        ),
        steps=(StepDraft(text="Mix {naltrexone} with {mcc}.", is_critical=True),),
    )
    return replace(draft, **changes)


def drafted(here: Lab, **changes: Any) -> MasterFormulationRecord:
    return draft_formula(draft=draft_of(here, **changes), by=here.pharmacist, at=NOW)


def test_a_complete_draft_is_approved_by_somebody_else(here: Lab) -> None:
    formula = approve_formula(formula=drafted(here), by=here.verifier, at=NOW)

    assert approved_formula("test-capsules") == formula
    assert (formula.version, formula.approved_by_id) == (1, here.verifier.user_id)
    assert formula.strengths_offered == ["1.5"]
    assert formula in approved_formulas()


def test_the_author_does_not_approve(here: Lab) -> None:
    with pytest.raises(ApproverIsAuthor, match="another pharmacist"):
        approve_formula(formula=drafted(here), by=here.pharmacist, at=NOW)


def test_a_technician_does_not_approve(here: Lab) -> None:
    with pytest.raises(NotYourMove):
        approve_formula(formula=drafted(here), by=here.technician, at=NOW)


def test_a_prescriber_does_not_write_formulas(here: Lab) -> None:
    prescriber = here.staff.actor(here.staff.prescriber)

    with pytest.raises(NotYourRole, match="not for a prescriber; ask a technician or pharmacist"):
        draft_formula(draft=draft_of(here), by=prescriber, at=NOW)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"checks": ()}, "no quality control of fill weight"),
        ({"equipment": ()}, "equipment"),
        ({"strength_step": None}, "step of the strengths"),
        ({"water_activity_basis": ""}, "water activity"),
        ({"bud_class": BudClass.AQUEOUS_NONPRESERVED}, "kept in the refrigerator"),
        ({"strengths_offered": (Decimal("1.52"),)}, "1.52 is offered but lies between two steps"),
        ({"strength_max": Decimal("9.98")}, "no whole number of steps above the lowest; 9.95 is"),
        ({"steps": (StepDraft(text="Weigh {naltrexon}."),)}, "“{naltrexon}” is no ingredient"),
        ({"steps": (StepDraft(text="Weigh {Naltrexone}."),)}, "A brace in"),
        ({"expected_traits": ()}, "traits"),
        ({"steps": ()}, "no step"),
        ({"strengths_offered": ()}, "strengths offered"),
        ({"strengths_offered": (Decimal(11),)}, "11 is offered but out of range"),
        ({"strength_unit": "mg/mL"}, "stated in mg"),
    ],
)
def test_what_usp_795_asks_for_is_not_left_out(
    here: Lab, changes: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(FormulaIncomplete, match=sentence):
        approve_formula(formula=drafted(here, **changes), by=here.verifier, at=NOW)


def test_every_ingredient_has_to_fit_its_role(here: Lab) -> None:
    naltrexone, filler, shell = draft_of(here).lines
    water = here.ingredient("purified water")
    wrong = (
        replace(naltrexone, ingredient=here.ingredient("ketotifen fumarate")),
        replace(filler, ingredient=water),
        replace(shell, amount=Decimal(2)),
        LineDraft(ingredient=water, role=LineRole.VEHICLE, key="units"),
        LineDraft(ingredient=water, role=LineRole.EXCIPIENT, key="x", amount=Decimal(1)),
    )

    missing = " ".join(missing_items(drafted(here, lines=wrong)))

    assert "Ketotifen fumarate, EP is not Naltrexone hydrochloride" in missing
    assert "Purified water, USP is stocked in mL and cannot serve as filler" in missing
    assert "One Hypromellose capsule shell, size 3, clear belongs to each unit" in missing
    assert "no place for Purified water, USP as vehicle" in missing
    assert "Purified water, USP is stocked in mL and cannot serve as excipient" in missing
    assert "Purified water, USP needs a name for the steps" in missing


def test_a_formula_without_lines_is_not_complete(here: Lab) -> None:
    missing = " ".join(missing_items(drafted(here, lines=())))

    assert "exactly one ingredient as active and has 0" in missing


def test_a_salt_needs_both_molecular_weights(here: Lab) -> None:
    ketotifen = Substance.objects.get(name="Ketotifen")
    lines = (
        replace(draft_of(here).lines[0], ingredient=here.ingredient("ketotifen fumarate")),
        *draft_of(here).lines[1:],
    )
    formula = drafted(here, strength_substance=ketotifen, lines=lines)
    assert missing_items(formula) == []

    Substance.objects.filter(pk=ketotifen.pk).update(molecular_weight=None)

    formula = MasterFormulationRecord.objects.get(pk=formula.pk)
    assert "need their molecular weights" in missing_items(formula)[0]


def test_the_version_before_retires(here: Lab) -> None:
    first = approve_formula(formula=drafted(here), by=here.verifier, at=NOW)
    second = approve_formula(
        formula=drafted(here, change_reason="Other sieve"), by=here.verifier, at=NOW
    )

    first.refresh_from_db()
    assert (first.state, second.state, second.version) == ("retired", "approved", 2)
    assert approved_formula("test-capsules") == second


def test_a_retired_formula_is_not_found_and_does_not_come_back(here: Lab) -> None:
    formula = approve_formula(formula=drafted(here), by=here.verifier, at=NOW)
    with pytest.raises(RetiringNeedsAReason):
        retire_formula(formula=formula, reason=" ", by=here.verifier, at=NOW)

    retire_formula(formula=formula, reason="No longer made", by=here.verifier, at=NOW)

    with pytest.raises(NoApprovedFormula, match="test-capsules"):
        approved_formula("test-capsules")
    with pytest.raises(MoveNotAllowed):
        approve_formula(formula=formula, by=here.verifier, at=NOW)


def test_a_strength_lies_within_the_range(here: Lab) -> None:
    formula = here.formula("ldn-capsules")
    check_strength(formula, Decimal("0.1"))
    check_strength(formula, Decimal(10))

    with pytest.raises(
        StrengthOutOfRange, match=r"0\.1 to 10 mg in steps of 0\.05 mg, not in 10\.000001 mg"
    ):
        check_strength(formula, Decimal("10.000001"))


@pytest.mark.parametrize(
    ("strength", "nearest"),
    [
        ("4.52", "Nearest: 4.5 mg or 4.55 mg"),
        ("0.149999", "Nearest: 0.1 mg or 0.15 mg"),
        ("12", "Nearest: 10 mg"),
        ("0.01", "Nearest: 0.1 mg"),
    ],
)
def test_a_strength_between_two_steps_is_refused_with_the_nearest(
    here: Lab, strength: str, nearest: str
) -> None:
    with pytest.raises(StrengthOutOfRange) as refused:
        check_strength(here.formula("ldn-capsules"), Decimal(strength))

    assert nearest in str(refused.value)
