"""The whole job by its own commands: from a prescriber's form to a dispensed order and its follow-ups.

The demonstration, the demonstration data and the benchmark all walk this one path. What a person would read off
a balance is worked out from the worksheet here; everything else is what the pages call.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from pharmacy.batches.bench_steps import BenchStep, steps_for
from pharmacy.batches.models import BatchLine, CompoundingRecord
from pharmacy.batches.queries import CLOSURE_TRAITS, batch_units_of, ph_limits, sheet_of
from pharmacy.formulations.models import DosageForm, StepEntry, Unit
from pharmacy.intake.models import IntakeSubmission
from pharmacy.inventory.lot_codes import lot_symbol_text
from pharmacy.inventory.models import Balance
from pharmacy.orders.links import new_link
from pharmacy.orders.models import LinkPurpose, Order, PatientLink
from pharmacy.people.actors import PATIENT, Actor, actor_of
from pharmacy.workflow.check_batch import (
    record_appearance,
    record_closure,
    record_fill_weights,
    record_ph,
    record_volume,
)
from pharmacy.workflow.finish_batch import finish_compounding
from pharmacy.workflow.follow_step import mark_step_done
from pharmacy.workflow.patient_link import open_link
from pharmacy.workflow.plan_batch import plan_batch
from pharmacy.workflow.receive_intake import (
    IntakeOutcome,
    open_intake,
    save_answers,
    submit_intake,
)
from pharmacy.workflow.receive_prescription import PrescriptionForm, receive_prescription
from pharmacy.workflow.review_order import approve_order
from pharmacy.workflow.scan_container import scan_container
from pharmacy.workflow.seed.people import Staff
from pharmacy.workflow.verify_batch import verify_and_release
from pharmacy.workflow.weigh import lines_at_the_bench, record_weighing

SPREAD_MG = ("0.4", "-0.9", "1.2", "-0.3", "0.8", "-1.4", "0.1", "0.9", "-0.6", "0.2")
"""How ten filled capsules differ from the theoretical weight, as a capsule machine leaves them."""

MEANING = (
    "I checked this record, the weighings, the tests and the containers, and I release this batch."
)


@dataclass(frozen=True)
class Bench:
    """Who stands at the bench and at the desk, and the balance they use."""

    technician: Actor
    pharmacist: Actor
    verifier: Actor
    prescriber: Actor
    balance: Balance


def bench_of(staff: Staff, balance: Balance) -> Bench:
    """Return the bench of the demonstration pharmacy."""
    return Bench(
        technician=actor_of(staff.technician),
        pharmacist=actor_of(staff.pharmacist),
        verifier=actor_of(staff.second_pharmacist),
        prescriber=actor_of(staff.prescriber),
        balance=balance,
    )


def order_from(form: PrescriptionForm, *, bench: Bench, at: datetime) -> Order:
    """Send a prescriber's form; return the order."""
    return receive_prescription(form=form, by=bench.prescriber, at=at)


def answer_for(order: Order, answers: dict[str, Any], *, at: datetime) -> IntakeOutcome:
    """Answer the safety questions the way a patient does: by link, date of birth, answers, signature."""
    intake = _opened(order, at)
    name = order.prescription.patient.full_name
    save_answers(intake=intake, answers={**answers, "signature": name}, at=at)
    return submit_intake(intake=intake, signed_name=name, by=PATIENT, at=at)


def _opened(order: Order, at: datetime) -> IntakeSubmission:
    _link, token = new_link(
        order=order, purpose=LinkPurpose.INTAKE, lifetime=timedelta(days=14), at=at
    )
    born = order.prescription.patient.date_of_birth
    link: PatientLink = open_link(token=token, date_of_birth=born, at=at)
    return open_intake(link=link, at=at)


def approve(order: Order, *, bench: Bench, at: datetime) -> Order:
    """Approve an order after review; return it as it is now."""
    return approve_order(order=order, by=bench.pharmacist, at=at)


def plan(orders: Sequence[Order], *, bench: Bench, at: datetime) -> CompoundingRecord:
    """Plan one batch for the first line of each order; return the compounding record."""
    lines = [order.lines.get(position=1) for order in orders]
    return plan_batch(lines=lines, balance=bench.balance, by=bench.technician, at=at)


def weigh(
    record: CompoundingRecord,
    *,
    bench: Bench,
    at: datetime,
    tell: Callable[[BatchLine, Decimal], None] = lambda line, amount: None,
) -> None:
    """Scan each container, then weigh, pour or count its line as wanted; `tell` hears each."""
    for line in lines_at_the_bench(record.lines.order_by("position")):
        balance = bench.balance if line.unit == Unit.MG else None
        scan_container(line=line, scanned=lot_symbol_text(line.lot), by=bench.technician, at=at)
        record_weighing(line=line, amount=line.wanted, balance=balance, by=bench.technician, at=at)
        tell(line, line.wanted)


def follow(record: CompoundingRecord, *, by: Actor, at: datetime) -> None:
    """Do every step of the procedure in its order, with what it asks for; everything has been weighed before."""
    for step in steps_for(record):
        entry = _entry_for(step, record)
        mark_step_done(record=record, step=step, entry=entry, by=by, at=at)


def _entry_for(step: BenchStep, record: CompoundingRecord) -> str:
    """What a person would enter: a tick, or what is read off a measure, a balance or a pH meter."""
    if step.entry == StepEntry.NONE:
        return ""
    if step.entry != StepEntry.NUMBER:
        return "yes"
    read = {"mL": sheet_of(record).batch_volume_ml, "g": Decimal(batch_units_of(record))}
    lowest, highest = ph_limits(record) or (Decimal(7), Decimal(7))
    number = read.get(step.entry_unit) or (lowest + highest) / 2
    return format(number.normalize(), "f")


def finish_and_check(record: CompoundingRecord, *, bench: Bench, at: datetime) -> CompoundingRecord:
    """Follow the steps, finish compounding, do the checks of its form, and return the record as it is now."""
    by = bench.technician
    follow(record, by=by, at=at)
    record = finish_compounding(
        record=record,
        units_made=batch_units_of(record),
        units_wasted=0,
        observed_description=record.formula.physical_description,
        by=by,
        at=at,
    )
    check = record_appearance(
        record=record, traits=dict.fromkeys(record.formula.expected_traits, True), by=by, at=at
    )
    if record.formula.dosage_form == DosageForm.CAPSULE:
        check = record_fill_weights(record=record, gross_mg=ten_capsules(record), by=by, at=at)
    elif record.formula.is_liquid:
        filled = [record.formula.fill_ml or Decimal(0)] * batch_units_of(record)
        record_volume(record=record, bottle_ml=filled, by=by, at=at)
        traits = dict.fromkeys(CLOSURE_TRAITS, True)
        check = record_closure(record=record, traits=traits, by=by, at=at)
        limits = ph_limits(record)
        if limits is not None:
            check = record_ph(record=record, ph=(limits[0] + limits[1]) / 2, by=by, at=at)
    return check.record


def ten_capsules(record: CompoundingRecord) -> list[Decimal]:
    """Return ten gross weights (mg) around the worksheet's theoretical weight."""
    gross = (sheet_of(record).theoretical_gross_mg or Decimal(0)).quantize(Decimal("0.1"))
    return [gross + Decimal(spread) for spread in SPREAD_MG]


def release(record: CompoundingRecord, *, bench: Bench, at: datetime) -> CompoundingRecord:
    """Verify and release a batch as the pharmacist who did not make it; return it."""
    return verify_and_release(record=record, meaning=MEANING, by=bench.verifier, at=at)
