"""The finished batch is looked at: fill weights or volumes, appearance, closure. A repeat is a new row."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import BooleanField
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext as _

from compounding import given, wording
from compounding.arithmetic import round_half_up
from compounding.errors import Refusal
from compounding.uniformity import FillWeights, check_fill_weights
from compounding.worksheet import CapsuleInputs
from pharmacy.audit.actions import record_event, writing
from pharmacy.audit.transitions import move
from pharmacy.batches.models import CheckKind, CompoundingRecord, Deviation, QualityCheck
from pharmacy.batches.policies import fill_weight_policies
from pharmacy.batches.queries import (
    CLOSURE_TRAITS,
    inputs_of,
    latest_checks,
    missing_among,
    ph_limits,
    required_checks,
    sheet_of,
    stands,
)
from pharmacy.batches.states import BATCH_STATES, BatchState
from pharmacy.people.actors import Actor, person_in
from pharmacy.people.roles import Role

_PLACES = 3
_HIGHEST_PH = 14


class NotToBeChecked(Refusal):
    """The batch is not finished, or is decided already."""


class CheckNotForThisForm(Refusal):
    """Capsules have no volume, and drops no fill weight."""


class TooFewReadings(Refusal):
    """Fewer capsules or bottles than the policy asks for."""


class TraitsUnanswered(Refusal):
    """Every expected trait is answered with yes or no, and no other."""


class PhOffTheScale(Refusal):
    """A pH that no meter shows."""


class RepeatNeedsReason(Refusal):
    """A failed check is repeated only with what was found out about it."""


@writing()
def record_fill_weights(
    *,
    record: CompoundingRecord,
    gross_mg: Sequence[Decimal],
    by: Actor,
    at: datetime,
    note: str = "",
) -> QualityCheck:
    """Return the check of capsules weighed one by one, shell included (mg); they stay usable.

    The verdict compares each with the theoretical fill, by the policies. It says that the capsules were
    filled evenly, not what each holds. Raises NotToBeChecked, CheckNotForThisForm, TooFewReadings,
    RepeatNeedsReason, or LighterThanItsShell.
    """
    record = _open_for(record, CheckKind.FILL_WEIGHT)
    policies = fill_weight_policies(on=timezone.localdate(at))
    if len(gross_mg) < policies.sample:
        raise TooFewReadings(
            _("Weigh %(wanted)s capsules one by one; %(count)s are entered.")
            % {"wanted": wording.number(policies.sample), "count": wording.number(len(gross_mg))}
        )
    shell = CapsuleInputs.from_json(inputs_of(record)).shell
    verdict = check_fill_weights(
        gross_mg,
        mean_shell_mg=shell.mean_shell_mg,
        theoretical_fill_mg=sheet_of(record).theoretical_fill_mg or Decimal(0),
        limits_pct=policies.limits_pct,
        rsd_limit_pct=policies.rsd_limit_pct,
        mean_limit_pct=policies.mean_limit_pct,
    )
    return _write(
        record,
        CheckKind.FILL_WEIGHT,
        readings={"gross_mg": [wording.number(weight) for weight in gross_mg]},
        verdict=_fill_weight_verdict(verdict),
        passed=verdict.passes,
        note=note,
        by=by,
        at=at,
    )


@writing()
def record_appearance(
    *,
    record: CompoundingRecord,
    traits: Mapping[str, bool],
    by: Actor,
    at: datetime,
    note: str = "",
) -> QualityCheck:
    """Return the check of the appearance: each trait that the formula expects, ticked or not."""
    record = _open_for(record, CheckKind.APPEARANCE)
    expected = record.formula.expected_traits
    return _write_traits(record, CheckKind.APPEARANCE, expected, traits, note=note, by=by, at=at)


@writing()
def record_closure(
    *,
    record: CompoundingRecord,
    traits: Mapping[str, bool],
    by: Actor,
    at: datetime,
    note: str = "",
) -> QualityCheck:
    """Return the check of bottles and closures: each of CLOSURE_TRAITS, ticked or not."""
    record = _open_for(record, CheckKind.CLOSURE)
    return _write_traits(
        record, CheckKind.CLOSURE, list(CLOSURE_TRAITS), traits, note=note, by=by, at=at
    )


@writing()
def record_volume(
    *,
    record: CompoundingRecord,
    bottle_ml: Sequence[Decimal],
    by: Actor,
    at: datetime,
    note: str = "",
) -> QualityCheck:
    """Return the check of the volumes (mL) in the bottles: each holds at least what its label says.

    Every bottle is read, or as many as the policy samples. Raises like `record_fill_weights`.
    """
    record = _open_for(record, CheckKind.VOLUME)
    sample = min(fill_weight_policies(on=timezone.localdate(at)).sample, record.units_made or 1)
    if len(bottle_ml) < sample:
        raise TooFewReadings(
            _("Read the volume of %(wanted)s bottles; %(count)s are entered.")
            % {"wanted": wording.number(sample), "count": wording.number(len(bottle_ml))}
        )
    label_ml = record.formula.package_ml or Decimal(0)
    for volume in bottle_ml:
        given.positive(volume, _("A volume"))
    return _write(
        record,
        CheckKind.VOLUME,
        readings={"bottle_ml": [wording.number(volume) for volume in bottle_ml]},
        verdict={"label_ml": wording.number(label_ml), "least_ml": wording.number(min(bottle_ml))},
        passed=min(bottle_ml) >= label_ml,
        note=note,
        by=by,
        at=at,
    )


@writing()
def record_ph(
    *, record: CompoundingRecord, ph: Decimal, by: Actor, at: datetime, note: str = ""
) -> QualityCheck:
    """Return the check of the pH against the limits of the formula. Raises PhOffTheScale and as the others do."""
    record = _open_for(record, CheckKind.PH)
    if not 0 <= ph <= _HIGHEST_PH:
        raise PhOffTheScale(_("A pH lies between 0 and 14."))
    low, high = ph_limits(record) or (Decimal(0), Decimal(0))
    return _write(
        record,
        CheckKind.PH,
        readings={"ph": wording.number(ph)},
        verdict={"low": wording.number(low), "high": wording.number(high)},
        passed=low <= ph <= high,
        note=note,
        by=by,
        at=at,
    )


_HAS_CHECKS = (
    "EXISTS (SELECT 1 FROM batches_qualitycheck c WHERE c.record_id = batches_compoundingrecord.id)"
)


def _open_for(record: CompoundingRecord, kind: CheckKind) -> CompoundingRecord:
    rows = CompoundingRecord.objects.select_related("formula").select_for_update(of=("self",))
    record = rows.annotate(has_checks=RawSQL(_HAS_CHECKS, [], BooleanField())).get(pk=record.pk)
    if record.state not in (BatchState.COMPOUNDED, BatchState.CHECKED):
        raise NotToBeChecked(
            _("Batch %(number)s is %(state)s and cannot be checked.")
            % {"number": record.number, "state": record.get_state_display()}
        )
    if kind not in required_checks(record):
        raise CheckNotForThisForm(
            _("This form (%(form)s) is not checked for %(kind)s.")
            % {"form": record.formula.get_dosage_form_display(), "kind": kind.label}
        )
    return record


def _write_traits(
    record: CompoundingRecord,
    kind: CheckKind,
    expected: Sequence[str],
    traits: Mapping[str, bool],
    *,
    note: str,
    by: Actor,
    at: datetime,
) -> QualityCheck:
    if not expected or set(traits) != set(expected):
        raise TraitsUnanswered(_("Answer every trait with yes or no."))
    missing = [trait for trait in expected if not traits[trait]]
    return _write(
        record,
        kind,
        readings={"traits": {trait: traits[trait] for trait in expected}},
        verdict={"missing": missing},
        passed=not missing,
        note=note,
        by=by,
        at=at,
    )


def _write(
    record: CompoundingRecord,
    kind: CheckKind,
    *,
    readings: dict[str, Any],
    verdict: dict[str, Any],
    passed: bool,
    note: str,
    by: Actor,
    at: datetime,
) -> QualityCheck:
    user_id = person_in(Role.of_staff(), by)
    # The first of a batch's checks need not ask for those before it.
    latest = latest_checks(record) if vars(record)["has_checks"] else {}
    before = latest.get(kind)
    if before is not None and not stands(before) and not note.strip():
        raise RepeatNeedsReason(
            _("This check failed before. Write down what you found out, then repeat it.")
        )
    check = QualityCheck.objects.create(
        record=record,
        kind=kind,
        readings={**readings, **({"note": note.strip()} if note.strip() else {})},
        verdict=verdict,
        passed=passed,
        at=at,
        by_id=user_id,
    )
    new = {"kind": kind.value, "passed": passed}
    record_event(event="batch_check_recorded", record=record, by=by, at=at, new=new)
    if not passed:
        _open_deviation(check, by=by, at=at)
    move_on_when_checked(record, {**latest, kind: check}, by=by, at=at)
    return check


def move_on_when_checked(
    record: CompoundingRecord,
    latest: Mapping[CheckKind, QualityCheck],
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Move a compounded batch on when every required check stands among the newest of each kind."""
    if record.state == BatchState.COMPOUNDED and not missing_among(record, latest):
        move(record, table=BATCH_STATES, to=BatchState.CHECKED, by=by, at=at)


