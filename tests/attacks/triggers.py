"""What a row may not become, and where it may not go: for each trigger that says more than "never", the statements.

A trigger that only grows a table or freezes columns needs no line here: its attack follows from its name and columns.
"""

from collections.abc import Iterable

from tests.attacks.schema import Rule
from tests.attacks.statements import another_row, copied

_PLANNED = "(SELECT MAX(id) FROM batches_compoundingrecord WHERE state = 'planned')"
_CHECKED = "(SELECT MAX(id) FROM batches_compoundingrecord WHERE state = 'checked')"
_RELEASED = "(SELECT MAX(id) FROM batches_compoundingrecord WHERE state = 'released')"
_TECHNICIAN = "(SELECT id FROM people_user WHERE username = 'nguyen')"
_SECOND = "(SELECT id FROM people_user WHERE username = 'brandt')"
_FIRST_LINE = f"(SELECT MIN(id) FROM batches_batchline WHERE record_id = {_PLANNED})"
_LAST_LINE = f"(SELECT MAX(id) FROM batches_batchline WHERE record_id = {_PLANNED})"
_ITS_SCAN = f"(SELECT MIN(id) FROM batches_containerscan WHERE line_id = {_FIRST_LINE})"
_READING = "(SELECT MIN(id) FROM batches_balancereading)"
_CRITICAL = (
    "(SELECT MAX(s.position) FROM formulations_formulastep s JOIN batches_compoundingrecord r "
    f"ON r.formula_id = s.formula_id WHERE r.id = {_PLANNED} AND s.is_critical)"
)
_QUARANTINED = "(SELECT MIN(id) FROM inventory_ingredientlot WHERE state = 'quarantined')"
_NOT_RELEASED = f"(SELECT ingredient_id FROM inventory_ingredientlot WHERE id = {_QUARANTINED})"
_ALL_RECALLED = "UPDATE inventory_ingredientlot SET state = 'recalled'"
_COMPOUNDED = (
    "UPDATE batches_compoundingrecord SET state = 'compounded', made_by_id = planned_by_id, "
    "compounded_at = planned_at, units_made = 1, units_wasted = 0, beyond_use_on = '2027-01-01', "
    f"beyond_use_reason = 'class' WHERE id = {_PLANNED}"
)
_SIGNED = (
    f"UPDATE batches_compoundingrecord SET verified_by_id = {_TECHNICIAN}, released_at = planned_at "
    f"WHERE id = {_CHECKED}"
)
_MADE_BY_ANOTHER = (
    f"UPDATE batches_compoundingrecord SET made_by_id = {_SECOND} WHERE id = {_CHECKED}"
)
_MADE = (
    f"UPDATE batches_compoundingrecord SET made_by_id = {_TECHNICIAN}, compounded_at = planned_at "
    f"WHERE id = {_PLANNED}"
)
_GIVEN_UP = (
    "UPDATE batches_compoundingrecord SET state = 'rejected', reject_reason = 'Spilled.' "
    f"WHERE id = {_PLANNED}"
)
_REJECTED = (
    "(SELECT MAX(r.id) FROM batches_compoundingrecord r WHERE r.state = 'rejected' "
    "AND NOT EXISTS (SELECT 1 FROM batches_stepdone d WHERE d.record_id = r.id))"
)
_RELEASE = (
    "UPDATE batches_compoundingrecord SET state = 'released', released_at = planned_at, "
    f"verified_by_id = {_SECOND} WHERE id = {_CHECKED}"
)

# What may still change in a row when every one of its moments to freeze has come.
MAY_CHANGE: dict[str, set[str]] = {
    "batches_balancetoken": {"withdrawn_at"},
    "batches_compoundingrecord": {"state", "reject_reason"},
    "batches_deviation": set(),
    "documents_document": set(),
    "documents_printrun": {"opened_at"},
    "followups_outgoingmessage": set(),
    "formulations_masterformulationrecord": {"state"},
    "intake_intakesubmission": {"started_at", "saved_at"},
    "inventory_ingredientlot": {"state"},
    "leaflets_leafletedition": {"state"},
    "policies_policyversion": {"title", "source_status", "note"},
    "recalls_recall": set(),
    "recalls_recallcontact": {"tries", "last_try_at"},
}

_UNWEIGHED: dict[str, object] = {"line_id": _FIRST_LINE, "scan_id": "NULL", "reading_id": "NULL"}
_AS_READ: dict[str, object] = {
    "reading_id": _READING,
    "balance_id": f"(SELECT balance_id FROM batches_balancereading WHERE id = {_READING})",
    "amount": f"(SELECT amount_mg FROM batches_balancereading WHERE id = {_READING})",
}


def _weighing(**changed: object) -> str:
    """A weighing of a batch that nobody has weighed yet."""
    return copied("batches_weighing", **{**_UNWEIGHED, **changed})


def _photo(**changed: object) -> str:
    return copied("batches_photo", **{"sha256": f"'{'0' * 64}'", **changed})


def _units(**changed: object) -> str:
    return copied("batches_unitmove", **{"quantity": 1, "from_place": "'stock'", **changed})


def _stock(**changed: object) -> str:
    return copied("inventory_stockmove", **{"quantity": 1, "from_place": "'shelf'", **changed})


def _signature(**changed: object) -> str:
    return copied("batches_verification", **{"by_id": _TECHNICIAN, **changed})


Attack = tuple[str, ...]
"""Statements of which the last one is refused."""

