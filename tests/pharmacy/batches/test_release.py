"""A batch is verified by a pharmacist who did not work on it, and only if everything stands."""

from datetime import timedelta
from decimal import Decimal

import pytest

from pharmacy.audit.queries import events_of, verify_chain
from pharmacy.audit.transitions import MoveNotAllowed, NotYourMove
from pharmacy.batches.bench_steps import steps_for
from pharmacy.batches.models import CompoundingRecord, UnitPlace, Verification
from pharmacy.batches.queries import (
    batches_with,
    record_for_page,
    unit_levels_beside_moves,
    units_at,
    was_at_the_bench,
)
from pharmacy.inventory.actions import recall_lot
from pharmacy.inventory.models import Place
from pharmacy.inventory.queries import levels_beside_moves, quantity_at
from pharmacy.people.actors import Actor, NotYourRole
from pharmacy.workflow.check_batch import record_fill_weights
from pharmacy.workflow.demonstration import follow
from pharmacy.workflow.finish_batch import finish_compounding
from pharmacy.workflow.follow_step import mark_step_done
from pharmacy.workflow.verify_batch import (
    ChecksNotPassed,
    LotRecalled,
    PastBeyondUse,
    RejectionNeedsReason,
    SamePerson,
    SignatureSaysNothing,
    WorksheetAltered,
    reject_batch,
    verify_and_release,
)
from pharmacy.workflow.weigh import record_weighing
from tests.factories.lab import (
    MEANING,
    NOW,
    Lab,
    check_all,
    compounding_record_at,
    even_capsules,
    finish,
    fresh,
    plan,
    scan,
    weigh_all,
)
from tests.factories.raw_sql import write
from tests.factories.triggers import without_triggers

LATER = NOW + timedelta(hours=1)


def release(record: CompoundingRecord, by: Actor) -> CompoundingRecord:
    return verify_and_release(record=record, meaning=MEANING, by=by, at=LATER)


def test_a_pharmacist_who_did_not_make_it_releases(here: Lab) -> None:
    record = release(compounding_record_at("checked"), here.verifier)

    signature = Verification.objects.get(record=record)
    assert (record.state, record.verified_by_id, record.released_at) == (
        "released",
        here.verifier.user_id,
        LATER,
    )
    assert (signature.by_id, signature.at, signature.meaning) == (
        here.verifier.user_id,
        LATER,
        MEANING,
    )
    assert verify_chain().intact


def test_the_maker_does_not_verify(here: Lab) -> None:
    """A pharmacist who finished the batch, though a technician weighed it."""
    record = plan(here)
    weigh_all(here, record)
    follow(record, by=here.technician, at=NOW)
    finish_compounding(
        record=record,
        units_made=130,
        units_wasted=0,
        observed_description="White.",
        by=here.pharmacist,
        at=NOW,
    )
    check_all(here, record)

    with pytest.raises(SamePerson, match="You worked on batch B-2026-0001"):
        release(record, here.pharmacist)
    assert release(record, here.verifier).state == "released"


def test_whoever_weighed_one_line_does_not_verify(here: Lab) -> None:
    record = plan(here)
    shells = record.lines.get(role="shell")
    scan(here, shells, by=here.verifier)
    record_weighing(line=shells, amount=shells.wanted, balance=None, by=here.verifier, at=NOW)
    for line in record.lines.exclude(pk=shells.pk):
        scan(here, line)
        record_weighing(
            line=line, amount=line.wanted, balance=here.balance, by=here.technician, at=NOW
        )
    finish(here, record)
    check_all(here, record)

    assert [
        was_at_the_bench(record, person.user_id or 0)
        for person in (here.technician, here.verifier, here.pharmacist)
    ] == [True, True, False]
    with pytest.raises(SamePerson):
        release(record, here.verifier)


def test_whoever_did_one_step_does_not_verify(here: Lab) -> None:
    record = plan(here)
    weigh_all(here, record)
    first, *rest = steps_for(record)
    for step, by in ((first, here.verifier), *((step, here.technician) for step in rest)):
        mark_step_done(record=record, step=step, entry="yes", by=by, at=NOW)
    finish_compounding(
        record=record,
        units_made=130,
        units_wasted=0,
        observed_description="White.",
        by=here.technician,
        at=NOW,
    )
    check_all(here, record)

    with pytest.raises(SamePerson):
        release(record, here.verifier)


def test_a_technician_releases_nothing(here: Lab) -> None:
    with pytest.raises(NotYourRole):
        release(compounding_record_at("checked"), here.technician)


@pytest.mark.parametrize("state", ["planned", "weighing", "compounded", "released", "rejected"])
def test_only_a_checked_batch_is_released(here: Lab, state: str) -> None:
    with pytest.raises(MoveNotAllowed):
        release(compounding_record_at(state), here.verifier)


def test_a_signature_says_what_it_means(here: Lab) -> None:
    with pytest.raises(SignatureSaysNothing):
        verify_and_release(
            record=compounding_record_at("checked"), meaning=" ", by=here.verifier, at=LATER
        )


