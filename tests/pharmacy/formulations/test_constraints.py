"""What may still be written about a formula past the ORM."""

import pytest

from pharmacy.formulations.models import MasterFormulationRecord
from tests.factories.lab import Lab
from tests.factories.raw_sql import write

pytestmark = pytest.mark.django_db

FORMULA = "formulations_masterformulationrecord"
STEP = (
    "INSERT INTO formulations_formulastep (formula_id, position, text, is_critical, check_text, entry, entry_unit, "
    "hazard, protective_equipment) VALUES (%%s, %s, 'x', FALSE, '', '', '', '', '[]')"
)


def test_a_draft_may_still_change(here: Lab) -> None:
    draft = _copy_as_draft(here.formula())

    write(f"UPDATE {FORMULA} SET overage_pct = 5 WHERE id = %s", [draft.pk])
    write(
        STEP % 1,
        [draft.pk],
    )


def _copy_as_draft(formula: MasterFormulationRecord) -> MasterFormulationRecord:
    formula.pk = None
    formula.version, formula.state = 2, "draft"
    formula.approved_by = formula.approved_at = None
    formula.save(force_insert=True)
    return formula