# Trigger: its attacks, one for each way to wake it.
TRIGGERS: dict[str, tuple[Attack, ...]] = {
    "audit_auditevent_chained": (
        (copied("audit_auditevent", previous_hash="'of nobody'", hash="'its own'"),),
    ),
    # --- a compounding record on its way ---
    "batches_compounded_has_its_steps": ((_COMPOUNDED,),),
    "batches_compounded_has_weighings": ((_COMPOUNDED,),),
    "batches_recalled_stays_recalled": tuple(
        (
            f"UPDATE batches_compoundingrecord SET state = '{ended}', reject_reason = 'Spilled.'",
            "UPDATE batches_compoundingrecord SET state = 'released' WHERE verified_by_id IS NOT NULL",
        )
        for ended in ("recalled", "rejected")
    ),
    "batches_verifier_did_no_step": ((_MADE_BY_ANOTHER, _SIGNED),),
    "batches_verifier_did_not_weigh": ((_MADE_BY_ANOTHER, _SIGNED),),
    "batches_signer_did_no_step": ((_signature(record_id=_CHECKED),),),
    "batches_signer_did_not_make": (
        (_weighing(by_id=_TECHNICIAN), _signature(record_id=_PLANNED)),
        (_MADE, _signature(record_id=_PLANNED)),
    ),
    # --- at the bench ---
    "batches_photo_is_whole": (
        (_photo(width=0),),
        (_photo(height=0),),
        (_photo(image="substr(image, 1, 3)"),),
        (_photo(sha256="'short'"),),
    ),
    "batches_step_says_it_was_checked": (
        (copied("batches_stepdone", record_id=_PLANNED, position=_CRITICAL, entry="''"),),
    ),
    "batches_step_in_its_turn": (
        (copied("batches_stepdone", record_id=_PLANNED, position=_CRITICAL),),
        (copied("batches_stepdone", record_id=_PLANNED, position=99),),
    ),
    "batches_no_step_of_a_given_up_batch": (
        (_GIVEN_UP, copied("batches_stepdone", record_id=_REJECTED, position=1)),
    ),
    "batches_no_wrong_scan_since": ((_weighing(scan_id=_ITS_SCAN),),),
    "batches_scan_is_of_the_line": ((_weighing(line_id=_LAST_LINE, scan_id=_ITS_SCAN),),),
    "batches_reading_is_the_weighing": (
        (_weighing(**{**_AS_READ, "amount": 1}),),
        (_weighing(**{**_AS_READ, "balance_id": "NULL"}),),
    ),
    "batches_reading_is_used_once": (
        (_weighing(**_AS_READ), _weighing(**{**_AS_READ, "line_id": _LAST_LINE})),
    ),
    # --- what moves ---
    "batches_level_follows_moves": ((_units(quantity=99_999, to_place="'waste'"),),),
    "inventory_level_follows_moves": ((_stock(quantity=99_999_999, to_place="'waste'"),),),
    "batches_set_aside_is_not_used": tuple(
        (_units(from_place="'quarantine'", to_place=f"'{place}'"),)
        for place in ("patient", "stock")
    ),
    "inventory_only_released_is_used": tuple(
        (_stock(to_place=f"'{place}'", lot_id=_QUARANTINED),) for place in ("reserved", "used")
    ),
    "inventory_set_aside_is_not_used": (
        (_stock(from_place="'quarantine'", to_place="'shelf'", reason="'Found.'"),),
        (_stock(from_place="'quarantine'", to_place="'waste'", reason="''"),),
    ),
    "orders_container_is_of_its_lot": (
        (
            copied(
                "orders_fillcontainer",
                ingredient_id="(SELECT MIN(id) FROM formulations_ingredient)",
            ),
        ),
        (copied("orders_fillcontainer", ingredient_id=_NOT_RELEASED, lot_id=_QUARANTINED),),
    ),
    # --- nothing recalled goes anywhere ---
    "recalls_recalled_is_not_planned": ((_ALL_RECALLED, copied("batches_batchline", position=99)),),
    "recalls_recalled_is_not_weighed": ((_ALL_RECALLED, _weighing()),),
    "recalls_recalled_is_not_released": ((_ALL_RECALLED, _RELEASE),),
    "recalls_recalled_is_not_handed_out": (
        (_units(record_id=_CHECKED, to_place="'patient'"),),
        (_ALL_RECALLED, _units(record_id=_RELEASED, to_place="'patient'")),
    ),
    "recalls_recalled_is_not_filled": (
        (copied("orders_fill", record_id=_CHECKED),),
        (_ALL_RECALLED, copied("orders_fill", line_id="(SELECT MAX(id) FROM orders_orderline)")),
    ),
}

# These refuse nothing themselves: they write what a CHECK then refuses.
LEADS_TO = {
    "batches_level_follows_moves": "batches_units_never_below_zero",
    "inventory_level_follows_moves": "inventory_never_below_zero",
}


def attacks_on(trigger: Rule, uniques: Iterable[Rule]) -> tuple[Attack, ...]:
    """Return the attacks on a trigger: those written down for it, or those that follow from its name and columns."""
    if trigger.name in TRIGGERS:
        return TRIGGERS[trigger.name]
    table = trigger.table
    if trigger.columns:
        return tuple((f'UPDATE {table} SET "{name}" = "{name}"',) for name in trigger.columns)
    if trigger.name.endswith("_frozen_insert"):
        return ((another_row(table, uniques),),)
    if trigger.name.endswith(("_no_update", "_frozen_update")):
        return ((f"UPDATE {table} SET id = id",),)
    return ((f"DELETE FROM {table}",),)
