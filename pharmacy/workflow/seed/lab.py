"""The lab of the demonstration pharmacy: formulas, suppliers, lots with their certificates, balances, a dropper."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from pharmacy.audit.actions import writing
from pharmacy.formulations.models import Ingredient
from pharmacy.formulations.queries import approved_formula
from pharmacy.inventory.actions import LotCertificate, expire_lots, receive_lot, release_lot
from pharmacy.inventory.measurements import (
    record_balance_calibration,
    record_dropper_calibration,
    record_pack_statistic,
    record_repeatability,
)
from pharmacy.inventory.models import (
    AssayBasis,
    Balance,
    DropperCalibration,
    IngredientLot,
    Supplier,
)
from pharmacy.inventory.reordering import set_minimum
from pharmacy.people.actors import Actor, actor_of
from pharmacy.people.models import User
from pharmacy.workflow.seed.formulas import seed_formulas
from pharmacy.workflow.seed.substances import Shelf, seed_ingredients

D = Decimal

BALANCE = "Analytical balance A1"
OVERDUE_BALANCE = "Torsion balance T2"
SIZE = "3"


@dataclass(frozen=True, kw_only=True)
class DemoLot:
    """A lot as it came in. Days count from the day of the seed, so that the demonstration never grows old."""

    ingredient: str
    lot_number: str
    quantity: Decimal
    expires_in_days: int
    supplier: str = "Cedar Fine Chemicals"
    received_days_ago: int = 60
    is_released: bool = True
    certificate: LotCertificate | None = None
    pack_statistic_mg: Decimal | None = None
    mean_shell_mg: Decimal | None = None


_NALTREXONE_CERTIFICATE = LotCertificate(
    certificate_number="CFC-NX-2201",
    assay_pct=D("99.6"),
    assay_basis=AssayBasis.ANHYDROUS_SOLVENT_FREE,
    water_pct=D("0.8"),
    solvents_pct=D(0),
)
_SECOND_NALTREXONE_CERTIFICATE = LotCertificate(
    certificate_number="CFC-NX-2234",
    assay_pct=D("98.7"),
    assay_basis=AssayBasis.ANHYDROUS_SOLVENT_FREE,
    water_pct=D("2.1"),
    solvents_pct=D("0.1"),
)
_KETOTIFEN_CERTIFICATE = LotCertificate(
    certificate_number="CFC-KT-0917",
    assay_pct=D("99.8"),
    assay_basis=AssayBasis.DRIED,
    loss_on_drying_pct=D("0.2"),
)

_ALLOPURINOL_CERTIFICATE = LotCertificate(
    certificate_number="CFC-AL-3307",
    assay_pct=D("99.5"),
    assay_basis=AssayBasis.DRIED,
    loss_on_drying_pct=D("0.1"),
)

LOTS = (
    DemoLot(
        ingredient="naltrexone hydrochloride",
        lot_number="NX-2201",
        quantity=D(25_000),
        expires_in_days=430,
        certificate=_NALTREXONE_CERTIFICATE,
        pack_statistic_mg=D(200),
    ),
    DemoLot(
        ingredient="naltrexone hydrochloride",
        lot_number="NX-2234",
        quantity=D(25_000),
        expires_in_days=700,
        received_days_ago=3,
        is_released=False,
        certificate=_SECOND_NALTREXONE_CERTIFICATE,
        pack_statistic_mg=D(198),
    ),
    DemoLot(
        ingredient="ketotifen fumarate",
        lot_number="KT-0917",
        quantity=D(10_000),
        expires_in_days=500,
        certificate=_KETOTIFEN_CERTIFICATE,
        pack_statistic_mg=D(175),
    ),
    DemoLot(
        ingredient="microcrystalline cellulose",
        lot_number="MC-5510",
        quantity=D(250_000),
        expires_in_days=-40,
        received_days_ago=700,
        supplier="Harbor Excipients",
        pack_statistic_mg=D(151),
    ),
    DemoLot(
        ingredient="microcrystalline cellulose",
        lot_number="MC-5533",
        quantity=D(400_000),
        expires_in_days=250,
        supplier="Harbor Excipients",
        pack_statistic_mg=D(150),
    ),
    DemoLot(
        ingredient="microcrystalline cellulose",
        lot_number="MC-5561",
        quantity=D(1_000_000),
        expires_in_days=620,
        received_days_ago=20,
        supplier="Harbor Excipients",
        pack_statistic_mg=D("147.5"),
    ),
    DemoLot(
        ingredient="hypromellose capsule",
        lot_number="HC-0301",
        quantity=D(5_000),
        expires_in_days=900,
        supplier="Harbor Excipients",
        mean_shell_mg=D(48),
    ),
    DemoLot(
        ingredient="ascorbic acid",
        lot_number="AA-118",
        quantity=D(250_000),
        expires_in_days=380,
    ),
    DemoLot(
        ingredient="sodium benzoate",
        lot_number="SB-077",
        quantity=D(100_000),
        expires_in_days=800,
    ),
    DemoLot(ingredient="glycerin", lot_number="GL-412", quantity=D(1_000), expires_in_days=540),
    DemoLot(
        ingredient="purified water", lot_number="PW-96", quantity=D(6_000), expires_in_days=300
    ),
    DemoLot(
        ingredient="allopurinol",
        lot_number="AL-3307",
        quantity=D(100_000),
        expires_in_days=560,
        certificate=_ALLOPURINOL_CERTIFICATE,
    ),
    DemoLot(
        ingredient="suspending vehicle", lot_number="SV-071", quantity=D(2_000), expires_in_days=330
    ),
    DemoLot(
        ingredient="syrup vehicle", lot_number="SY-112", quantity=D(4_000), expires_in_days=340
    ),
    DemoLot(
        ingredient="medium-chain triglyceride oil",
        lot_number="MT-204",
        quantity=D(2_000),
        expires_in_days=410,
        supplier="Harbor Excipients",
    ),
    DemoLot(
        ingredient="colloidal silicon dioxide",
        lot_number="CS-018",
        quantity=D(50_000),
        expires_in_days=900,
        supplier="Harbor Excipients",
    ),
    DemoLot(
        ingredient="100 mL bottle",
        lot_number="BT-100-3",
        quantity=D(60),
        expires_in_days=1_500,
        supplier="Harbor Excipients",
    ),
    DemoLot(
        ingredient="60 mL vial",
        lot_number="VL-60-2",
        quantity=D(60),
        expires_in_days=700,
        supplier="Harbor Excipients",
    ),
    DemoLot(
        ingredient="60 mL vial",
        lot_number="VL-60-5",
        quantity=D(400),
        expires_in_days=1_400,
        received_days_ago=20,
        supplier="Harbor Excipients",
    ),
    DemoLot(
        ingredient="120 mL jar",
        lot_number="JR-120-1",
        quantity=D(40),
        expires_in_days=1_500,
        supplier="Harbor Excipients",
    ),
    DemoLot(
        ingredient="30 mL dropper bottle",
        lot_number="BT-30-8",
        quantity=D(120),
        expires_in_days=1_500,
        supplier="Harbor Excipients",
    ),
    DemoLot(
        ingredient="container label",
        lot_number="LB-42-19",
        quantity=D(400),
        expires_in_days=700,
        supplier="Harbor Excipients",
    ),
)

REPEATED_MG = tuple(D(100) + D(hundredths) / 100 for hundredths in (0, 0, 1, 0, 0, -1, 0, 0, 0, 0))
"""Ten weighings of a 100 mg weight on the bench's balance, as a good balance shows them."""
LEAST_LABELS = D(500)


