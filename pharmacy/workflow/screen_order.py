"""The safety rules look at what a patient answered and raise findings on the order."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from pharmacy.formulations.queries import excipient_flags
from pharmacy.intake.models import IntakeSubmission
from pharmacy.orders.actions import NewFinding, raise_findings
from pharmacy.orders.models import Fill, Order, OrderFinding
from pharmacy.people.actors import Actor
from pharmacy.policies.models import PolicyVersion
from pharmacy.policies.queries import in_force
from pharmacy.screening.names import match_answers
from pharmacy.screening.policy import ScreeningPolicy, WaitDays
from pharmacy.screening.rules import RuleFinding, ScreeningFacts, screen
from pharmacy.screening.substances import load_substance

WAITS = {"short": "opioid_free_days.short", "long": "opioid_free_days.long"}


def screen_order(
    *, order: Order, intake: IntakeSubmission, by: Actor, at: datetime
) -> tuple[list[OrderFinding], tuple[RuleFinding, ...]]:
    """Screen an order against its intake; return the rows written and the rules' own findings.

    What it was screened with (rule version, policy versions) is kept on the order.
    """
    on = timezone.localdate(at)
    rule_set = order.prescription.substance.rule_set
    if not rule_set:
        Order.objects.filter(pk=order.pk).update(screened_at=at, screened_with={"rules": "none"})
        return [], ()
    substance = load_substance(rule_set)
    waits = in_force(WAITS.values(), on=on)
    found = screen(
        answers_with_prescription(intake.answers, order),
        substance=substance,
        age_years=age_on(order.prescription.patient.date_of_birth, on),
        matches=match_answers(intake.answers, substance),
        facts=_facts(order, intake.answers, on),
        policy=_waits(waits),
    )
    rows = raise_findings(order, findings=[_as_new(finding) for finding in found], by=by, at=at)
    screened_with = {
        "rules": substance.version,
        **{key: version.version for key, version in waits.items()},
    }
    Order.objects.filter(pk=order.pk).update(screened_at=at, screened_with=screened_with)
    order.screened_at, order.screened_with = at, screened_with
    return rows, found


def answers_with_prescription(answers: Mapping[str, Any], order: Order) -> dict[str, Any]:
    """Return the answers with the date of birth that opened the link; the patient is not asked twice."""
    return {"dob": order.prescription.patient.date_of_birth.isoformat(), **answers}


def age_on(born: date, on: date) -> int:
    """Return full years of age on a day."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _facts(order: Order, answers: Mapping[str, Any], on: date) -> ScreeningFacts:
    line = order.lines.select_related("formula").get(position=1)
    last_fill = (
        Fill.objects.filter(
            line__order__prescription__patient=order.prescription.patient,
            line__formula__strength_substance=order.prescription.substance,
        )
        .select_related("line__order")
        .order_by("-dispensed_at", "-pk")
        .first()
    )
    return ScreeningFacts(
        on=on,
        first_fill=last_fill is None,
        excipients=excipient_flags(line.formula),
        gap_days=None if last_fill is None else gap_days(answers, last_fill, on=on),
    )


def gap_days(answers: Mapping[str, Any], last_fill: Fill, *, on: date) -> int | None:
    """Return for how many days the patient has been without the medicine; None when they never stopped.

    What the patient says counts. Where they do not know or were not asked, it is how long ago the last fill ran out.
    """
    said = answers.get("last_dose_date")
    if said == "going_on":
        return None
    last_dose_on = _day(said) or _last_day_of(last_fill)
    without = (on - last_dose_on).days
    return without if without > 0 else None


def _day(said: object) -> date | None:
    try:
        return date.fromisoformat(str(said))
    except ValueError:
        return None


def _last_day_of(fill: Fill) -> date:
    start_on = fill.line.order.start_on or timezone.localdate(fill.dispensed_at)
    return start_on + timedelta(days=fill.line.days_supply - 1)


def _waits(versions: Mapping[str, PolicyVersion]) -> ScreeningPolicy:
    waits = {}
    for kind, key in WAITS.items():
        version = versions[key]
        waits[kind] = WaitDays(
            days=int(version.value),
            min_override_days=int(version.minimum_override or version.value),
        )
    return ScreeningPolicy(waits=waits)


def _as_new(finding: RuleFinding) -> NewFinding:
    return NewFinding(
        kind=finding.rule_id,
        severity=finding.severity,
        phrase=finding.phrase,
        evidence="\n".join(finding.why),
        pharmacist_text=finding.pharmacist,
        prescriber_text=finding.prescriber,
        patient_text=finding.patient,
        source="\n".join(source.text for source in finding.sources),
        earliest_start_on=finding.earliest_start,
        min_override_on=finding.min_override,
    )
