"""A lab at work: people, formulas, lots, and compounding records driven by the real commands to any state."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from pharmacy.batches.actions import plan_record
from pharmacy.batches.models import BatchLine, CompoundingRecord, ContainerScan
from pharmacy.batches.queries import CLOSURE_TRAITS, batch_units_of, ph_limits, sheet_of
from pharmacy.batches.states import BatchState
from pharmacy.formulations.models import DosageForm, Ingredient, MasterFormulationRecord, Unit
from pharmacy.formulations.queries import approved_formula
from pharmacy.inventory.actions import LotCertificate, receive_lot, release_lot
from pharmacy.inventory.lot_codes import lot_symbol_text
from pharmacy.inventory.measurements import record_pack_statistic
from pharmacy.inventory.models import AssayBasis, Balance, IngredientLot, Supplier
from pharmacy.people.actors import Actor, actor_of
from pharmacy.workflow.check_batch import (
    record_appearance,
    record_closure,
    record_fill_weights,
    record_ph,
    record_volume,
)
from pharmacy.workflow.demonstration import follow
from pharmacy.workflow.finish_batch import finish_compounding
from pharmacy.workflow.scan_container import scan_container
from pharmacy.workflow.seed.content import seed_policies
from pharmacy.workflow.seed.lab import BALANCE, OVERDUE_BALANCE, SIZE, seed_lab
from pharmacy.workflow.seed.people import Staff, seed_people
from pharmacy.workflow.verify_batch import reject_batch, verify_and_release
from pharmacy.workflow.weigh import record_weighing

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
"""The moment at which tests happen: a Friday morning in the pharmacy."""

MEANING = "I checked this record and release this batch."
AFTER_PLANNING = ("weighing", "compounded", "checked", "released")


@dataclass(frozen=True)
class Lab:
    """A lab with its people. The technician makes; the verifier has touched nothing."""

    staff: Staff
    balance: Balance
    technician: Actor
    pharmacist: Actor
    verifier: Actor

    @property
    def overdue_balance(self) -> Balance:
        return Balance.objects.get(name=OVERDUE_BALANCE)

    def formula(self, code: str = "ldn-capsules") -> MasterFormulationRecord:
        return approved_formula(code)

    def ingredient(self, label_name: str) -> Ingredient:
        return Ingredient.objects.get(label_name=label_name)

    def lot(self, lot_number: str) -> IngredientLot:
        return IngredientLot.objects.select_related("ingredient").get(lot_number=lot_number)


def people(at: datetime = NOW) -> Staff:
    """Return the people of the pharmacy."""
    return seed_people(at=at)


def lab(at: datetime = NOW) -> Lab:
    """Return a lab with approved formulas, policies and lots; the second call finds the first one's."""
    staff = people(at)
    seed_policies(author=staff.second_pharmacist, approver=staff.pharmacist, at=at)
    seed_lab(
        author=staff.second_pharmacist,
        approver=staff.pharmacist,
        technician=staff.technician,
        at=at,
    )
    return lab_of(staff)


def lab_of(staff: Staff) -> Lab:
    """Return the lab that is there already, read anew."""
    return Lab(
        staff=staff,
        balance=Balance.objects.get(name=BALANCE),
        technician=actor_of(staff.technician),
        pharmacist=actor_of(staff.pharmacist),
        verifier=actor_of(staff.second_pharmacist),
    )


def compounding_record_at(
    state: str = "released",
    *,
    code: str = "ldn-capsules",
    strength: str = "1.5",
    units: int = 126,
    at: datetime = NOW,
) -> CompoundingRecord:
    """Return a compounding record that its own commands brought to the state."""
    here = lab_of(people(at)) if Balance.objects.filter(name=BALANCE).exists() else lab(at)
    record = plan(here, code=code, strength=strength, units=units, at=at)
    if state == BatchState.REJECTED:
        return reject_batch(record=record, reason="Spilled.", by=here.pharmacist, at=at)
    steps = {
        "weighing": weigh_all,
        "compounded": finish,
        "checked": check_all,
        "released": release,
    }
    for reached in AFTER_PLANNING[: AFTER_PLANNING.index(state) + 1 if state != "planned" else 0]:
        steps[reached](here, record, at=at)
    return fresh(record)


