"""Writing what was measured: pack statistics of lots, drops of droppers, calibrations of balances."""

from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from compounding import given
from pharmacy.audit.actions import record_event, writing
from pharmacy.formulations.models import Ingredient, MasterFormulationRecord
from pharmacy.inventory.models import Balance, DropperCalibration, IngredientLot, PackStatistic
from pharmacy.people.actors import Actor, person_in
from pharmacy.people.roles import Role


@writing()
def record_pack_statistic(
    *, lot: IngredientLot, capsule_size: str, mg_per_capsule: Decimal, by: Actor, at: datetime
) -> PackStatistic:
    """Return a measured pack statistic: mg of this lot alone that fill one capsule of the size."""
    user_id = person_in(Role.of_staff(), by)
    given.positive(mg_per_capsule, _("The pack statistic"))
    measured = PackStatistic.objects.create(
        lot=lot,
        capsule_size=capsule_size,
        mg_per_capsule=mg_per_capsule,
        measured_on=timezone.localdate(at),
        measured_by_id=user_id,
    )
    new = {"size": capsule_size, "mg_per_capsule": mg_per_capsule}
    record_event(event="pack_statistic_measured", record=lot, by=by, at=at, new=new)
    return measured


@writing()
def record_dropper_calibration(
    *,
    formula: MasterFormulationRecord,
    dropper: Ingredient,
    drops: int,
    volume_ml: Decimal,
    by: Actor,
    at: datetime,
) -> DropperCalibration:
    """Return a calibration: so many drops of this formula, counted from this dropper, fill this volume."""
    user_id = person_in(Role.of_staff(), by)
    given.count(drops, _("The number of drops"))
    given.positive(volume_ml, _("The volume"))
    counted = DropperCalibration.objects.create(
        formula=formula,
        dropper=dropper,
        drops=drops,
        volume_ml=volume_ml,
        measured_on=timezone.localdate(at),
        measured_by_id=user_id,
    )
    new = {"dropper": dropper.name, "drops": drops, "volume_ml": volume_ml}
    record_event(event="dropper_calibrated", record=formula, by=by, at=at, new=new)
    return counted


@writing()
def record_balance_calibration(
    *, balance: Balance, due_on: date, by: Actor, at: datetime
) -> Balance:
    """Record that a balance was calibrated and when it is due next; returns it."""
    person_in(Role.of_staff(), by)
    old = balance.calibration_due_on
    balance.calibration_due_on = due_on
    balance.save(update_fields=["calibration_due_on"])
    record_event(
        event="balance_calibrated",
        record=balance,
        by=by,
        at=at,
        old={"due_on": old},
        new={"due_on": due_on},
    )
    return balance
