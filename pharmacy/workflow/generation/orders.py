"""Many orders at once, for measuring: most dispensed long ago, a day's work still open."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from django.db import transaction
from django.db.models import Max

from pharmacy.batches.models import CompoundingRecord, UnitMove, UnitPlace
from pharmacy.contacts.models import Prescriber
from pharmacy.intake.models import IntakeSubmission, Patient
from pharmacy.intake.questionnaire import QUESTIONNAIRE
from pharmacy.leaflets.models import Condition
from pharmacy.orders.actions import next_rx_number
from pharmacy.orders.models import (
    Allocation,
    Fill,
    Order,
    OrderFinding,
    OrderLine,
    Prescription,
    TitrationStep,
)
from pharmacy.orders.states import OrderState
from pharmacy.people.models import User
from pharmacy.workflow.generation.batches import Pattern, copy_batches
from pharmacy.workflow.generation.followups import write_enquiries, write_followups
from pharmacy.workflow.generation.people import make_patients, make_prescribers
from pharmacy.workflow.seed.answers import CLEAN_ANSWERS

CHUNK = 1000
ORDERS_A_DAY = 400
OPEN_ORDERS = 300
"""However many orders there are, only a few days' work is open."""
FILLS_A_BATCH = 20
OPEN_STATES = (OrderState.IN_REVIEW, OrderState.APPROVED, OrderState.READY)


@dataclass(frozen=True)
class Template:
    """An order that really went through, and the batch made for it."""

    order: Order
    pattern: Pattern
    pharmacist: User


