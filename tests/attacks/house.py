"""A pharmacy after a day on which everything happened at least once: every table of ours has a row to attack."""

from datetime import timedelta

from django.contrib.auth.models import Group, Permission
from django.db import connection, transaction

from pharmacy.batches.models import (
    AheadOfOrders,
    BalanceReading,
    CompoundedLot,
    CompoundingRecord,
    Deviation,
    Disposition,
    NearMiss,
)
from pharmacy.contacts.models import Enquiry
from pharmacy.documents.actions import keep_file
from pharmacy.documents.models import Document, DocumentKind
from pharmacy.documents.runs import keep_run
from pharmacy.followups.actions import expect_call, mark_seen, record_call
from pharmacy.followups.expansion import expand_due_followups
from pharmacy.followups.models import CheckIn, OutgoingMessage
from pharmacy.formulations.actions import draft_from
from pharmacy.formulations.queries import approved_formula
from pharmacy.intake.models import IntakeSubmission
from pharmacy.inventory.lot_codes import lot_symbol_text
from pharmacy.inventory.models import IngredientLot
from pharmacy.leaflets.actions import draft_edition
from pharmacy.leaflets.models import LeafletEdition
from pharmacy.orders.models import Clarification, Order
from pharmacy.people.actors import Actor
from pharmacy.people.models import User
from pharmacy.recalls.actions import record_try, withdraw_recall
from pharmacy.recalls.models import Outcome, ReachedHow, Recall, RecallContact, TryResult
from pharmacy.workflow.answer_enquiry import answer_enquiry
from pharmacy.workflow.balance_readings import new_token
from pharmacy.workflow.demonstration import Bench, plan
from pharmacy.workflow.deviations import close_deviation, report_deviation
from pharmacy.workflow.dispense_order import dispense_order
from pharmacy.workflow.keep_photo import keep_photo
from pharmacy.workflow.print_labels import print_labels
from pharmacy.workflow.print_papers import open_document, print_papers
from pharmacy.workflow.receive_enquiry import receive_enquiry
from pharmacy.workflow.review_order import lift_hold, override_finding
from pharmacy.workflow.scan_container import scan_container
from pharmacy.workflow.second_look import look_again
from pharmacy.workflow.seed.lab import seed_care
from pharmacy.workflow.seed.pharmacy import seed_day, seed_house
from tests.factories.job import AT, approved, made
from tests.factories.lab import NOW
from tests.factories.photos import a_photo
from tests.pharmacy.backoffice.recall_rows import a_lot_file, a_recall, a_running_recall
from tests.pharmacy.followups.rows import an_enquiry_form


def everything_happened() -> None:
    """Fill the database, and tell no worker: one that other tests left running would go to work on these rows."""
    with transaction.atomic():
        _all_of_it()
        connection.run_on_commit.clear()


def _all_of_it() -> None:
    bench = seed_house(at=AT - timedelta(days=30))
    seed_care(technician=User.objects.get(pk=_key(bench.technician)), at=NOW)
    seed_day(bench=bench, at=AT)
    checked = made(bench, key="checked")[1]
    planned = plan([_order("demo-per")], bench=bench, at=AT)
    released = CompoundingRecord.objects.get(state="released")
    look_again(record=released, seen="As it was.", is_as_expected=True, by=bench.technician, at=AT)
    dispensed = _order("demo-grace")
    _papers(dispensed, bench)
    dispense_order(order=dispensed, by=bench.pharmacist, at=AT)
    _at_the_bench(planned, checked, released, bench)
    _among_people(dispensed, released, bench)
    _written_down(checked, bench)
    _half_done(bench)


def _key(person: Actor) -> int:
    return person.user_id or 0


def _order(key: str) -> Order:
    return Order.objects.select_related("prescription").get(prescription__idempotency_key=key)


def _papers(order: Order, bench: Bench) -> None:
    """The papers of the order, printed. Nobody reads them here: a few bytes stand for each."""
    documents = print_papers(order=order, start_on=None, by=bench.pharmacist, at=AT)
    for document in documents:
        keep_file(document=document, pdf=b"%PDF-1.7", labels=1, at=AT)
        open_document(document=document, by=bench.pharmacist, at=AT)
    run = print_labels(
        orders=[order],
        stock="roll-4x2",
        start_position=1,
        by=bench.technician,
        at=AT,
        reason="Torn",
    )
    keep_run(run=run, pdf=b"%PDF-1.7", label_counts=[1], at=AT)


