"""What the database itself holds about formulas, tried past the ORM."""

import pytest

from pharmacy.formulations.models import MasterFormulationRecord
from tests.factories.lab import Lab
from tests.factories.raw_sql import check_refused, write

pytestmark = pytest.mark.django_db

FORMULA = "formulations_masterformulationrecord"
STEP = (
    "INSERT INTO formulations_formulastep (formula_id, position, text, is_critical, check_text, entry, entry_unit, "
    "hazard, protective_equipment) VALUES (%%s, %s, 'x', FALSE, '', '', '', '', '[]')"
)


@pytest.mark.parametrize(
    "change",
    [
        "overage_pct = 5",
        "strength_max = 50",
        "equipment = '[]'",
        "strength_step = 1",
        "storage_condition = 'freezer'",
        "water_activity_basis = ''",
        "bud_basis = 'study'",
        "bud_study_days = 180",
        "bud_study_reference = 'another'",
        "bud_study_container = 'another'",
        "bud_study_storage = 'freezer'",
        "bud_study_same = TRUE",
        "bud_study_indicating = TRUE",
        "bud_study_antimicrobial = TRUE",
        "bud_class = 'aqueous_preserved'",
        "approved_by_id = NULL, approved_at = NULL",
        "change_reason = 'better'",
        "author_id = approved_by_id",
    ],
)
def test_an_approved_version_never_changes(here: Lab, change: str) -> None:
    formula = here.formula()

    check_refused(f"UPDATE {FORMULA} SET {change} WHERE id = %s", [formula.pk], by="frozen")


def test_an_approved_version_is_not_deleted(here: Lab) -> None:
    check_refused(f"DELETE FROM {FORMULA} WHERE id = %s", [here.formula().pk], by="frozen")


def test_its_lines_and_steps_are_frozen_with_it(here: Lab) -> None:
    formula, other = here.formula("ldn-drops"), here.formula("ldn-capsules")
    for sql in (
        "UPDATE formulations_formulaline SET amount = 900 WHERE formula_id = %s AND amount = 500",
        "DELETE FROM formulations_formulaline WHERE formula_id = %s",
        "UPDATE formulations_formulastep SET text = 'Stir.' WHERE formula_id = %s",
        "DELETE FROM formulations_formulastep WHERE formula_id = %s",
        STEP % 99,
        "UPDATE formulations_formulacheck SET expected = 'Anything.' WHERE formula_id = %s",
        "DELETE FROM formulations_formulacheck WHERE formula_id = %s",
    ):
        check_refused(sql, [formula.pk], by="frozen")
    check_refused(
        "UPDATE formulations_formulaline SET formula_id = %s, position = 99 WHERE formula_id = %s",
        [formula.pk, other.pk],
        by="frozen",
    )


def test_a_draft_may_still_change(here: Lab) -> None:
    draft = _copy_as_draft(here.formula())

    write(f"UPDATE {FORMULA} SET overage_pct = 5 WHERE id = %s", [draft.pk])
    write(
        STEP % 1,
        [draft.pk],
    )


def test_only_one_version_is_approved_and_not_by_its_author(here: Lab) -> None:
    draft = _copy_as_draft(here.formula())
    approve = f"UPDATE {FORMULA} SET state = 'approved', approved_by_id = %s, approved_at = %s WHERE id = %s"

    check_refused(
        approve,
        [here.verifier.user_id, draft.created_at, draft.pk],
        by="approver_is_not_author|formulations_one_approved_version|code",
    )
    check_refused(
        approve, [here.pharmacist.user_id, draft.created_at, draft.pk], by="one_approved|code"
    )
    check_refused(
        f"UPDATE {FORMULA} SET state = 'approved', version = 77, code = 'other' WHERE id = %s",
        [draft.pk],
        by="formulations_approved_means_by_someone",
    )


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ("strength_min = 0", "formulations_strength_range"),
        ("strength_max = 0.01", "formulations_strength_range"),
        ("dosage_form = 'drops'", "formulations_drops_have_a_bottle"),
        ("dosage_form = 'suspension'", "formulations_drops_have_a_bottle"),
        ("dosage_form = 'triturate'", "formulations_triturate_makes_an_ingredient"),
        ("strength_step = 0", "formulations_step_positive"),
        ("version = 1", "version"),
    ],
)
def test_a_draft_cannot_say_what_cannot_be(here: Lab, change: str, name: str) -> None:
    draft = _copy_as_draft(here.formula())

    check_refused(f"UPDATE {FORMULA} SET {change} WHERE id = %s", [draft.pk], by=name)


def test_amounts_fit_their_roles_and_shells_have_a_size(here: Lab) -> None:
    draft = _copy_as_draft(here.formula())
    line = (
        "INSERT INTO formulations_formulaline "
        "(formula_id, position, ingredient_id, role, amount, key, is_alternative, caution_reason) "
        "VALUES (%s, 1, %s, %s, %s, '', {alternative}, '')"
    )
    water = here.ingredient("purified water").pk

    for role, amount in (("active", 1), ("excipient", None), ("excipient", 0), ("shell", None)):
        check_refused(
            line.format(alternative="FALSE"),
            [draft.pk, water, role, amount],
            by="amount_fits_role",
        )
    check_refused(
        line.format(alternative="TRUE"),
        [draft.pk, water, "vehicle", None],
        by="only_actives_alternate",
    )
    check_refused(
        "UPDATE formulations_ingredientcaution SET source = ''", by="formulations_caution_says_why"
    )
    check_refused(
        "UPDATE formulations_ingredient SET capsule_size = '' WHERE kind = 'shell'",
        by="formulations_shell_has_a_size",
    )
    check_refused(
        "UPDATE formulations_substance SET molecular_weight = 0", by="formulations_weight_positive"
    )


def _copy_as_draft(formula: MasterFormulationRecord) -> MasterFormulationRecord:
    formula.pk = None
    formula.version, formula.state = 2, "draft"
    formula.approved_by = formula.approved_at = None
    formula.save(force_insert=True)
    return formula
