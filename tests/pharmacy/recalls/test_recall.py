"""A recall from a lot to the patients: what it finds, what it stops, whom it tells, and that it needs two people."""

from datetime import timedelta
from itertools import count

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pharmacy.audit.transitions import MoveNotAllowed
from pharmacy.batches.models import CompoundingRecord, UnitLevel
from pharmacy.followups.expansion import expand_due_followups
from pharmacy.followups.models import FollowUp, FollowUpKind, OutgoingMessage
from pharmacy.inventory.models import IngredientLot, StockLevel, StockMove
from pharmacy.orders.models import Allocation, Order
from pharmacy.people.actors import NotYourRole
from pharmacy.recalls.actions import (
    OutcomeDoesNotFit,
    OutcomeMissing,
    ReachedBefore,
    RecalledAlready,
    SamePerson,
    SaysNothing,
    StillWaiting,
    TooFewTries,
    close_recall,
    give_up,
    open_recall,
    record_try,
    withdraw_recall,
)
from pharmacy.recalls.models import (
    Outcome,
    ReachedHow,
    Recall,
    RecallContact,
    TryResult,
    Urgency,
)
from pharmacy.recalls.queries import contacts_of, progress_of, was_recalled
from pharmacy.recalls.walk import Subject, walk
from pharmacy.workflow.demonstration import Bench, plan
from pharmacy.workflow.dispense_order import dispense_order
from pharmacy.workflow.recall import approve_recall, run_drill, stop_at_once
from pharmacy.workflow.review_order import hold_order
from tests.factories.job import AT, approved, fresh, made, printed, ready

_nanoseconds = count(0, 1_500_000_000)


def stopwatch() -> int:
    """Tick a second and a half each time it is read."""
    return next(_nanoseconds)


def active_lot(record: CompoundingRecord) -> IngredientLot:
    return record.lines.select_related("lot__ingredient").get(role="active").lot


def dispensed(bench: Bench, key: str = "handed-out") -> tuple[Order, CompoundingRecord]:
    order, record = printed(bench, key=key)
    dispense_order(order=fresh(order), by=bench.pharmacist, at=AT)
    return fresh(order), record


def drafted(bench: Bench, lot: IngredientLot) -> Recall:
    return open_recall(
        subject=Subject(lot=lot),
        urgency=Urgency.CLASS_2,
        reason="The supplier found another substance in it.",
        by=bench.verifier,
        at=AT,
    )


def running(bench: Bench, lot: IngredientLot) -> Recall:
    return approve_recall(
        recall=drafted(bench, lot), by=bench.pharmacist, at=AT, stopwatch=stopwatch
    )


def test_it_finds_batches_fills_people_and_what_is_left(bench: Bench, db: None) -> None:
    order, record = dispensed(bench)
    waiting, _other = ready(bench, key="waiting")
    found = walk(Subject(lot=active_lot(record)))
    assert {batch.record.number for batch in found.batches} >= {record.number}
    (fill,) = found.fills
    patient = order.prescription.patient
    assert (fill.order, fill.batch, fill.quantity) == (order.number, record.number, 126)
    assert (fill.patient.name, fill.patient.phone) == (patient.full_name, patient.phone)
    assert fill.prescriber.email == order.prescription.prescriber.email
    assert [each.line.order for each in found.in_progress] == [waiting]
    assert found.lots[0].left["shelf"] > 0
    assert {b.record.pk: b.in_stock for b in found.batches}[record.pk] == (
        record.units_made or 0
    ) - 126
    assert walk(Subject(batch=record)).fills == found.fills


def test_the_walk_asks_four_questions(bench: Bench, db: None) -> None:
    _order, record = dispensed(bench)
    subject = Subject(lot=active_lot(record))
    with CaptureQueriesContext(connection) as asked:
        walk(subject)
    assert len(asked) == 4


def test_a_vials_lot_leads_to_those_who_hold_one(bench: Bench, db: None) -> None:
    order, _record = dispensed(bench)
    lot = IngredientLot.objects.select_related("ingredient").get(lot_number="VL-60-2")
    with CaptureQueriesContext(connection) as asked:
        found = walk(Subject(lot=lot))
    assert len(asked) == 4
    assert [fill.order for fill in found.fills] == [order.number]
    assert (len(found.patients), len(found.prescribers), found.batches) == (1, 1, ())
    other = IngredientLot.objects.get(lot_number="VL-60-5")
    assert walk(Subject(lot=other)).fills == ()

    drill = run_drill(
        subject=Subject(lot=lot),
        urgency=Urgency.CLASS_3,
        reason="Exercise",
        by=bench.technician,
        at=AT,
        stopwatch=stopwatch,
    )
    assert (drill.fills_found, drill.patients_found, drill.letters) == (1, 1, 2)
    assert not was_recalled(order)

    recall = running(bench, lot)
    assert (recall.fills_found, recall.batches_found, recall.letters) == (1, 0, 2)
    assert recall.contacts.get(patient__isnull=False).order == order
    assert was_recalled(order)
    level = StockLevel.objects.get(lot=lot, place="quarantine")
    assert level.quantity == 59