@writing()
def seed_lab(*, author: User, approver: User, technician: User, at: datetime) -> Balance:
    """Return the balance of the bench, with everything else in place that a batch needs. Changes nothing twice."""
    shelf = seed_ingredients()
    seed_formulas(shelf, author=actor_of(author), approver=actor_of(approver), at=at)
    for lot in LOTS:
        if not IngredientLot.objects.filter(lot_number=lot.lot_number).exists():
            _receive(
                lot, shelf, receiver=actor_of(technician), pharmacist=actor_of(approver), at=at
            )
    expire_lots(at=at)
    _calibrate_dropper(shelf, by=actor_of(technician), at=at)
    return _balances(at)


def _receive(
    demo: DemoLot, shelf: Shelf, *, receiver: Actor, pharmacist: Actor, at: datetime
) -> None:
    received_at = at - timedelta(days=demo.received_days_ago)
    expires_on = timezone.localdate(at) + timedelta(days=demo.expires_in_days)
    lot = receive_lot(
        ingredient=shelf.ingredients[demo.ingredient],
        supplier=Supplier.objects.get_or_create(name=demo.supplier)[0],
        lot_number=demo.lot_number,
        quantity=demo.quantity,
        expires=expires_on.isoformat(),
        certificate=demo.certificate,
        mean_shell_mg=demo.mean_shell_mg,
        by=receiver,
        at=received_at,
    )
    if demo.pack_statistic_mg is not None:
        record_pack_statistic(
            lot=lot,
            capsule_size=SIZE,
            mg_per_capsule=demo.pack_statistic_mg,
            by=receiver,
            at=received_at,
        )
    if demo.is_released:
        release_lot(lot=lot, by=pharmacist, at=received_at + timedelta(hours=2))


