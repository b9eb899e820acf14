"""A triturate is made, released onto the shelf, and used: capsules too few to weigh are made by it."""

from datetime import timedelta
from decimal import Decimal

import pytest

from compounding.weighable import NotWeighable
from compounding.worksheet import WorksheetKind
from pharmacy.batches.bench_steps import steps_for
from pharmacy.batches.compounded import NotForTheShelf, batches_from, put_on_shelf
from pharmacy.batches.models import CompoundedLot, CompoundingRecord, UnitPlace
from pharmacy.batches.picking import NotEnoughStock
from pharmacy.batches.plans import NotInFormula
from pharmacy.batches.queries import sheet_of, units_at
from pharmacy.formulations.actions import approve_formula, draft_from
from pharmacy.formulations.models import FormulaLine
from pharmacy.inventory.measurements import record_pack_statistic
from pharmacy.inventory.models import IngredientLot, Place
from pharmacy.inventory.queries import quantity_at
from tests.factories.lab import (
    NOW,
    Lab,
    check_all,
    compounding_record_at,
    even_capsules,
    finish,
    fresh,
    plan,
    release,
    weigh_all,
)

D = Decimal
TRITURATE = "naltrexone hydrochloride 1% triturate"


def triturate_lot(here: Lab, *, percent: int = 1, grams: int = 30) -> IngredientLot:
    """Make a triturate, release it, and measure how it packs."""
    record = compounding_record_at(
        code=f"naltrexone-triturate-{percent}", strength=str(percent), units=grams
    )
    lot = record.compounded_lot.lot
    record_pack_statistic(
        lot=lot, capsule_size="3", mg_per_capsule=D(152), by=here.technician, at=NOW
    )
    return lot


def made(here: Lab, record: CompoundingRecord) -> CompoundingRecord:
    """Drive a planned record to its release."""
    for do in (weigh_all, finish, check_all, release):
        do(here, fresh(record))
    return fresh(record)


def test_thirty_grams_of_one_percent(here: Lab) -> None:
    """300 mg pure / 0.988032 = 303.63 mg of powder, by hand; cellulose to 30 g."""
    record = plan(here, code="naltrexone-triturate-1", strength="1", units=30)

    amounts = {line.ingredient.label_name: line.wanted for line in record.lines.all()}
    assert sheet_of(record).kind == WorksheetKind.TRITURATE
    assert amounts == {
        "naltrexone hydrochloride": D("303.63"),
        "microcrystalline cellulose": D("29696.37"),
        "120 mL jar": D(1),
    }
    texts = [step.text for step in steps_for(record)]
    assert texts[1].startswith(
        "Weigh 303.63 mg of naltrexone hydrochloride and 29,696.37 mg of micro"
    )
    assert texts[-1] == "Fill it into the jar, close it and label it 1%."


def test_a_released_triturate_lies_on_the_shelf_with_its_beyond_use_date(here: Lab) -> None:
    record = compounding_record_at(code="naltrexone-triturate-1", strength="1", units=30)

    lot = CompoundedLot.objects.get(record=record).lot
    assert (lot.ingredient.label_name, lot.state) == (TRITURATE, "released")
    assert (lot.lot_number, lot.expires_on) == (record.number, record.beyond_use_on)
    assert (lot.assay_pct, lot.assay_basis) == (D(1), "as_is")
    assert lot.released_by_id == here.verifier.user_id
    assert quantity_at(lot, Place.SHELF) == D(30_000)
    assert units_at(record, UnitPlace.STOCK) == 0
    assert units_at(record, UnitPlace.SHELF) == 30
    with pytest.raises(NotForTheShelf):
        put_on_shelf(record=record, by=here.verifier, at=NOW)


def test_capsules_for_patients_go_on_no_shelf(here: Lab) -> None:
    record = compounding_record_at()

    with pytest.raises(NotForTheShelf, match=record.number):
        put_on_shelf(record=record, by=here.verifier, at=NOW)


def test_thirty_capsules_cannot_be_weighed_but_are_made_by_the_triturate(here: Lab) -> None:
    with pytest.raises(NotWeighable):
        plan(here, strength="0.25", units=30)
    lot = triturate_lot(here)

    record = plan(here, strength="0.25", units=30, active=lot.ingredient)

    # 31 capsules of 0.25 mg: 7.75 mg pure is 775 mg of one percent; never corrected for potency again.
    active = record.lines.get(role="active")
    assert (active.lot, active.wanted) == (lot, D(775))
    # The triturate displaces the filler as the mixture it is: (1 - 25/152) x 150 mg x 31.
    assert record.lines.get(role="filler").wanted == D("3885.2")
    assert "assay" not in " ".join(finding.kind for finding in sheet_of(record).findings)
    weigh_step = steps_for(record)[1]
    assert weigh_step.text.startswith(f"Weigh 775 mg of {TRITURATE} and 3,885.2 mg of")
    assert [line.ingredient.label_name for line in weigh_step.lines] == [
        TRITURATE,
        "microcrystalline cellulose",
    ]


