"""What no row may say: for each CHECK the changes that it alone refuses, one for each way to break it."""

_ANYBODY = "(SELECT MIN(id) FROM people_user)"
_ENQUIRY = "(SELECT MIN(id) FROM contacts_enquiry)"
_ORDER = "(SELECT MIN(id) FROM orders_order)"
_BATCH = "(SELECT MIN(id) FROM batches_compoundingrecord)"
_PATIENT = "(SELECT MIN(id) FROM intake_patient)"
_PRESCRIBER = "(SELECT MIN(id) FROM contacts_prescriber)"

_READY_IS_RENDERED = (
    "state = 'ready', rendered_at = NULL",
    "state = 'requested' WHERE state = 'ready'",
    "sha256 = '' WHERE state = 'ready'",
    "rendered_at = NULL WHERE state = 'ready'",
)

# CHECK: what comes after "UPDATE its_table SET".
CHECKS: dict[str, tuple[str, ...]] = {
    # --- batches ---
    "batches_ahead_says_why": ("reason = ''",),
    "batches_reading_measured_before_received": ("measured_at = '2999-01-01 00:00:00+00:00'",),
    "batches_line_limits_in_order": (
        "lowest = -1",
        "wanted = 0, lowest = 0",
        "lowest = wanted + 1",
        "highest = wanted - 1",
    ),
    "batches_made_by_and_at": (
        "compounded_at = planned_at WHERE state = 'planned'",
        "made_by_id = planned_by_id WHERE state = 'planned'",
    ),
    "batches_verified_by_and_at": (
        "released_at = planned_at WHERE state = 'planned'",
        "verified_by_id = planned_by_id WHERE state = 'planned'",
    ),
    "batches_verifier_is_not_maker": (
        "verified_by_id = made_by_id, released_at = planned_at WHERE state = 'checked'",
    ),
    "batches_rejected_says_why": ("state = 'rejected', reject_reason = ''",),
    "batches_wants_something": ("units_wanted = 0", "strength = 0"),
    "batches_compounded_says_what": (
        "made_by_id = NULL, compounded_at = NULL WHERE state = 'checked'",
        "units_made = 0 WHERE state = 'checked'",
        "units_made = NULL WHERE state = 'checked'",
        "units_wasted = NULL WHERE state = 'checked'",
        "beyond_use_on = NULL WHERE state = 'checked'",
        "beyond_use_reason = '' WHERE state = 'checked'",
    ),
    "batches_released_means_verified": ("state = 'released' WHERE state = 'checked'",),
    "batches_recalled_says_why": (
        "state = 'recalled', reject_reason = '' WHERE verified_by_id IS NULL",
    ),
    "batches_deviation_closed_says_all": (
        "closed_at = at WHERE closed_at IS NULL",
        "closed_by_id = by_id WHERE closed_at IS NULL",
        "assessment = 'Harmless.' WHERE closed_at IS NULL",
        "disposition = 'accept' WHERE closed_at IS NULL",
        "closed_at = at, closed_by_id = by_id, disposition = 'accept' WHERE closed_at IS NULL",
        "closed_at = at, closed_by_id = by_id, assessment = 'Harmless.' WHERE closed_at IS NULL",
    ),
    "batches_deviation_says_what": ("what_happened = ''",),
    "batches_photo_says_what": ("shows = ''",),
    "batches_second_look_says_what": ("seen = ''",),
    "batches_units_never_below_zero": ("quantity = -1 WHERE place <> 'bench'",),
    "batches_unit_move_positive": ("quantity = 0", "quantity = -1"),
    "batches_unit_move_goes_somewhere": ("to_place = from_place",),
    "batches_weighing_positive": ("amount = 0", "amount = -1"),
    # --- contacts ---
    "contacts_answered_at_by_and_what": (
        "answer = 'Yes.' WHERE answered_at IS NULL",
        "answered_at = received_at WHERE answered_at IS NULL",
        f"answered_by_id = {_ANYBODY} WHERE answered_at IS NULL",
        f"answered_at = received_at, answered_by_id = {_ANYBODY} WHERE answered_at IS NULL",
    ),
    "contacts_answered_means_an_answer": ("state = 'answered' WHERE answered_at IS NULL",),
    "contacts_verified_at_by_and_how": (
        "verified_at = NULL WHERE verified_at IS NOT NULL",
        "verified_by_id = NULL WHERE verified_at IS NOT NULL",
        "verified_how = '' WHERE verified_at IS NOT NULL",
    ),
    # --- documents ---
    "documents_are_about_something": (
        "record_id = NULL, kind = 'compounding_record'",
        "line_id = NULL, kind = 'container_label'",
        "order_id = NULL, kind = 'container_label'",
        "order_id = NULL, kind = 'leaflet'",
        "lot_id = NULL, kind = 'lot_label'",
        "formula_id = NULL, kind = 'formula_record'",
        "kind = 'another paper'",
    ),
    "documents_ready_has_bytes": _READY_IS_RENDERED,
    "documents_ready_run_has_bytes": _READY_IS_RENDERED,
    "documents_no_more_missing_than_printed": ("labels_not_in_stock = labels + 1",),
    # --- followups ---
    "followups_seen_by_and_at": (
        "seen_at = at, seen_by_id = NULL",
        f"seen_at = NULL, seen_by_id = {_ANYBODY}",
    ),
    "followups_about_one_thing": (
        "order_id = NULL, enquiry_id = NULL",
        f"order_id = {_ORDER}, enquiry_id = {_ENQUIRY}",
    ),
    "followups_dropped_says_why": (
        "dropped_because = 'closed' WHERE dropped_at IS NULL",
        "dropped_at = due_at WHERE dropped_at IS NULL",
        "dropped_at = due_at, done_at = due_at, dropped_because = 'closed'",
    ),
    "followups_sent_has_a_time": (
        "sent_at = queued_at WHERE state = 'queued'",
        "sent_at = NULL WHERE state = 'sent'",
    ),
    "followups_claimed_has_a_time": (
        "claimed_at = queued_at WHERE state = 'queued'",
        "state = 'claimed' WHERE state = 'queued'",
        "claimed_at = NULL WHERE state = 'sent'",
    ),
    "followups_call_by_at_and_outcome": (
        "done_at = due_at WHERE done_at IS NULL",
        f"done_by_id = {_ANYBODY} WHERE done_at IS NULL",
        "outcome = 'All is well.' WHERE done_at IS NULL",
    ),
    "followups_call_done_or_dropped": (
        f"done_at = due_at, done_by_id = {_ANYBODY}, outcome = 'Well.', dropped_at = due_at",
    ),
    # --- formulations ---
    "formulations_check_limits_in_order": ("lowest = 5, highest = 4",),
    "formulations_line_amount_fits_role": (
        "amount = 1 WHERE role = 'active'",
        "amount = 1 WHERE role = 'filler'",
        "amount = 1 WHERE role = 'vehicle'",
        "amount = NULL WHERE role = 'shell'",
        "amount = NULL WHERE role = 'excipient'",
        "amount = 0 WHERE role = 'container'",
        "role = 'another'",
    ),
    "formulations_only_actives_alternate": ("is_alternative = TRUE WHERE role = 'vehicle'",),
    "formulations_timer_runs": ("timer_seconds = 0",),
    "formulations_entry_says_of_what": ("entry = 'number', check_text = ''",),
    "formulations_shell_has_a_size": (
        "capsule_size = '' WHERE kind = 'shell'",
        "capsule_volume_ml = NULL WHERE kind = 'shell'",
        "capsule_volume_ml = 0 WHERE kind = 'shell'",
    ),
    "formulations_labels_say_which": (
        "label_stock = '' WHERE kind = 'label'",
        "unit = 'mg' WHERE kind = 'label'",
        "label_stock = 'a roll' WHERE kind = 'shell'",
    ),
    "formulations_caution_says_why": ("reason = ''", "source = ''"),
    "formulations_approved_by_and_at": (
        "state = 'draft', approved_at = NULL WHERE state = 'approved'",
        "state = 'draft', approved_by_id = NULL WHERE state = 'approved'",
    ),
    "formulations_approver_is_not_author": ("author_id = approved_by_id",),
    "formulations_approved_means_by_someone": ("approved_by_id = NULL, approved_at = NULL",),
    "formulations_strength_range": ("strength_min = 0", "strength_max = strength_min - 0.001"),
    "formulations_drops_have_a_bottle": (
        "package_ml = NULL WHERE dosage_form = 'drops'",
        "package_ml = 0 WHERE dosage_form = 'drops'",
        "fill_ml = NULL WHERE dosage_form = 'drops'",
        "fill_ml = package_ml - 1 WHERE dosage_form = 'drops'",
        "dosage_form = 'suspension', package_ml = NULL WHERE dosage_form = 'drops'",
    ),
    "formulations_triturate_makes_an_ingredient": (
        "makes_id = NULL WHERE dosage_form = 'triturate'",
        "makes_id = (SELECT MIN(id) FROM formulations_ingredient) WHERE dosage_form = 'capsule'",
    ),
    "formulations_step_positive": ("strength_step = 0",),
    "formulations_study_days_of_a_study": (
        "bud_study_days = 0, bud_basis = 'study'",
        "bud_study_days = 90, bud_basis = 'class_limit'",
    ),
    "formulations_weight_positive": ("molecular_weight = 0",),
    # --- intake ---
    "intake_submitted_is_signed": (
        "signed_name = '' WHERE submitted_at IS NOT NULL",
        "submitted_at = NULL WHERE submitted_at IS NOT NULL",
    ),
    # --- inventory ---
    "inventory_balance_figures_positive": (
        "capacity_mg = 0",
        "readability_mg = 0",
        "sensitivity_mg = 0",
    ),
    "inventory_calibrated_by_someone": ("done_by = ''",),
    "inventory_calibration_positive": ("drops = 0", "volume_ml = 0"),
    "inventory_weighed_drops_have_a_density": (
        "mass_mg = 1000, density_g_per_ml = NULL",
        "mass_mg = NULL, density_g_per_ml = 1",
        "mass_mg = 0, density_g_per_ml = 1",
        "mass_mg = 1000, density_g_per_ml = 0",
    ),
    "inventory_released_by_and_at": (
        "released_at = NULL WHERE state = 'released'",
        f"released_by_id = {_ANYBODY} WHERE state = 'quarantined'",
    ),
    "inventory_released_means_by_someone": (
        "state = 'released' WHERE state = 'quarantined'",
        "state = 'exhausted' WHERE state = 'quarantined'",
    ),
    "inventory_assay_has_a_basis": (
        "assay_pct = 99, assay_basis = ''",
        "assay_pct = NULL, assay_basis = 'as_is'",
        "assay_pct = 0, assay_basis = 'as_is'",
    ),
    "inventory_file_is_pdf_or_jpeg": ("content_type = 'text/html'",),
    "inventory_file_is_not_empty": ("size = 0",),
    "inventory_pack_statistic_positive": ("mg_per_capsule = 0",),
    "inventory_minimum_not_below_zero": ("minimum = -1",),
    "inventory_repeatability_figures": ("minimum_mg = 0", "sd_mg = -1", "test_weight_mg = 0"),
    "inventory_never_below_zero": (
        "quantity = -1 WHERE place = 'shelf'",
        "quantity = -1 WHERE place = 'reserved'",
    ),
    "inventory_move_positive": ("quantity = 0", "quantity = -1"),
    "inventory_move_goes_somewhere": ("to_place = from_place",),
    "inventory_adjustment_has_a_reason": (
        "from_place = 'adjustment', to_place = 'shelf', reason = ''",
        "from_place = 'shelf', to_place = 'adjustment', reason = ''",
    ),
    # --- leaflets ---
    "leaflets_approved_by_and_at": (
        "state = 'draft', approved_at = NULL WHERE state = 'approved'",
        "state = 'draft', approved_by_id = NULL WHERE state = 'approved'",
    ),
    "leaflets_approved_means_by_someone": ("approved_by_id = NULL, approved_at = NULL",),
    "leaflets_approver_is_not_author": ("author_id = approved_by_id",),
    "leaflets_read_by_and_at": (
        f"read_at = NULL, read_by_id = {_ANYBODY}",
        "read_at = '2026-01-01 00:00:00+00:00', read_by_id = NULL",
    ),
    # --- orders ---
    "orders_allocation_positive": ("quantity = 0",),
    "orders_fill_positive": ("quantity = 0",),
    "orders_container_positive": ("quantity = 0",),
    "orders_container_from_a_lot_or_why_not": (
        "why_no_lot = 'None was left.' WHERE lot_id IS NOT NULL",
        "lot_id = NULL, why_no_lot = ''",
    ),
    "orders_approved_by_and_at": (
        "approved_at = received_at WHERE approved_at IS NULL",
        f"approved_by_id = {_ANYBODY} WHERE approved_at IS NULL",
    ),
    "orders_approved_means_by_someone": (
        "state = 'approved' WHERE approved_at IS NULL",
        "state = 'in_compounding' WHERE approved_at IS NULL",
        "state = 'ready' WHERE approved_at IS NULL",
    ),
    "orders_dispensed_by_and_at": (
        "state = 'dispensed' WHERE state = 'approved'",
        "state = 'ready' WHERE state = 'dispensed'",
        "dispensed_at = NULL WHERE state = 'dispensed'",
        "dispensed_by_id = NULL WHERE state = 'dispensed'",
    ),
    "orders_cancelled_says_why": (
        "state = 'cancelled', cancel_reason = '' WHERE dispensed_at IS NULL",
    ),
    "orders_from_step_positive": ("from_step = 0",),
    "orders_override_by_at_and_why": (
        "override_reason = 'Seen.' WHERE overridden_at IS NULL",
        "overridden_at = raised_at WHERE overridden_at IS NULL",
        f"overridden_by_id = {_ANYBODY} WHERE overridden_at IS NULL",
    ),
    "orders_override_is_earlier": (
        "min_override_on = '2026-01-02', earliest_start_on = '2026-01-01'",
    ),
    "orders_lifted_by_at_and_why": (
        "lift_note = 'Seen.' WHERE lifted_at IS NULL",
        "lifted_at = placed_at WHERE lifted_at IS NULL",
        f"lifted_by_id = {_ANYBODY} WHERE lifted_at IS NULL",
    ),
    "orders_hold_says_why": ("reason = ''", "lifted_when = ''"),
    "orders_line_positive": ("days_supply = 0", "quantity = 0", "strength = 0"),
    "orders_link_expires_later": ("expires_at = created_at",),
    "orders_strength_positive": ("strength = 0",),
    "orders_refills_at_most_11": ("refills = 12",),
    "orders_step_positive": ("days = 0", "dose_mg = 0"),
    # --- people, policies ---
    "people_user_role_known": ("role = 'owner'",),
    "policies_approved_by_and_at": ("approved_at = NULL", "approved_by_id = NULL"),
    "policies_approver_is_not_author": ("author_id = approved_by_id",),
    # --- recalls ---
    "recalls_of_one_thing": (
        f"lot_id = (SELECT MIN(id) FROM inventory_ingredientlot), batch_id = {_BATCH}",
        "lot_id = NULL, batch_id = NULL",
    ),
    "recalls_say_why": ("reason = ''",),
    "recalls_approved_by_and_at": ("approved_at = NULL WHERE state = 'approved'",),
    "recalls_approver_is_a_second_person": (
        "opened_by_id = approved_by_id WHERE state = 'approved'",
    ),
    "recalls_running_means_approved": (
        "approved_by_id = NULL, approved_at = NULL WHERE state = 'approved'",
        f"approved_by_id = {_ANYBODY}, approved_at = opened_at WHERE state = 'drafted'",
    ),
    "recalls_drill_stays_a_drill": ("is_drill = TRUE WHERE state = 'approved'",),
    "recalls_say_what_they_found": tuple(
        f"{found} = NULL WHERE state = 'approved'"
        for found in (
            "batches_found",
            "fills_found",
            "patients_found",
            "prescribers_found",
            "letters",
            "seconds",
        )
    ),
    "recalls_closed_by_at_and_how": (
        "state = 'closed' WHERE state = 'approved'",
        "closed_at = opened_at WHERE state = 'approved'",
        "closed_by_id = opened_by_id WHERE state = 'approved'",
        "closing_note = 'Done.' WHERE state = 'approved'",
    ),
    "recalls_contact_is_one_person": (
        f"patient_id = {_PATIENT}, prescriber_id = {_PRESCRIBER}",
        "patient_id = NULL, prescriber_id = NULL",
    ),
    "recalls_reached_by_at_how_and_what": (
        "state = 'waiting' WHERE state = 'reached'",
        "reached_at = NULL WHERE state = 'reached'",
        "reached_by_id = NULL WHERE state = 'reached'",
        "reached_how = '' WHERE state = 'reached'",
        "outcome = '' WHERE state = 'reached'",
    ),
    "recalls_tried_has_a_time": (
        "last_try_at = NULL WHERE tries > 0",
        "tries = 1 WHERE last_try_at IS NULL",
    ),
    "recalls_settled_means_tried": ("state = 'unreachable' WHERE tries = 0",),
}
