"""The recall screens: from a typed lot to everybody who had it, two people's decision, call after call."""

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from pharmacy.batches.models import CompoundingRecord
from pharmacy.followups.models import FollowUp
from pharmacy.inventory.lot_codes import lot_symbol_text
from pharmacy.inventory.models import IngredientLot
from pharmacy.orders.models import Order
from pharmacy.recalls.models import Recall, RecallContact
from pharmacy.workflow.demonstration import Bench
from pharmacy.workflow.dispense_order import dispense_order
from tests.factories.job import AT, answered, fresh, printed
from tests.pharmacy.backoffice.recall_rows import a_running_recall
from tests.pharmacy.backoffice.rows import more_orders_like

WHY = {"urgency": "class_2", "reason": "The supplier found glass in it"}


def post(client: Client, name: str, *args: object, **typed: object) -> HttpResponse:
    return client.post(reverse(f"admin:{name}", args=args), typed)  # type: ignore[return-value]


def page(client: Client, name: str, *args: object, query: str = "") -> str:
    return client.get(reverse(f"admin:{name}", args=args) + query).content.decode()


def handed_out(bench: Bench) -> tuple[Order, CompoundingRecord, IngredientLot]:
    order, record = printed(bench, key="recall-pages")
    dispense_order(order=fresh(order), by=bench.pharmacist, at=AT)
    return order, record, record.lines.get(role="active").lot


def test_nothing_to_see_says_what_to_practise(bench: Bench, technician: Client) -> None:
    text = page(technician, "recalls")
    assert "There has been no recall and no drill." in text
    assert "Practise one before you need it" in text


def test_a_lot_a_batch_or_a_scan_leads_to_who_had_it(bench: Bench, technician: Client) -> None:
    order, record, lot = handed_out(bench)
    where = reverse("admin:recall_of_lot", args=[lot.pk])
    for typed in (lot.lot_number, lot_symbol_text(lot)):
        assert post(technician, "recalls", what=typed)["Location"] == where
    batch = post(technician, "recalls", what=record.number.lower())
    assert batch["Location"] == reverse("admin:recall_of_batch", args=[record.pk])
    answer = post(technician, "recalls", what="NX-0000")
    assert answer.status_code == 422
    assert "There is no lot NX-0000" in answer.content.decode()
    text = page(technician, "recall_of_lot", lot.pk)
    patient = order.prescription.patient
    for said in (patient.full_name, patient.phone, patient.email, order.number, record.number):
        assert said in text
    assert "Opening a recall stops and sends nothing." in text


def test_a_lot_that_went_nowhere_says_so(bench: Bench, technician: Client) -> None:
    lot = IngredientLot.objects.get(lot_number="NX-2234")
    text = page(technician, "recall_of_lot", lot.pk)
    assert "nothing made from it was handed out" in text


def test_a_drill_says_how_long_it_took_and_touches_nothing(
    bench: Bench, technician: Client
) -> None:
    _order, _record, lot = handed_out(bench)
    before = FollowUp.objects.count()
    answer = post(technician, "recall_of_lot", lot.pk, drill="yes", **WHY)
    drill = Recall.objects.get()
    assert answer["Location"] == reverse("admin:recall", args=[drill.pk])
    text = page(technician, "recall", drill.pk)
    assert "Nothing was moved, nobody was told" in text
    assert "Found 1 fill of 1 patient in 1 batch, in" in text
    assert "2 messages were written and not sent." in text
    lot.refresh_from_db()
    assert (lot.state, FollowUp.objects.count()) == ("released", before)


def test_what_was_typed_is_kept_when_something_is_missing(bench: Bench, technician: Client) -> None:
    lot = IngredientLot.objects.get(lot_number="NX-2201")
    answer = post(technician, "recall_of_lot", lot.pk, open="yes", reason="Glass in it")
    assert answer.status_code == 422
    assert "Choose how bad it may be" in answer.content.decode()
    assert "Glass in it" in answer.content.decode()
    assert not Recall.objects.exists()