def test_capsules_by_triturate_keep_no_longer_than_it_does(here: Lab) -> None:
    lot = triturate_lot(here)
    later = NOW + timedelta(days=60)
    record = plan(here, strength="0.25", units=30, active=lot.ingredient, at=later)
    for do in (weigh_all, finish):
        do(here, fresh(record), at=later)
    record = fresh(record)

    assert record.beyond_use_on == lot.expires_on
    assert "was compounded" in record.beyond_use_reason
    check_all(here, record, at=later)
    release(here, record, at=later)
    assert fresh(record).state == "released"
    assert len(even_capsules(record)) == 10


def test_what_was_made_from_a_lot_is_found_through_the_triturate(here: Lab) -> None:
    lot = triturate_lot(here)
    capsules = made(here, plan(here, strength="0.25", units=30, active=lot.ingredient))

    found = batches_from([here.lot("NX-2201")])

    assert [record.number for record in found] == [lot.lot_number, capsules.number]


def test_a_step_says_so_when_the_batch_takes_none_of_an_ingredient(here: Lab) -> None:
    """A 3 mg capsule by a 1% triturate that packs like the capsule itself: nothing is left for the filler."""
    record = compounding_record_at(code="naltrexone-triturate-1", strength="1", units=30)
    lot = record.compounded_lot.lot
    record_pack_statistic(
        lot=lot, capsule_size="3", mg_per_capsule=D(300), by=here.technician, at=NOW
    )

    full = plan(here, strength="3", units=30, active=lot.ingredient)

    assert not full.lines.filter(role="filler").exists()
    assert "and no microcrystalline cellulose, each" in steps_for(full)[1].text


def test_a_triturate_that_never_was_measured_is_not_offered(here: Lab) -> None:
    record = compounding_record_at(code="naltrexone-triturate-10", strength="10", units=10)

    with pytest.raises(NotEnoughStock, match="no pack statistic for capsule size 3"):
        plan(here, strength="0.25", units=30, active=record.compounded_lot.lot.ingredient)


def test_only_what_the_formula_allows_brings_the_active(here: Lab) -> None:
    with pytest.raises(NotInFormula, match="not made with Ketotifen fumarate"):
        plan(here, active=here.ingredient("ketotifen fumarate"))


def test_oil_drops_are_a_suspension_with_their_own_class(here: Lab) -> None:
    record = made(here, plan(here, code="ldn-oil-drops", strength="1", units=6))

    assert (record.state, record.formula.bud_class) == ("released", "nonaqueous_liquid")
    assert record.beyond_use_on is not None
    # Ninety days, the day of compounding being the first.
    assert (record.beyond_use_on - NOW.date()).days == 89
    assert "Shake well before each dose." in record.formula.label_instructions
    assert "make up" not in [finding.kind for finding in sheet_of(record).findings]
    texts = [step.text for step in steps_for(record)]
    assert texts[4].startswith("Make up with medium-chain triglyceride oil q.s. ad 191.58 mL")


def test_oil_drops_too_few_to_weigh_are_made_by_a_triturate_their_formula_allows(here: Lab) -> None:
    lot = triturate_lot(here)
    old = here.formula("ldn-oil-drops")
    with pytest.raises(NotInFormula):
        plan(here, code="ldn-oil-drops", strength="0.5", units=1, active=lot.ingredient)
    draft = draft_from(formula=old, reason="Small batches.", by=here.pharmacist, at=NOW)
    line = draft.lines.get(role="active")
    FormulaLine.objects.create(
        formula=draft,
        position=draft.lines.count() + 1,
        ingredient=lot.ingredient,
        role=line.role,
        key=line.key,
        is_alternative=True,
    )
    approve_formula(formula=draft, by=here.verifier, at=NOW)

    record = plan(here, code="ldn-oil-drops", strength="0.5", units=1, active=lot.ingredient)

    volume = sheet_of(record).batch_volume_ml or D(0)
    # 0.5 mg/mL pure is 50 mg of one percent in each mL, never corrected for potency again.
    assert record.lines.get(role="active").wanted == 50 * volume
    assert made(here, record).state == "released"


def test_the_suspension_that_is_not_naltrexone(here: Lab) -> None:
    """20 mg/mL x 416.16 mL / (0.995 x 0.999) = 8,373.4 mg, by hand."""
    record = made(here, plan(here, code="allopurinol-suspension", strength="20", units=4))

    assert record.lines.get(role="active").wanted == D("8373.4")
    assert record.state == "released"
    assert record.beyond_use_on is not None
    assert (record.beyond_use_on - NOW.date()).days == 34