def _at_the_bench(
    planned: CompoundingRecord,
    checked: CompoundingRecord,
    released: CompoundingRecord,
    bench: Bench,
) -> None:
    by, at = bench.technician, AT
    line = planned.lines.select_related("lot").earliest("pk")
    scan_container(line=line, scanned=lot_symbol_text(line.lot), by=by, at=at)
    NearMiss.objects.create(
        line=line, wanted="this", scanned="that", why="Another lot.", at=at + timedelta(minutes=1),
        by_id=_key(by),
    )  # fmt: skip
    AheadOfOrders.objects.create(
        record=planned, reason="It is asked for.", history_days=90, dispensed_units=9, free_units=0
    )
    new_token(balance=bench.balance, by=bench.pharmacist, at=at)
    BalanceReading.objects.create(
        balance=bench.balance, amount_mg=line.wanted, is_stable=True, measured_at=at, received_at=at
    )
    keep_photo(record=checked, shows="The filled capsules.", content=a_photo(), by=by, at=at)
    for what in ("A draught.", "A drop fell."):
        report_deviation(record=released, what_happened=what, what_was_done="Waited.", by=by, at=at)
    close_deviation(
        deviation=Deviation.objects.earliest("pk"),
        disposition=Disposition.ACCEPT,
        assessment="It stood still.",
        by=bench.verifier,
        at=at,
    )


def _among_people(order: Order, released: CompoundingRecord, bench: Bench) -> None:
    expand_due_followups(at=AT)
    message = OutgoingMessage.objects.earliest("pk")
    OutgoingMessage.objects.filter(pk=message.pk).update(state="sent", claimed_at=AT, sent_at=AT)
    for _day in (7, 28):
        check_in = CheckIn.objects.create(order=order, at=AT, feeling="worse", opioid_since="no")
    mark_seen(check_in=check_in, by=bench.technician, at=AT)
    call = expect_call(order=order, because="No answer for a week.", due_at=AT)
    record_call(call=call, outcome="Well.", by=bench.technician, at=AT)
    expect_call(order=order, because="No answer for four weeks.", due_at=AT)
    Clarification.objects.create(
        prescription=order.prescription,
        text="At bedtime.",
        told_by="Dr. Chen",
        told_how="by telephone",
        at=AT,
        by_id=_key(bench.pharmacist),
    )
    a_recall(bench)
    waiting = Order.objects.exclude(prescription__patient=order.prescription.patient)
    recall = a_running_recall(bench, released, [order, *waiting[:1]])
    _reached(recall, order, bench)
    nguyen = User.objects.get(pk=_key(bench.technician))
    nguyen.groups.add(Group.objects.create(name="Technicians"))
    nguyen.user_permissions.add(Permission.objects.earliest("pk"))


def _reached(recall: Recall, order: Order, bench: Bench) -> None:
    """One patient was reached; the prescriber and another patient still wait."""
    record_try(
        contact=recall.contacts.get(order=order),
        how=ReachedHow.PHONE,
        result=TryResult.REACHED,
        outcome=Outcome.DISCARDS,
        note="",
        by=bench.pharmacist,
        at=AT,
    )
    RecallContact.objects.create(
        recall=recall,
        prescriber=order.prescription.prescriber,
        order=order,
        fills=1,
        followup=order.followups.filter(recall_contact=None).earliest("pk"),
    )


def _written_down(checked: CompoundingRecord, bench: Bench) -> None:
    a_lot_file(bench)
    lot = IngredientLot.objects.latest("pk")
    CompoundedLot.objects.create(record=checked, lot=lot)
    Deviation.objects.create(
        record=checked,
        quality_check=checked.checks.earliest("pk"),
        what_happened="One was heavy.",
        at=AT,
        by_id=_key(bench.technician),
    )
    Document.objects.create(
        kind=DocumentKind.LOT_LABEL,
        lot=lot,
        context={},
        context_sha256="0" * 64,
        template_version="1",
        requested_at=AT,
        requested_by_id=_key(bench.technician),
    )
    draft_from(formula=approved_formula("ldn-capsules"), reason="Less.", by=bench.technician, at=AT)
    edition = LeafletEdition.objects.earliest("pk")
    draft_edition(
        rule_set=edition.rule_set,
        language=edition.language,
        blocks=edition.blocks,
        by=bench.technician,
        at=AT,
    )


def _half_done(bench: Bench) -> None:
    """Orders on their way: one approved, one lifted from its hold, one whose patient is answering."""
    approved(bench, key="approved")
    held = _order("demo-mai")
    for finding in held.findings.filter(overridden_at=None, min_override_on=None)[:1]:
        override_finding(finding=finding, reason="Seen.", by=bench.pharmacist, at=AT)
    lift_hold(order=held, note="She takes none.", by=bench.pharmacist, at=AT)
    answering = _order("demo-wanda").prescription.patient
    IntakeSubmission.objects.create(
        patient=answering, questionnaire_version="1", started_at=AT, saved_at=AT
    )
    enquiry = Enquiry.objects.earliest("pk")
    answer_enquiry(enquiry=enquiry, answer="Dr. Chen does.", by=bench.pharmacist, at=AT)
    receive_enquiry(form=an_enquiry_form(), at=AT)
    doubt = a_recall(bench, "MC-5533")
    withdraw_recall(recall=doubt, note="It was another lot.", by=bench.pharmacist, at=AT)
