"""Recalls for the pages: a draft by its own command, and a running one with so many people to call."""

from pharmacy.batches.models import CompoundingRecord
from pharmacy.followups.actions import schedule_all
from pharmacy.followups.models import FollowUpKind
from pharmacy.inventory.lot_files import keep_file
from pharmacy.inventory.models import IngredientLot, LotDocument
from pharmacy.orders.models import Order
from pharmacy.recalls.actions import open_recall
from pharmacy.recalls.models import Recall, RecallContact, Urgency
from pharmacy.recalls.walk import Subject
from pharmacy.workflow.demonstration import Bench
from tests.factories.job import AT


def a_recall(bench: Bench, lot_number: str = "NX-2201") -> Recall:
    """Return a draft that the second pharmacist opened."""
    return open_recall(
        subject=Subject(lot=IngredientLot.objects.get(lot_number=lot_number)),
        urgency=Urgency.CLASS_2,
        reason="A capsule was empty.",
        by=bench.verifier,
        at=AT,
    )


def a_running_recall(bench: Bench, record: CompoundingRecord, orders: list[Order]) -> Recall:
    """Return a running recall with the patient of each order to call. Nothing else was moved for it."""
    recall = Recall.objects.create(
        number=f"R-2025-{Recall.objects.count() + 1:03d}",
        batch=record,
        state="approved",
        urgency=Urgency.CLASS_1,
        reason="Another substance was found.",
        opened_by_id=bench.verifier.user_id or 0,
        opened_at=AT,
        approved_by_id=bench.pharmacist.user_id,
        approved_at=AT,
        batches_found=1,
        fills_found=len(orders),
        patients_found=len(orders),
        prescribers_found=1,
        letters=len(orders) + 1,
        seconds="0.250",
    )
    due = schedule_all(
        kind=FollowUpKind.RECALL_PATIENT, orders=orders, sequence=recall.pk, due_at=AT
    )
    RecallContact.objects.bulk_create(
        RecallContact(
            recall=recall,
            patient_id=order.prescription.patient_id,
            order=order,
            fills=1,
            followup=followup,
        )
        for order, followup in zip(orders, due, strict=True)
    )
    return recall


def a_lot_file(bench: Bench) -> LotDocument:
    """Return a file of the first lot there is."""
    lot = IngredientLot.objects.order_by("pk").first()
    assert lot is not None
    return keep_file(lot=lot, name="coa.pdf", content=b"%PDF-1.7 coa", by=bench.technician, at=AT)