def plan(
    here: Lab,
    *,
    code: str = "ldn-capsules",
    strength: str = "1.5",
    units: int = 126,
    active: Ingredient | None = None,
    at: datetime = NOW,
) -> CompoundingRecord:
    """Return a planned record."""
    return plan_record(
        formula=here.formula(code),
        strength=Decimal(strength),
        units=units,
        balance=here.balance,
        doses_mg=[Decimal("0.5"), Decimal(1)],
        active=active,
        by=here.technician,
        at=at,
    )


def weigh_all(here: Lab, record: CompoundingRecord, *, at: datetime = NOW) -> None:
    """Scan each container and weigh its line as wanted."""
    for line in record.lines.select_related("lot").order_by("position"):
        balance = here.balance if line.unit == Unit.MG else None
        scan(here, line, at=at)
        record_weighing(line=line, amount=line.wanted, balance=balance, by=here.technician, at=at)


def scan(
    here: Lab, line: BatchLine, *, by: Actor | None = None, at: datetime = NOW
) -> ContainerScan:
    """Scan the label of the line's own lot."""
    return scan_container(
        line=line, scanned=lot_symbol_text(line.lot), by=by or here.technician, at=at
    )


def finish(here: Lab, record: CompoundingRecord, *, at: datetime = NOW) -> None:
    """Follow the steps left and finish with every unit usable."""
    follow(record, by=here.technician, at=at)
    finish_compounding(
        record=record,
        units_made=batch_units_of(record),
        units_wasted=0,
        observed_description="As described.",
        by=here.technician,
        at=at,
    )


def check_all(here: Lab, record: CompoundingRecord, *, at: datetime = NOW) -> None:
    """Pass every check of the form."""
    formula, by = record.formula, here.technician
    record_appearance(
        record=record, traits=dict.fromkeys(formula.expected_traits, True), by=by, at=at
    )
    if formula.dosage_form == DosageForm.CAPSULE:
        record_fill_weights(record=record, gross_mg=even_capsules(record), by=by, at=at)
        return
    if not formula.is_liquid:
        return
    volumes = [formula.fill_ml or Decimal(0)] * record.units_wanted
    record_volume(record=record, bottle_ml=volumes, by=by, at=at)
    record_closure(record=record, traits=dict.fromkeys(CLOSURE_TRAITS, True), by=by, at=at)
    limits = ph_limits(record)
    if limits is not None:
        record_ph(record=record, ph=(limits[0] + limits[1]) / 2, by=by, at=at)


def release(here: Lab, record: CompoundingRecord, *, at: datetime = NOW) -> None:
    """Verify and release as the pharmacist who did not make it."""
    verify_and_release(record=record, meaning=MEANING, by=here.verifier, at=at)


def even_capsules(record: CompoundingRecord, count: int = 10) -> list[Decimal]:
    """Return gross weights (mg) close around the theoretical weight."""
    gross = sheet_of(record).theoretical_gross_mg or Decimal(0)
    return [gross + Decimal(number % 3 - 1) / 2 for number in range(count)]


def fresh(record: CompoundingRecord) -> CompoundingRecord:
    """Return the record as the database has it now."""
    return CompoundingRecord.objects.select_related("formula").get(pk=record.pk)


def new_lot(
    here: Lab,
    label_name: str,
    lot_number: str,
    quantity: str,
    *,
    expires: str = "2028-03",
    certificate: LotCertificate | None = None,
    pack_statistic_mg: str | None = None,
    mean_shell_mg: str | None = None,
    is_released: bool = True,
    at: datetime = NOW,
) -> IngredientLot:
    """Return a lot that came in, was measured and, unless told otherwise, released."""
    lot = receive_lot(
        ingredient=here.ingredient(label_name),
        supplier=Supplier.objects.get_or_create(name="Test Supplies")[0],
        lot_number=lot_number,
        quantity=Decimal(quantity),
        expires=expires,
        certificate=certificate,
        mean_shell_mg=None if mean_shell_mg is None else Decimal(mean_shell_mg),
        by=here.technician,
        at=at - timedelta(days=1),
    )
    if pack_statistic_mg is not None:
        record_pack_statistic(
            lot=lot,
            capsule_size=SIZE,
            mg_per_capsule=Decimal(pack_statistic_mg),
            by=here.technician,
            at=at,
        )
    return release_lot(lot=lot, by=here.pharmacist, at=at) if is_released else lot


def as_is_certificate(assay_pct: str = "100") -> LotCertificate:
    """Return a certificate whose assay is of the powder as it is."""
    return LotCertificate(
        certificate_number="C-1", assay_pct=Decimal(assay_pct), assay_basis=AssayBasis.AS_IS
    )