def _calibrate_dropper(shelf: Shelf, *, by: Actor, at: datetime) -> None:
    """Three runs of 33, 33 and 34 drops together: 4 mL of the watery ones, 3.2 mL of the oily ones."""
    dropper = shelf.ingredients["30 mL dropper bottle"]
    for code, volume_ml in (("ldn-drops", D(4)), ("ldn-oil-drops", D("3.2"))):
        formula = approved_formula(code)
        if not DropperCalibration.objects.filter(formula=formula, dropper=dropper).exists():
            record_dropper_calibration(
                formula=formula, dropper=dropper, drops=100, volume_ml=volume_ml, by=by, at=at
            )


def _balances(at: datetime) -> Balance:
    today = timezone.localdate(at)
    Balance.objects.get_or_create(
        name=OVERDUE_BALANCE,
        defaults={
            "serial_number": "T2-00718",
            "readability_mg": D(1),
            "sensitivity_mg": D(6),
            "capacity_mg": D(120_000),
            "calibration_due_on": today - timedelta(days=12),
        },
    )
    bench, _created = Balance.objects.get_or_create(
        name=BALANCE,
        defaults={
            "serial_number": "A1-44190",
            "readability_mg": D("0.01"),
            "sensitivity_mg": D("0.5"),
            "repeatability_sd_mg": D("0.004"),
            "capacity_mg": D(220_000),
            "calibration_due_on": today + timedelta(days=190),
        },
    )
    return bench


@writing()
def seed_care(*, technician: User, at: datetime) -> None:
    """Add what a pharmacy writes down over the months: a calibration, a repeatability test, a minimum of labels."""
    by = actor_of(technician)
    balance = Balance.objects.get(name=BALANCE)
    if balance.calibrations.exists():
        return
    record_balance_calibration(
        balance=balance,
        due_on=balance.calibration_due_on,
        done_by="Casco Scale Service",
        certificate_number="CSS-26-1187",
        by=by,
        at=at,
    )
    record_repeatability(
        balance=balance, test_weight_mg=D(100), readings_mg=REPEATED_MG, by=by, at=at
    )
    labels = Ingredient.objects.get(label_name="container label")
    set_minimum(ingredient=labels, minimum=LEAST_LABELS, by=by, at=at)
