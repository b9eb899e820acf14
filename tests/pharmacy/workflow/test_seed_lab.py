"""The demonstration's lab: complete, the same the second time, and with everything that has to be shown."""

from datetime import timedelta

from pharmacy.audit.models import AuditEvent
from pharmacy.formulations.models import MasterFormulationRecord, Substance
from pharmacy.formulations.queries import (
    approved_formulas,
    excipient_flags,
    missing_items,
)
from pharmacy.inventory.models import IngredientLot, StockMove
from pharmacy.screening.substances import load_substance
from tests.factories.lab import NOW, Lab, lab


def test_a_second_seed_changes_nothing(here: Lab) -> None:
    rows = (MasterFormulationRecord, IngredientLot, StockMove, AuditEvent)
    before = [model.objects.count() for model in rows]

    lab(at=NOW + timedelta(days=1))

    assert [model.objects.count() for model in rows] == before


def test_every_formula_is_complete_and_was_approved_by_another(here: Lab) -> None:
    formulas = {formula.code: formula for formula in approved_formulas()}

    assert set(formulas) == {
        "ldn-capsules",
        "ldn-drops",
        "ldn-oil-drops",
        "ketotifen-capsules",
        "allopurinol-suspension",
    }
    triturates = list(MasterFormulationRecord.objects.filter(dosage_form="triturate"))
    assert len(triturates) == 2
    for formula in (*formulas.values(), *triturates):
        assert missing_items(formula) == []
        assert formula.author_id != formula.approved_by_id
    assert excipient_flags(formulas["ldn-capsules"]) == {"cellulose"}
    assert excipient_flags(formulas["ldn-drops"]) == {"benzoate"}
    assert excipient_flags(formulas["ldn-oil-drops"]) == {"coconut_oil"}
    syrup = {"sugar", "flavor", "paraben", "cellulose"}
    assert excipient_flags(formulas["allopurinol-suspension"]) == syrup


def test_naltrexone_has_safety_rules_and_ketotifen_has_none(here: Lab) -> None:
    naltrexone = Substance.objects.get(cas_number="16676-29-2")

    assert load_substance(naltrexone.rule_set).rules.key == naltrexone.rule_set
    assert Substance.objects.get(name="Ketotifen").rule_set == ""


def test_lots_show_every_case(here: Lab) -> None:
    states = set(IngredientLot.objects.values_list("state", flat=True))

    assert states == {"released", "quarantined", "expired"}
    filler = here.ingredient("microcrystalline cellulose")
    assert filler.lots.filter(state="released").values("expires_on").distinct().count() == 2
    assert here.overdue_balance.calibration_due_on < NOW.date()
