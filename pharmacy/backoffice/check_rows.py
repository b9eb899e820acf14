"""The quality checks of a batch: those still to do, each with its form, and those done, each with its verdict."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from compounding import wording
from pharmacy.backoffice import pictures
from pharmacy.backoffice.bench_forms import PhForm, ReadingsForm, TraitsForm
from pharmacy.batches.models import CheckKind, CompoundingRecord, QualityCheck
from pharmacy.batches.policies import FillWeightPolicies, fill_weight_policies
from pharmacy.batches.queries import CLOSURE_TRAITS, ph_limits, required_checks, stands

Sent = tuple[str, forms.Form] | None


@dataclass(frozen=True)
class CheckToDo:
    """A check that is missing or failed, and its form."""

    kind: str
    label: str
    form: forms.Form
    failed: bool
    hint: str


@dataclass(frozen=True)
class CheckRow:
    """A check that was done: its verdict in words, and its picture for capsules."""

    check: QualityCheck
    counts: bool
    is_accepted: bool
    verdict: tuple[str, ...]
    strip: pictures.Strip | None


def check_form(
    record: CompoundingRecord, kind: CheckKind, data: Any = None, *, failed_before: bool = False
) -> ReadingsForm | TraitsForm | PhForm:
    """Return the form of a check, as many readings as the policy asks for."""
    shared: dict[str, Any] = {"prefix": kind.value, "failed_before": failed_before}
    if kind == CheckKind.APPEARANCE:
        traits = [(trait, trait) for trait in record.formula.expected_traits]
        return TraitsForm(data, traits=traits, **shared)
    if kind == CheckKind.CLOSURE:
        return TraitsForm(data, traits=list(CLOSURE_TRAITS.items()), **shared)
    if kind == CheckKind.PH:
        return PhForm(data, **shared)
    sample = _policies().sample
    if kind == CheckKind.VOLUME:
        count = min(sample, record.units_made or 1)
        return ReadingsForm(data, count=count, what=_("Bottle"), **shared)
    return ReadingsForm(data, count=sample, what=_("Capsule"), **shared)


def latest_of(record: CompoundingRecord) -> dict[CheckKind, QualityCheck]:
    """Return the newest check of each kind of a record that came with `record_for_page`."""
    return {CheckKind(check.kind): check for check in record.checks.all()}


def checks_to_do(record: CompoundingRecord, sent: Sent) -> list[CheckToDo]:
    """Return the checks that are not passed yet, in the order they are asked for."""
    latest = latest_of(record)
    rows = []
    for kind in required_checks(record):
        before = latest.get(kind)
        if before is not None and stands(before):
            continue
        form = sent[1] if sent and sent[0] == kind.value else None
        rows.append(
            CheckToDo(
                kind=kind.value,
                label=str(kind.label),
                form=form or check_form(record, kind, failed_before=before is not None),
                failed=before is not None,
                hint=_hint(record, kind),
            )
        )
    return rows


def check_rows(record: CompoundingRecord) -> list[CheckRow]:
    """Return every check done, the newest first; only the newest of a kind counts."""
    latest = latest_of(record)
    policies = _policies() if any(_is_weights(check) for check in record.checks.all()) else None
    return [
        CheckRow(
            check=check,
            counts=latest[CheckKind(check.kind)] == check,
            is_accepted=stands(check) and not check.passed,
            verdict=tuple(_verdict(check)),
            strip=_strip(check, policies),
        )
        for check in reversed(record.checks.all())
    ]


def _is_weights(check: QualityCheck) -> bool:
    return check.kind == CheckKind.FILL_WEIGHT


def _policies() -> FillWeightPolicies:
    return fill_weight_policies(on=timezone.localdate())


def _hint(record: CompoundingRecord, kind: CheckKind) -> str:
    if kind == CheckKind.FILL_WEIGHT:
        policies = _policies()
        return _(
            "Weigh each with its shell, in mg. Every fill from %(low)s to %(high)s of the theoretical one."
        ) % {
            "low": wording.percent(policies.limits_pct[0]),
            "high": wording.percent(policies.limits_pct[1]),
        }
    if kind == CheckKind.VOLUME:
        return _("In mL. Each bottle holds at least %(label)s.") % {
            "label": wording.millilitres(record.formula.package_ml or Decimal(0))
        }
    limits = ph_limits(record) if kind == CheckKind.PH else None
    if limits is not None:
        return _("From %(low)s to %(high)s.") % {
            "low": wording.number(limits[0]),
            "high": wording.number(limits[1]),
        }
    return ""


def _strip(check: QualityCheck, policies: FillWeightPolicies | None) -> pictures.Strip | None:
    if policies is None or not _is_weights(check):
        return None
    low, high = policies.limits_pct
    return pictures.strip_of(check.verdict["units"], low_pct=low, high_pct=high)


def _verdict(check: QualityCheck) -> list[str]:
    verdict = check.verdict
    if _is_weights(check):
        return [
            _("Mean fill %(mean)s mg, %(pct)s of theoretical")
            % {"mean": verdict["mean_net_mg"], "pct": f"{verdict['mean_pct']}%"},
            _("Spread (RSD) %(rsd)s") % {"rsd": f"{verdict['rsd_pct']}%"},
            *_failing(verdict),
        ]
    if check.kind == CheckKind.VOLUME:
        return [
            _("Least %(least)s mL, label %(label)s mL")
            % {"least": verdict["least_ml"], "label": verdict["label_ml"]}
        ]
    if check.kind == CheckKind.PH:
        return [
            _("pH %(ph)s, allowed %(low)s to %(high)s")
            % {"ph": check.readings["ph"], "low": verdict["low"], "high": verdict["high"]}
        ]
    missing = [str(CLOSURE_TRAITS.get(trait, trait)) for trait in verdict["missing"]]
    return [_("Not so: %(traits)s") % {"traits": "; ".join(missing)}] if missing else []


def _failing(verdict: dict[str, Any]) -> list[str]:
    outside = [str(unit["number"]) for unit in verdict["units"] if not unit["within"]]
    said = []
    if outside:
        said.append(_("Outside its limits: number %(numbers)s") % {"numbers": ", ".join(outside)})
    if not verdict["rsd_ok"]:
        said.append(_("The spread is too large"))
    if not verdict["mean_ok"]:
        said.append(_("The mean is too far from theoretical"))
    return said
