"""What a formula's study or monograph does to the beyond-use date of its batches, and what it never does."""

from datetime import date, timedelta
from typing import Any

import pytest

from pharmacy.batches.beyond_use import beyond_use_of, days_allowed
from pharmacy.batches.models import BatchLine, CompoundingRecord
from pharmacy.formulations.actions import approve_formula, draft_from
from pharmacy.formulations.completeness import missing_items
from pharmacy.formulations.models import BudBasis, StorageCondition
from pharmacy.inventory.models import IngredientLot
from tests.factories.lab import NOW, Lab, plan
from tests.factories.triggers import without_triggers

pytestmark = pytest.mark.django_db

MADE_ON = date(2026, 11, 20)
FAR = date(2029, 1, 1)
STUDY = {
    "bud_basis": BudBasis.STUDY,
    "bud_study_days": 60,
    "bud_study_reference": "Fawcett 1997",
    "bud_study_container": "Amber glass bottle",
    "bud_study_storage": StorageCondition.REFRIGERATOR,
    "bud_study_same": True,
    "bud_study_indicating": True,
    "bud_study_antimicrobial": True,
}


def a_batch(here: Lab, code: str = "ldn-drops", **said: Any) -> CompoundingRecord:
    """A batch whose formula says this of its study, and whose lots all keep for years."""
    strength, units = ("1", 1) if code == "ldn-drops" else ("1.5", 126)
    record = plan(here, code=code, strength=strength, units=units, at=NOW)
    with without_triggers("inventory_ingredientlot"):
        IngredientLot.objects.update(expires_on=FAR)
    record = CompoundingRecord.objects.select_related("formula").get(pk=record.pk)
    for name, value in {**STUDY, **said}.items():
        setattr(record.formula, name, value)
    return record


def lines_of(record: CompoundingRecord) -> list[BatchLine]:
    return list(record.lines.select_related("lot__compounded_as", "ingredient"))


def kept(record: CompoundingRecord) -> tuple[int, str]:
    """Days from the day of compounding as day 1, and why no more."""
    found = beyond_use_of(record, lines_of(record), MADE_ON)
    return (found.date - MADE_ON).days + 1, found.reason


@pytest.mark.parametrize(
    ("said", "days", "reason"),
    [
        ({}, 60, "Fawcett 1997 supports 60 days (refrigerator)"),
        ({"bud_study_antimicrobial": False}, 35, "(no <51> evidence)"),
        ({"bud_study_indicating": False}, 35, "(the method is not stability-indicating)"),
        ({"bud_study_same": False}, 35, "(another formulation or container was studied)"),
        ({"bud_study_days": 20}, 20, "Fawcett 1997 supports 20 days"),
        ({"bud_study_days": 20, "bud_study_antimicrobial": False}, 20, "supports 20 days"),
        ({"bud_study_days": 360}, 180, "180 days is the longest it may extend to"),
        ({"bud_days_shorter": 30}, 30, "The formula allows 30 days"),
        ({"bud_study_days": None, "bud_basis": BudBasis.CLASS_LIMIT}, 35, "USP <795> allows"),
        (
            {
                "bud_basis": BudBasis.MONOGRAPH,
                "bud_study_reference": "USP compounded monograph",
                "bud_study_indicating": False,
                "bud_study_antimicrobial": False,
            },
            60,
            "USP compounded monograph supports 60 days",
        ),
        ({"state": "draft"}, 35, "USP <795> allows"),
    ],
)
def test_a_study_competes_as_far_as_the_chapter_lets_it(
    here: Lab, said: dict[str, Any], days: int, reason: str
) -> None:
    record = a_batch(here, **said)
    found, why = kept(record)
    assert (found, reason in why) == (days, True), why
    assert days_allowed(record.formula, on=MADE_ON) == days


def test_no_study_takes_capsules_past_180_days(here: Lab) -> None:
    """A published study shows 360 days; the longest extension is 180, which the class gives anyhow."""
    days, why = kept(a_batch(here, "ldn-capsules", bud_study_days=360, bud_study_reference="Cote"))
    assert days == 180
    assert "Cote supports 360 days" in why


def test_no_study_goes_past_a_component(here: Lab) -> None:
    record = a_batch(here)
    lot = record.lines.get(role="active").lot
    last = MADE_ON + timedelta(days=49)
    with without_triggers("inventory_ingredientlot"):
        IngredientLot.objects.filter(pk=lot.pk).update(expires_on=last)
    days, why = kept(record)
    assert days == 50
    assert lot.lot_number in why
    others = [each.reason for each in beyond_use_of(record, lines_of(record), MADE_ON).competing]
    assert any("Fawcett 1997 supports 60 days" in each for each in others)


def test_a_study_is_told_whole_before_it_is_approved(here: Lab) -> None:
    draft = draft_from(
        formula=here.formula("ldn-drops"), reason="A study", by=here.pharmacist, at=NOW
    )
    draft.bud_basis = BudBasis.STUDY
    said = " ".join(missing_items(draft))
    for part in ("study or monograph", "days that the study", "container that", "storage that"):
        assert part in said
    for name, value in (STUDY | {"bud_study_storage": StorageCondition.ROOM}).items():
        setattr(draft, name, value)
    assert "stored otherwise than it was studied" in " ".join(missing_items(draft))
    draft.bud_study_storage = StorageCondition.REFRIGERATOR
    assert missing_items(draft) == []
    draft.save()
    approved = approve_formula(formula=draft, by=here.verifier, at=NOW)
    record = plan(here, code="ldn-drops", strength="1", units=1, at=NOW)
    assert record.formula_id == approved.pk
    assert "Fawcett 1997" in beyond_use_of(record, lines_of(record), MADE_ON).reason