def test_a_drill_does_everything_but_move_and_tell(bench: Bench, db: None) -> None:
    _order, record = dispensed(bench)
    lot = active_lot(record)
    before = what_a_recall_changes()
    drill = run_drill(
        subject=Subject(lot=lot),
        urgency=Urgency.CLASS_1,
        reason="Exercise of November",
        by=bench.technician,
        at=AT,
        stopwatch=stopwatch,
    )
    assert what_a_recall_changes() == before
    assert (drill.state, drill.is_drill, str(drill.seconds)) == ("drilled", True, "1.500")
    assert (drill.fills_found, drill.patients_found, drill.prescribers_found) == (1, 1, 1)
    assert drill.letters == 2
    with pytest.raises(MoveNotAllowed):
        approve_recall(recall=drill, by=bench.pharmacist, at=AT, stopwatch=stopwatch)


def test_a_second_person_approves_and_a_technician_does_not(bench: Bench, db: None) -> None:
    _order, record = dispensed(bench)
    recall = drafted(bench, active_lot(record))
    before = what_a_recall_changes()
    for by, refusal in ((bench.verifier, SamePerson), (bench.technician, NotYourRole)):
        with pytest.raises(refusal):
            approve_recall(recall=recall, by=by, at=AT, stopwatch=stopwatch)
    assert what_a_recall_changes() == before
    done = approve_recall(recall=recall, by=bench.pharmacist, at=AT, stopwatch=stopwatch)
    assert (done.state, done.fills_found, done.patients_found) == ("approved", 1, 1)


def test_a_lot_has_one_open_recall_with_a_reason(bench: Bench, db: None) -> None:
    _order, record = dispensed(bench)
    lot = active_lot(record)
    with pytest.raises(SaysNothing):
        open_recall(
            subject=Subject(lot=lot), urgency=Urgency.CLASS_3, reason=" ", by=bench.verifier, at=AT
        )
    recall = drafted(bench, lot)
    with pytest.raises(RecalledAlready, match=recall.number):
        drafted(bench, lot)
    withdraw_recall(recall=recall, note="It was another supplier.", by=bench.pharmacist, at=AT)
    assert drafted(bench, lot).number != recall.number


def test_approval_stops_everything_at_once(bench: Bench, db: None) -> None:
    _order, record = dispensed(bench)
    waiting, in_stock = ready(bench, key="in-stock")
    being_made, on_the_bench = made(bench, key="on-the-bench")
    planned_order = approved(bench, key="only-planned")
    planned = plan([planned_order], bench=bench, at=AT)
    lot = active_lot(record)

    recall = running(bench, lot)

    lot.refresh_from_db()
    assert lot.state == "recalled"
    states = dict(CompoundingRecord.objects.values_list("number", "state"))
    assert (states[record.number], states[in_stock.number]) == ("recalled", "recalled")
    assert (states[on_the_bench.number], states[planned.number]) == ("recalled", "recalled")
    left = dict(StockLevel.objects.filter(lot=lot).values_list("place", "quantity"))
    assert left["shelf"] + left["reserved"] == 0
    assert left["quarantine"] > 0
    assert not UnitLevel.objects.filter(
        record__number__in=[record.number, in_stock.number], place="stock", quantity__gt=0
    ).exists()
    for order in (waiting, being_made, planned_order):
        hold = fresh(order).holds.get(lifted_at=None)
        assert fresh(order).state == "on_hold"
        assert hold.returns_to == "approved"
        assert recall.number in hold.reason
        assert not Allocation.objects.filter(line__order=order, withdrawn_at=None).exists()
    others = StockMove.objects.filter(lot__lot_number="MC-5533", to_place="waste")
    assert not others.exists(), "what is not recalled goes back to the shelf"


def test_an_order_held_for_another_reason_stays_held_and_says_both(bench: Bench, db: None) -> None:
    order, record = ready(bench, key="held")
    place_hold_on(order, bench)
    recall = running(bench, active_lot(record))
    hold = fresh(order).holds.get(lifted_at=None)
    assert hold.reason.startswith("The patient travels.")
    assert recall.number in hold.reason
    assert hold.returns_to == "approved"


def place_hold_on(order: Order, bench: Bench) -> None:
    hold_order(
        order=fresh(order),
        reason="The patient travels.",
        lifted_when="They are back.",
        by=bench.pharmacist,
        at=AT,
    )