def generate_orders(
    total: int, *, templates: list[Template], now: datetime, seed: int = 1
) -> Iterator[int]:
    """Write `total` orders in chunks, each one transaction; yield how many stand so far.

    The rows are copies of orders that really went through, with other people, days and states. They carry no audit
    events: they are for measuring, not for keeping.
    """
    chance = Random(seed)
    prescribers = make_prescribers(
        60, verifier=templates[0].pharmacist, at=now - timedelta(days=3650), chance=chance
    )
    done = 0
    while done < total:
        size = min(CHUNK, total - done)
        # Oldest first, so that numbers and days rise together.
        ages = [timedelta(days=(total - done - n - 1) / ORDERS_A_DAY) for n in range(size)]
        still_open = [total - done - n <= min(OPEN_ORDERS, total // 4) for n in range(size)]
        with transaction.atomic():
            _Chunk(templates, prescribers, now, chance).write(ages, still_open)
        done += size
        yield done


class _Chunk:
    """One transaction's worth of orders."""

    def __init__(
        self,
        templates: list[Template],
        prescribers: list[Prescriber],
        now: datetime,
        chance: Random,
    ) -> None:
        self.templates, self.prescribers, self.now, self.chance = (
            templates,
            prescribers,
            now,
            chance,
        )
        self.conditions = list(Condition.objects.all())

    def write(self, ages: list[timedelta], still_open: list[bool]) -> None:
        """Write one order for each age."""
        patients = make_patients(
            max(1, len(ages) * 7 // 10),
            at=self.now - max(ages) - timedelta(days=1),
            chance=self.chance,
        )
        chosen = [self.chance.choice(self.templates) for _ in ages]
        people = [self.chance.choice(patients) for _ in ages]
        prescriptions = self._prescriptions(ages, chosen, people)
        orders = self._orders(prescriptions, ages, still_open, people)
        lines = self._lines(orders, chosen)
        self._findings(orders)
        for template in self.templates:
            self._fills(
                template,
                [
                    (order, line)
                    for order, line, used in zip(orders, lines, chosen, strict=True)
                    if used is template and order.state in (OrderState.DISPENSED, OrderState.READY)
                ],
            )
        person = self.templates[0].pharmacist
        write_followups(orders, now=self.now, person=person, chance=self.chance)
        write_enquiries(orders, now=self.now, person=person, chance=self.chance)

    def _prescriptions(
        self, ages: list[timedelta], chosen: list[Template], people: list[Patient]
    ) -> list[Prescription]:
        first = next_rx_number()
        rows = []
        for place, (age, template, patient) in enumerate(zip(ages, chosen, people, strict=True)):
            row = template.order.prescription
            values = {
                field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields
            }
            number = first + place
            values.update(
                id=None,
                number=number,
                idempotency_key=f"generated-{number}",
                received_at=self.now - age,
                prescriber_id=self.chance.choice(self.prescribers).pk,
                patient_id=patient.pk,
                condition_id=self.chance.choice(self.conditions).pk,
            )
            rows.append(Prescription(**values))
        written = Prescription.objects.bulk_create(rows)
        TitrationStep.objects.bulk_create(
            TitrationStep(
                prescription=prescription,
                position=step.position,
                dose_mg=step.dose_mg,
                days=step.days,
            )
            for prescription, template in zip(written, chosen, strict=True)
            for step in template.order.prescription.steps.all()
        )
        return written

    def _orders(
        self,
        prescriptions: list[Prescription],
        ages: list[timedelta],
        still_open: list[bool],
        people: list[Patient],
    ) -> list[Order]:
        intakes = IntakeSubmission.objects.bulk_create(
            IntakeSubmission(
                patient=patient,
                questionnaire_version=QUESTIONNAIRE.version,
                answers=CLEAN_ANSWERS,
                started_at=self.now - age,
                saved_at=self.now - age,
                submitted_at=self.now - age,
                signed_name=patient.full_name,
            )
            for patient, age in zip(people, ages, strict=True)
        )
        return Order.objects.bulk_create(
            self._order(prescription, intake, self.now - age, is_open)
            for prescription, intake, age, is_open in zip(
                prescriptions, intakes, ages, still_open, strict=True
            )
        )

    def _order(
        self, prescription: Prescription, intake: IntakeSubmission, at: datetime, is_open: bool
    ) -> Order:
        state = self.chance.choice(OPEN_STATES) if is_open else OrderState.DISPENSED
        pharmacist = self.templates[0].pharmacist
        order = Order(
            prescription=prescription,
            state=state,
            received_at=at,
            due_on=(at + timedelta(days=5)).date(),
            intake=intake,
            screened_at=at,
        )
        if state != OrderState.IN_REVIEW:
            order.approved_at, order.approved_by = at, pharmacist
        if state == OrderState.DISPENSED:
            order.dispensed_at, order.dispensed_by = (
                min(at + timedelta(days=3), self.now),
                pharmacist,
            )
            order.start_on = order.dispensed_at.date()
        return order

    def _lines(self, orders: list[Order], chosen: list[Template]) -> list[OrderLine]:
        return OrderLine.objects.bulk_create(
            OrderLine(
                order=order,
                position=1,
                formula_id=line.formula_id,
                strength=line.strength,
                quantity=line.quantity,
                directions=line.directions,
                days_supply=line.days_supply,
            )
            for order, template in zip(orders, chosen, strict=True)
            for line in template.order.lines.all()[:1]
        )

    def _findings(self, orders: list[Order]) -> None:
        pharmacist = self.templates[0].pharmacist
        OrderFinding.objects.bulk_create(
            OrderFinding(
                order=order,
                kind="THY-01",
                severity="relative",
                phrase="Thyroid medicine",
                evidence="Thyroid medicine: Yes",
                pharmacist_text="Confirm a baseline TSH.",
                raised_at=order.received_at,
                overridden_at=order.approved_at,
                overridden_by=pharmacist if order.approved_at else None,
                override_reason="TSH known and stable." if order.approved_at else "",
            )
            for order in orders
            if self.chance.random() < 0.1
        )

    def _fills(self, template: Template, made: list[tuple[Order, OrderLine]]) -> None:
        groups = [
            made[start : start + FILLS_A_BATCH] for start in range(0, len(made), FILLS_A_BATCH)
        ]
        batches = copy_batches(
            template.pattern,
            [group[0][0].received_at + timedelta(days=1) for group in groups],
            first=_next_generated_number(),
        )
        pairs = [
            (order, line, batch)
            for group, batch in zip(groups, batches, strict=True)
            for order, line in group
        ]
        UnitMove.objects.bulk_create(
            _unit_move(batch, line.quantity, UnitPlace.BENCH, UnitPlace.STOCK, batch.number)
            for _order, line, batch in pairs
        )
        Allocation.objects.bulk_create(
            Allocation(line=line, record=batch, quantity=line.quantity)
            for _order, line, batch in pairs
        )
        dispensed = [
            (order, at, line, batch) for order, line, batch in pairs if (at := order.dispensed_at)
        ]
        Fill.objects.bulk_create(
            Fill(
                line=line,
                record=batch,
                quantity=line.quantity,
                dispensed_at=at,
                dispensed_by=template.pharmacist,
            )
            for _order, at, line, batch in dispensed
        )
        UnitMove.objects.bulk_create(
            _unit_move(batch, line.quantity, UnitPlace.STOCK, UnitPlace.PATIENT, order.number)
            for order, _at, line, batch in dispensed
        )


def _unit_move(
    batch: CompoundingRecord, quantity: int, source: UnitPlace, target: UnitPlace, reference: str
) -> UnitMove:
    return UnitMove(
        record=batch,
        quantity=quantity,
        from_place=source,
        to_place=target,
        at=batch.planned_at,
        by_id=batch.planned_by_id,
        reference=reference,
    )


def _next_generated_number() -> int:
    newest = CompoundingRecord.objects.filter(number__startswith="G-").aggregate(newest=Max("id"))[
        "newest"
    ]
    if newest is None:
        return 1
    return int(CompoundingRecord.objects.get(pk=newest).number.rsplit("-", 1)[1]) + 1