def _open_deviation(check: QualityCheck, *, by: Actor, at: datetime) -> None:
    """A result outside its specification is a deviation by itself: USP <795> (2023) section 8."""
    deviation = Deviation.objects.create(
        record=check.record,
        quality_check=check,
        what_happened=_("The check of %(kind)s failed.") % {"kind": CheckKind(check.kind).label},
        at=at,
        by_id=check.by_id,
    )
    record_event(
        event="batch_deviation_reported",
        record=check.record,
        by=by,
        at=at,
        new={"deviation": deviation.pk, "check": check.kind},
    )


def _fill_weight_verdict(verdict: FillWeights) -> dict[str, Any]:
    """The figures as they are shown: to three places, as text."""
    return {
        "units": [
            {
                "number": wording.number(unit.number),
                "gross_mg": wording.number(unit.gross_mg),
                "net_mg": _shown(unit.net_mg),
                "pct": _shown(unit.pct),
                "within": unit.within,
            }
            for unit in verdict.units
        ],
        "mean_net_mg": _shown(verdict.mean_net_mg),
        "sd_mg": _shown(verdict.sd_mg),
        "rsd_pct": _shown(verdict.rsd_pct),
        "mean_pct": _shown(verdict.mean_pct),
        "units_ok": verdict.units_ok,
        "rsd_ok": verdict.rsd_ok,
        "mean_ok": verdict.mean_ok,
    }


def _shown(value: Decimal) -> str:
    return wording.number(round_half_up(value, _PLACES))
