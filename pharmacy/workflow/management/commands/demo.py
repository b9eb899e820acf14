"""`manage.py demo`: run both orders of the job from the form to the last follow-up, and tell it."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from compounding import wording
from pharmacy.batches.models import BatchLine
from pharmacy.batches.queries import sheet_of
from pharmacy.documents.models import Document
from pharmacy.documents.queries import pdf_bytes
from pharmacy.documents.tasks import render
from pharmacy.followups.expansion import expand_due_followups
from pharmacy.followups.models import OutgoingMessage
from pharmacy.followups.sending import send_due_messages
from pharmacy.orders.models import Order
from pharmacy.people.actors import Actor
from pharmacy.workflow.answer_enquiry import answer_enquiry
from pharmacy.workflow.demonstration import (
    Bench,
    answer_for,
    approve,
    finish_and_check,
    order_from,
    plan,
    release,
    weigh,
)
from pharmacy.workflow.dispense_order import dispense_order
from pharmacy.workflow.print_papers import open_document, print_papers, print_record
from pharmacy.workflow.receive_enquiry import EnquiryForm, receive_enquiry
from pharmacy.workflow.receive_prescription import PrescriptionForm
from pharmacy.workflow.seed.answers import answers
from pharmacy.workflow.seed.orders import GRACE, JO, capsules_form, drops_form
from pharmacy.workflow.seed.pharmacy import seed_house


class Command(BaseCommand):
    help = "Run two orders from the prescriber's form to the last follow-up; write the papers to VAR_DIR."

    def handle(self, *args: object, **options: object) -> None:
        self.now = timezone.now()
        self.folder = Path(settings.VAR_DIR) / "papers"
        self.folder.mkdir(parents=True, exist_ok=True)
        bench = seed_house(at=self.now)
        self.run_order(bench, capsules_form(patient=GRACE, key="demo-job-capsules"))
        self.run_order(bench, drops_form(patient=JO, key="demo-job-drops"))
        self.run_enquiry(bench)
        self.later(bench)

    def run_order(self, bench: Bench, form: PrescriptionForm) -> None:
        """Walk one order through the pharmacy."""
        at = self.now
        order = order_from(form, bench=bench, at=at)
        line = order.lines.select_related("formula").get(position=1)
        self.title(f"Rx {order.number}: {line.formula.name}")
        self.say(f"The prescriber sends the form. Directions: {line.directions}")
        self.send_mail("The patient gets a link to the safety questions.")
        outcome = answer_for(order, answers(), at=at)
        self.say(f"The patient answers. Held for a pharmacist: {'yes' if outcome.held else 'no'}.")
        order = approve(Order.objects.get(pk=order.pk), bench=bench, at=at)
        self.say(f"{bench.pharmacist.name} reviews and approves.")
        self.make(bench, order)
        self.hand_over(bench, order)

    def make(self, bench: Bench, order: Order) -> None:
        """Plan, weigh, check and release the batch of an order, and print its record."""
        record = plan([order], bench=bench, at=self.now)
        self.say(f"Lot {record.number} is planned. The arithmetic:")
        for step in sheet_of(record).working:
            self.say(f"    {step.label}: {step.expression} = {step.result}")
        weigh(record, bench=bench, at=self.now, tell=self.tell_weighing)
        record = finish_and_check(record, bench=bench, at=self.now)
        for check in record.checks.order_by("id"):
            self.say(f"    {check.get_kind_display()}: {'passed' if check.passed else 'failed'}")
        record = release(record, bench=bench, at=self.now)
        self.say(
            f"{bench.verifier.name}, who did not make it, verifies and releases lot {record.number}."
        )
        if record.beyond_use_on:
            day = wording.full_day(record.beyond_use_on)
            self.say(f"Use before {day}: {record.beyond_use_reason}")
        self.write([print_record(record=record, by=bench.verifier, at=self.now)], bench.verifier)

    def tell_weighing(self, line: BatchLine, amount: Decimal) -> None:
        """Say what was measured out, and from which lot; outside of its limits it would have been refused."""
        self.say(
            f"    {line.ingredient.name}, lot {line.lot.lot_number}: "
            f"{wording.number(amount)} {line.unit}, within its limits"
        )

    def hand_over(self, bench: Bench, order: Order) -> None:
        """Print label and leaflet, and dispense."""
        order = Order.objects.get(pk=order.pk)
        papers = print_papers(order=order, start_on=None, by=bench.pharmacist, at=self.now)
        self.write(papers, bench.pharmacist)
        for fill in dispense_order(order=order, by=bench.pharmacist, at=self.now):
            self.say(
                f"Dispensed: {fill.quantity} of lot {fill.record.number}. The order is closed."
            )
        self.send_mail("The patient gets a link to the plan and the leaflet.")

    def write(self, documents: list[Document], by: Actor) -> None:
        """Render papers, write them to the folder, and record that they were opened."""
        for document in documents:
            render(document_id=document.pk)
            document.refresh_from_db()
            path = self.folder / f"{document.kind}-{document.pk}.pdf"
            path.write_bytes(pdf_bytes(document))
            open_document(document=document, by=by, at=self.now)
            self.say(f"Printed: {document.get_kind_display()}, {path.name}")

    def run_enquiry(self, bench: Bench) -> None:
        """Take an enquiry, acknowledge it, tell the staff, answer it."""
        self.title("An enquiry")
        enquiry = receive_enquiry(
            form=EnquiryForm(
                idempotency_key="demo-job-enquiry",
                topic="find_prescriber",
                name="Noor Haddad",
                email="noor.haddad@example.org",
                message="Who near Portland prescribes this?",
                needs_prescriber=True,
            ),
            at=self.now,
        )
        self.say(f"{enquiry.reference}: somebody needs help finding a prescriber.")
        self.send_mail("It is acknowledged, and the staff are told.")
        answer_enquiry(
            enquiry=enquiry,
            answer="Casco Bay Family Medicine in Portland takes new patients.",
            by=bench.pharmacist,
            at=self.now,
        )
        self.send_mail("A pharmacist answers.")

    def later(self, bench: Bench) -> None:
        """Let day 7 and day 28 come."""
        for day in (7, 28):
            self.title(f"Day {day}")
            self.now += timedelta(days=day) if day == 7 else timedelta(days=21)
            self.send_mail("Both patients are asked how it goes.")

    def send_mail(self, sentence: str) -> None:
        """Send what is due now, and say to whom."""
        before = OutgoingMessage.objects.filter(state="sent").count()
        expand_due_followups(at=self.now)
        send_due_messages(clock=lambda: self.now)
        sent = OutgoingMessage.objects.filter(state="sent").order_by("id")[before:]
        self.say(sentence)
        for message in sent:
            self.say(f"    Mail to {message.recipient}: {message.subject}")

    def title(self, text: str) -> None:
        self.stdout.write(f"\n{text}\n{'=' * len(text)}")

    def say(self, text: str) -> None:
        self.stdout.write(text)