def test_from_the_first_doubt_to_the_last_call(
    bench: Bench, pharmacist: Client, second_pharmacist: Client, technician: Client
) -> None:
    order, _record, lot = handed_out(bench)
    post(second_pharmacist, "recall_of_lot", lot.pk, open="yes", **WHY)
    recall = Recall.objects.get()
    own = page(second_pharmacist, "recall", recall.pk)
    assert "Call another pharmacist now" in own
    assert reverse("admin:recall_approve", args=[recall.pk]) not in own
    refused = post(second_pharmacist, "recall_approve", recall.pk)
    assert refused.status_code == 422
    assert "another pharmacist has to approve it" in refused.content.decode()
    assert "A recall of it is open" in page(technician, "recall_of_lot", lot.pk)
    other = page(pharmacist, "recall", recall.pk)
    assert "Approve and start the recall" in other
    assert "take no more of it" in other, "the letters can be read before they go"
    assert post(pharmacist, "recall_approve", recall.pk).status_code == 302
    text = page(technician, "recall", recall.pk)
    assert f"Call next: {order.prescription.patient.full_name}" in text
    contact = RecallContact.objects.get(patient__isnull=False)
    typed = {f"c{contact.pk}-how": "phone", f"c{contact.pk}-note": "Was asleep"}
    for result in ("", "reached", "reached:knows"):
        typed[f"c{contact.pk}-result"] = result
        answer = post(technician, "recall_call", contact.pk, **typed)
        assert answer.status_code == 422, result
        assert "Was asleep" in answer.content.decode()
    typed[f"c{contact.pk}-result"] = "reached:returns"
    assert post(technician, "recall_call", contact.pk, **typed).status_code == 302
    text = page(technician, "recall", recall.pk)
    assert "Call next: Lily Chen" in text
    assert post(pharmacist, "recall_close", recall.pk, note="Done").status_code == 422
    prescriber = RecallContact.objects.get(prescriber__isnull=False)
    typed = {
        f"c{prescriber.pk}-how": "phone",
        f"c{prescriber.pk}-result": "reached:knows",
    }
    assert post(technician, "recall_call", prescriber.pk, **typed).status_code == 302
    assert "Nobody is left to reach" in page(pharmacist, "recall", recall.pk)
    assert post(pharmacist, "recall_close", recall.pk, note="All told").status_code == 302
    assert "All told" in page(technician, "recall", recall.pk)


def test_four_hundred_people_are_paged_by_the_last_row(bench: Bench, technician: Client) -> None:
    order = answered(bench, key="recall-many")
    _order, record = printed(bench, key="recall-many-batch")
    people = more_orders_like(order, 59)
    recall = a_running_recall(bench, record, [order])
    patients = [
        type(order.prescription.patient)(
            full_name=f"Patient {number}",
            date_of_birth=order.prescription.patient.date_of_birth,
            email=f"p{number}@example.org",
            phone="+1 207 555 0199",
            created_at=AT,
        )
        for number in range(59)
    ]
    type(patients[0]).objects.bulk_create(patients)
    due = [
        FollowUp(kind="recall_patient", order=each, sequence=recall.pk, due_at=AT)
        for each in people
    ]
    FollowUp.objects.bulk_create(due)
    RecallContact.objects.bulk_create(
        RecallContact(recall=recall, patient=patient, order=each, fills=1, followup=followup)
        for patient, each, followup in zip(patients, people, due, strict=True)
    )
    first = page(technician, "recall", recall.pk)
    assert "<strong>60</strong> patients to reach" in first
    assert first.count("Write down a call") == 49, "the first of them stands above the list"
    last = RecallContact.objects.order_by("pk")[49]
    second = page(technician, "recall", recall.pk, query=f"?list=call&after=0-{last.pk}")
    assert "Patient 58" in second
    assert "Patient 10<" not in second
