"""Writing what was measured: pack statistics of lots, drops of droppers, calibrations of balances."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from compounding import given, wording
from compounding.arithmetic import round_half_up
from compounding.drops import DropperCalibration as CountedDrops
from compounding.errors import Refusal
from compounding.spread import sample_sd
from compounding.weighing import usp41_minimum_from_readings
from pharmacy.audit.actions import record_event, writing
from pharmacy.formulations.models import Ingredient, MasterFormulationRecord
from pharmacy.inventory.models import (
    Balance,
    BalanceCalibration,
    DropperCalibration,
    IngredientLot,
    PackStatistic,
    RepeatabilityTest,
)
from pharmacy.people.actors import Actor, person_in
from pharmacy.people.roles import Role

_MG_IN_A_GRAM = Decimal(1000)
_VOLUME_PLACES = 4
_SD_PLACES = 6
_BALANCE_SD_PLACES = 5
_MINIMUM_PLACES = 4


class DueTooEarly(Refusal):
    """The next calibration would be due already."""


class WeightTooHeavy(Refusal):
    """The test weight is more than the balance carries."""


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
    by: Actor,
    at: datetime,
    volume_ml: Decimal | None = None,
    mass_mg: Decimal | None = None,
    density_g_per_ml: Decimal | None = None,
) -> DropperCalibration:
    """Return a calibration: so many drops of this formula, from this dropper, fill a volume or weigh a mass.

    Weighed drops need the density of the preparation: volume = mass / density, kept to 0.0001 mL. Raises
    CalibrationIncomplete unless there is either a volume, or a mass and a density; or a refusal of a figure.
    """
    user_id = person_in(Role.of_staff(), by)
    counted = CountedDrops(
        drops_counted=drops,
        volume_ml=volume_ml,
        mass_g=None if mass_mg is None else mass_mg / _MG_IN_A_GRAM,
        density_g_per_ml=density_g_per_ml,
    )
    kept = DropperCalibration.objects.create(
        formula=formula,
        dropper=dropper,
        drops=drops,
        volume_ml=round_half_up(counted.measured_ml(), _VOLUME_PLACES)
        if volume_ml is None
        else volume_ml,
        mass_mg=mass_mg,
        density_g_per_ml=density_g_per_ml,
        measured_on=timezone.localdate(at),
        measured_by_id=user_id,
    )
    new = {"dropper": dropper.name, "drops": drops, "volume_ml": kept.volume_ml}
    record_event(event="dropper_calibrated", record=formula, by=by, at=at, new=new)
    return kept


@writing()
def record_balance_calibration(
    *,
    balance: Balance,
    due_on: date,
    by: Actor,
    at: datetime,
    done_by: str = "",
    certificate_number: str = "",
    passed: bool = True,
) -> Balance:
    """Record a calibration done today and when the next is due; returns the balance.

    A balance that did not pass is overdue at once, so that it records nothing. Raises DueTooEarly.
    """
    user_id = person_in(Role.of_staff(), by)
    on = timezone.localdate(at)
    if passed and due_on <= on:
        raise DueTooEarly(_("The next calibration is due after today."))
    due_on = due_on if passed else on - timedelta(days=1)
    BalanceCalibration.objects.create(
        balance=balance,
        done_on=on,
        due_on=due_on,
        done_by=done_by.strip() or by.name,
        certificate_number=certificate_number.strip(),
        passed=passed,
        at=at,
        by_id=user_id,
    )
    old = balance.calibration_due_on
    balance.calibration_due_on = due_on
    balance.save(update_fields=["calibration_due_on"])
    record_event(
        event="balance_calibrated" if passed else "balance_failed_calibration",
        record=balance,
        by=by,
        at=at,
        old={"due_on": old},
        new={"due_on": due_on},
    )
    return balance


@writing()
def record_repeatability(
    *,
    balance: Balance,
    test_weight_mg: Decimal,
    readings_mg: Sequence[Decimal],
    by: Actor,
    at: datetime,
) -> RepeatabilityTest:
    """Return a repeatability test: the readings of one test weight, their SD and the least weight of USP <41>.

    The balance's own figure follows it. Raises TooFewReadings below ten, or WeightTooHeavy.
    """
    user_id = person_in(Role.of_staff(), by)
    given.positive(test_weight_mg, _("The test weight"))
    if test_weight_mg > balance.capacity_mg:
        raise WeightTooHeavy(
            _("%(balance)s carries %(capacity)s mg.")
            % {"balance": balance.name, "capacity": wording.grouped(balance.capacity_mg)}
        )
    least = usp41_minimum_from_readings(readings_mg, readability_mg=balance.readability_mg)
    sd_mg = round_half_up(sample_sd(readings_mg), _SD_PLACES)
    tested = RepeatabilityTest.objects.create(
        balance=balance,
        test_weight_mg=test_weight_mg,
        readings_mg=[wording.number(reading) for reading in readings_mg],
        sd_mg=sd_mg,
        minimum_mg=round_half_up(least.minimum_mg, _MINIMUM_PLACES),
        at=at,
        by_id=user_id,
    )
    balance.repeatability_sd_mg = round_half_up(sd_mg, _BALANCE_SD_PLACES)
    balance.save(update_fields=["repeatability_sd_mg"])
    new = {"sd_mg": sd_mg, "minimum_mg": tested.minimum_mg}
    record_event(event="balance_repeatability_tested", record=balance, by=by, at=at, new=new)
    return tested