def test_messages_are_rows_and_say_nothing_of_the_medicine(bench: Bench, db: None) -> None:
    order, record = dispensed(bench)
    recall = running(bench, active_lot(record))
    due = FollowUp.objects.filter(kind__startswith="recall", sequence=recall.pk)
    assert due.count() == 2
    expand_due_followups(at=AT + timedelta(seconds=1))
    sent = {
        message.recipient: message for message in OutgoingMessage.objects.filter(followup__in=due)
    }
    rx = order.prescription
    assert sent.keys() == {rx.patient.email, rx.prescriber.email}
    for message in sent.values():
        text = f"{message.subject} {message.body_text} {message.body_html}".lower()
        for word in ("naltrexone", "ldn", "capsule", "fibromyalgia", rx.patient.full_name.lower()):
            assert word not in text
        assert "recall" not in message.subject.lower()
    assert "take no more of it" in sent[rx.patient.email].body_text
    assert sent[rx.patient.email].body_text.startswith("Please call us today at")


def test_who_was_reached_is_written_down_try_by_try(bench: Bench, db: None) -> None:
    _order, record = dispensed(bench)
    recall = running(bench, active_lot(record))
    (patient,) = contacts_of(recall, states=["waiting"], patients=True, at_most=10)
    (prescriber,) = contacts_of(recall, states=["waiting"], patients=False, at_most=10)
    assert progress_of(recall).waiting == 2
    tell(patient, bench, TryResult.NO_ANSWER)
    with pytest.raises(TooFewTries):
        give_up(contact=patient, note="Wrote a letter.", by=bench.technician, at=AT)
    tell(patient, bench, TryResult.MESSAGE_LEFT)
    tell(patient, bench, TryResult.WRONG_NUMBER)
    with pytest.raises(SaysNothing):
        give_up(contact=patient, note="", by=bench.technician, at=AT)
    give_up(contact=patient, note="Wrote a letter.", by=bench.technician, at=AT)
    with pytest.raises(StillWaiting):
        close_recall(recall=recall, note="All told.", by=bench.pharmacist, at=AT)
    with pytest.raises(OutcomeMissing):
        tell(patient, bench, TryResult.REACHED)
    with pytest.raises(OutcomeDoesNotFit):
        tell(patient, bench, TryResult.REACHED, Outcome.KNOWS)
    tell(patient, bench, TryResult.REACHED, Outcome.RETURNS)
    with pytest.raises(ReachedBefore):
        tell(patient, bench, TryResult.REACHED, Outcome.RETURNS)
    tell(prescriber, bench, TryResult.REACHED, Outcome.KNOWS)
    patient.refresh_from_db()
    assert (patient.state, patient.tries, patient.outcome) == ("reached", 4, "returns")
    assert patient.all_tries.count() == 4
    with pytest.raises(SaysNothing):
        close_recall(recall=recall, note=" ", by=bench.pharmacist, at=AT)
    closed = close_recall(recall=recall, note="Stock returned.", by=bench.pharmacist, at=AT)
    assert closed.state == "closed"


def tell(
    contact: RecallContact, bench: Bench, result: TryResult, outcome: Outcome | None = None
) -> None:
    record_try(
        contact=contact,
        how=ReachedHow.PHONE,
        result=result,
        outcome=outcome,
        note="",
        by=bench.technician,
        at=AT,
    )


def test_a_draft_can_be_stopped_at_once_and_tells_nobody(bench: Bench, db: None) -> None:
    order, record = ready(bench, key="stop")
    recall = drafted(bench, active_lot(record))
    with pytest.raises(NotYourRole):
        stop_at_once(recall=recall, by=bench.technician, at=AT)
    stop_at_once(recall=recall, by=bench.verifier, at=AT)
    assert active_lot(record).state == "recalled"
    assert not FollowUp.objects.filter(kind=FollowUpKind.RECALL_PATIENT).exists()
    assert Recall.objects.get().state == "drafted"
    approve_recall(recall=recall, by=bench.pharmacist, at=AT, stopwatch=stopwatch)
    assert fresh(order).state == "on_hold"


def test_a_batch_is_recalled_without_its_lots(bench: Bench, db: None) -> None:
    _order, record = dispensed(bench)
    _other, untouched = ready(bench, key="untouched")
    recall = open_recall(
        subject=Subject(batch=record),
        urgency=Urgency.CLASS_3,
        reason="Wrong label",
        by=bench.technician,
        at=AT,
    )
    approve_recall(recall=recall, by=bench.pharmacist, at=AT, stopwatch=stopwatch)
    record.refresh_from_db()
    untouched.refresh_from_db()
    assert (record.state, untouched.state) == ("recalled", "released")
    assert active_lot(record).state == "released"


def what_a_recall_changes() -> list[object]:
    """Return everything that a recall may move or queue."""
    return [
        sorted(IngredientLot.objects.values_list("pk", "state")),
        sorted(CompoundingRecord.objects.values_list("pk", "state")),
        sorted(Order.objects.values_list("pk", "state")),
        StockMove.objects.count(),
        sorted(UnitLevel.objects.values_list("pk", "quantity")),
        FollowUp.objects.count(),
        OutgoingMessage.objects.count(),
        RecallContact.objects.count(),
        Allocation.objects.filter(withdrawn_at=None).count(),
    ]