def test_a_check_that_fails_at_the_last_moment_blocks_the_release(here: Lab) -> None:
    record = compounding_record_at("checked")
    uneven = [*even_capsules(record, 9), Decimal(170)]
    record_fill_weights(record=record, gross_mg=uneven, by=here.technician, at=NOW)

    with pytest.raises(ChecksNotPassed, match="fill weight of ten capsules failed"):
        release(record, here.verifier)
    assert fresh(record).state == "checked"


def test_an_altered_worksheet_is_noticed(here: Lab) -> None:
    record = compounding_record_at("checked")
    altered = {**record.worksheet, "theoretical_fill_mg": "151"}
    with without_triggers("batches_compoundingrecord"):
        CompoundingRecord.objects.filter(pk=record.pk).update(worksheet=altered)

    with pytest.raises(WorksheetAltered, match="is not what was planned"):
        release(record, here.verifier)


def test_nothing_is_released_past_its_date_or_with_a_recalled_lot(here: Lab) -> None:
    record = compounding_record_at("checked")
    with pytest.raises(PastBeyondUse):
        verify_and_release(
            record=record, meaning=MEANING, by=here.verifier, at=NOW + timedelta(days=180)
        )
    recall_lot(lot=here.lot("MC-5533"), reason="Maker's notice", by=here.pharmacist, at=NOW)

    with pytest.raises(LotRecalled, match="microcrystalline cellulose MC-5533"):
        release(record, here.verifier)
    assert list(batches_with(here.lot("MC-5533"))) == [record]


def test_a_rejected_plan_gives_its_stock_back(here: Lab) -> None:
    record = compounding_record_at("planned")
    with pytest.raises(RejectionNeedsReason):
        reject_batch(record=record, reason="", by=here.pharmacist, at=NOW)
    with pytest.raises(NotYourMove):
        reject_batch(record=record, reason="Wrong", by=here.technician, at=NOW)

    rejected = reject_batch(
        record=record, reason="Wrong strength chosen", by=here.pharmacist, at=NOW
    )

    lot = here.lot("NX-2201")
    assert (rejected.state, rejected.reject_reason) == ("rejected", "Wrong strength chosen")
    assert quantity_at(lot, Place.SHELF) == 25_000
    assert quantity_at(lot, Place.RESERVED) == 0
    assert levels_beside_moves() == []


def test_what_was_weighed_stays_used_and_the_rest_goes_back(here: Lab) -> None:
    record = plan(here)
    active = record.lines.get(role="active")
    scan(here, active)
    record_weighing(
        line=active, amount=Decimal(195), balance=here.balance, by=here.technician, at=NOW
    )
    recall_lot(lot=here.lot("MC-5533"), reason="Maker's notice", by=here.pharmacist, at=NOW)

    reject_batch(record=record, reason="Filler recalled", by=here.pharmacist, at=NOW)

    assert quantity_at(here.lot("NX-2201"), Place.USED) == 195
    assert quantity_at(here.lot("NX-2201"), Place.SHELF) == 25_000 - 195
    assert quantity_at(here.lot("MC-5533"), Place.QUARANTINE) == Decimal("19351.98")
    assert quantity_at(here.lot("HC-0301"), Place.SHELF) == 5_000
    assert levels_beside_moves() == []


@pytest.mark.parametrize("state", ["compounded", "checked"])
def test_rejected_units_go_to_the_waste(here: Lab, state: str) -> None:
    record = compounding_record_at(state)

    reject_batch(record=record, reason="Specks in the powder", by=here.pharmacist, at=NOW)

    assert units_at(record, UnitPlace.STOCK) == 0
    assert units_at(record, UnitPlace.WASTE) == 130
    assert unit_levels_beside_moves() == []
    assert events_of(record).last().new["note"] == "Specks in the powder"  # type: ignore[union-attr]


def test_a_released_batch_is_not_rejected(here: Lab) -> None:
    with pytest.raises(MoveNotAllowed):
        reject_batch(
            record=compounding_record_at("released"), reason="Late", by=here.verifier, at=LATER
        )


def test_a_page_reads_a_record_in_a_fixed_number_of_queries(
    here: Lab, django_assert_num_queries: object
) -> None:
    record = compounding_record_at("released")
    drops = compounding_record_at("released", code="ldn-drops", strength="1", units=3)

    for number in (record.number, drops.number):
        with django_assert_num_queries(4):  # type: ignore[operator]
            page = record_for_page(number)
            assert [line.weighing.by.signed_name for line in page.lines.all()]
            assert [line.lot.supplier.name for line in page.lines.all()]
            assert [check.by.signed_name for check in page.checks.all()]


def test_somebody_with_a_database_shell_changes_nothing_unseen(here: Lab) -> None:
    record = compounding_record_at("released")
    with without_triggers("audit_auditevent"):
        write(
            "UPDATE audit_auditevent SET actor_name = 'somebody else' WHERE event = 'batch_released'"
        )

    assert not verify_chain().intact
    assert record.verified_by_id == here.verifier.user_id
