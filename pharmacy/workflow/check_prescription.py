"""What is doubtful about a prescription, before anybody asks the patient."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from compounding import wording
from compounding.errors import Refusal
from pharmacy.batches.beyond_use import days_allowed
from pharmacy.formulations.excipient_facts import facts_named
from pharmacy.formulations.models import MasterFormulationRecord, Substance
from pharmacy.formulations.queries import excipient_flags
from pharmacy.leaflets.queries import has_approved_edition
from pharmacy.orders.actions import NewFinding
from pharmacy.orders.models import Prescription, Severity
from pharmacy.orders.plans import Plan
from pharmacy.people.actors import Actor
from pharmacy.policies.models import PolicyVersion
from pharmacy.policies.queries import find_policies, whole_of

PRESCRIBER_NOT_VERIFIED = "PRESCRIBER-NOT-VERIFIED"
SENT_WITHOUT_SIGN_IN = "SENT-WITHOUT-SIGN-IN"
LEAVE_OUT = "LEAVE-OUT"
ALLERGY_STATED = "ALLERGY-STATED"
EXTRA_DIRECTIONS = "EXTRA-DIRECTIONS"
NO_LEAFLET = "NO-LEAFLET"
DOSE_LOW = "DOSE-LOW"
DOSE_HIGH = "DOSE-HIGH"
DOSE_VERY_HIGH = "DOSE-VERY-HIGH"
_LIMITS = ("refuse_above_mg", "override_above_mg", "warn_above_mg", "warn_below_mg")


class DoseRefused(Refusal):
    """The dose is higher than the policy lets this pharmacy make at all."""


def days_it_keeps(formula: MasterFormulationRecord, *, on: date) -> int:
    """Return how many days a patient can use a preparation.

    That is its class's limit, what its study extends it to or the formula's shorter one, less the days until it is in
    the patient's hands.
    """
    return days_allowed(formula, on=on) - whole_of("handling_days", on=on)


def prescription_findings(
    prescription: Prescription, *, formula: MasterFormulationRecord, by: Actor
) -> list[NewFinding]:
    """Return what a pharmacist should look at in who sent the prescription and what they wrote."""
    return [*_sender(prescription, by), *written_findings(prescription, formula)]


def leaflet_findings(substance: Substance) -> list[NewFinding]:
    """Return the finding that no leaflet can be printed for this medicine; nothing when an edition is approved.

    It stands from the first day, so that nobody makes what could not be handed over.
    """
    if has_approved_edition(substance.leaflet_key):
        return []
    return [
        NewFinding(
            kind=NO_LEAFLET,
            severity=Severity.ABSOLUTE,
            phrase="No approved leaflet",
            evidence=f"No leaflet edition about {substance.short_name} is approved.",
            pharmacist_text=(
                "Draft an edition on the page Leaflets and have another pharmacist approve it. Without one the order "
                "cannot be printed or dispensed; a reason does not stand in for it."
            ),
        )
    ]


def not_verified(prescription: Prescription) -> list[NewFinding]:
    """Return the finding that nobody has looked the prescriber up; nothing once somebody has."""
    prescriber = prescription.prescriber
    if prescriber.is_verified:
        return []
    return [
        NewFinding(
            kind=PRESCRIBER_NOT_VERIFIED,
            severity=Severity.RELATIVE,
            phrase="Prescriber not verified",
            evidence=f"NPI {prescriber.npi} passes its check digit; nobody has looked it up.",
            pharmacist_text=(
                "Look the NPI up in NPPES and call the practice on a number you found yourself. "
                "A right check digit does not prove that the number is this person's."
            ),
            source="CMS, NPI check digit: a Luhn digit cannot see every transposition.",
        )
    ]


def _sender(prescription: Prescription, by: Actor) -> Iterator[NewFinding]:
    prescriber = prescription.prescriber
    yield from not_verified(prescription)
    if prescriber.is_verified and (by.user_id is None or prescriber.user_id != by.user_id):
        yield NewFinding(
            kind=SENT_WITHOUT_SIGN_IN,
            severity=Severity.RELATIVE,
            phrase="Sent without signing in",
            evidence=f"The form names {prescriber}, but was not sent from that prescriber's login.",
            pharmacist_text=(
                "Anybody can type an NPI. Confirm the order with the practice, on the number we have."
            ),
        )


def written_findings(
    prescription: Prescription, formula: MasterFormulationRecord
) -> Iterator[NewFinding]:
    """Yield what the prescriber wrote in words, compared with what the formula contains as far as words go."""
    contained = excipient_flags(formula)
    for kind, label, text in (
        (LEAVE_OUT, "Leave out", prescription.exclusions),
        (ALLERGY_STATED, "Allergy stated", prescription.allergies),
        (EXTRA_DIRECTIONS, "More directions", prescription.extra_directions),
    ):
        if text.strip() and text.strip().lower() not in {"none", "no", "nka", "nkda", "none known"}:
            yield NewFinding(
                kind=kind,
                severity=Severity.RELATIVE,
                phrase=_short(f"{label}: {text.strip()}"),
                evidence="\n".join([text.strip(), *_beside_formula(kind, text, contained)]),
                pharmacist_text="Compare what the prescriber wrote with the formula and the plan.",
            )


def _beside_formula(kind: str, text: str, contained: frozenset[str]) -> Iterator[str]:
    """What the formula contains of the things that are named; what no word was understood of is not left out."""
    named = [] if kind == EXTRA_DIRECTIONS else facts_named(text)
    held = [str(fact.label) for fact in named if fact in contained]
    free = [str(fact.label) for fact in named if fact not in contained]
    if held:
        yield f"In this formula: {', '.join(held)}."
    if free:
        yield f"Not in this formula: {', '.join(free)}."


def dose_findings(plan: Plan, *, on: date) -> list[NewFinding]:
    """Return what the dose policies say of a plan. Raises DoseRefused above the highest dose of all.

    Limits belong to the substance's rule set; a substance without limits gives no finding.
    """
    return list(_doses(plan, on))


def _doses(plan: Plan, on: date) -> Iterator[NewFinding]:
    lowest = min(step.dose_mg for step in plan.steps)
    highest = max(step.dose_mg for step in plan.steps)
    limits = _limits(plan, on)
    refuse_above = limits.get("refuse_above_mg")
    if refuse_above is not None and highest > Decimal(refuse_above.value):
        raise DoseRefused(
            f"{wording.mass(highest)} a day is above {wording.mass(Decimal(refuse_above.value))}, "
            "the highest dose we make of this medicine. Call us."
        )
    override_above = limits.get("override_above_mg")
    warn_above = limits.get("warn_above_mg")
    if override_above is not None and highest > Decimal(override_above.value):
        yield _dose(DOSE_VERY_HIGH, Severity.ABSOLUTE, highest, "above", override_above)
    elif warn_above is not None and highest > Decimal(warn_above.value):
        yield _dose(DOSE_HIGH, Severity.RELATIVE, highest, "above", warn_above)
    warn_below = limits.get("warn_below_mg")
    if warn_below is not None and lowest < Decimal(warn_below.value):
        yield _dose(DOSE_LOW, Severity.RELATIVE, lowest, "below", warn_below)


def _limits(plan: Plan, on: date) -> dict[str, PolicyVersion]:
    """The limits of the substance's rule set by name; a rule set need not have each."""
    rule_set = plan.formula.strength_substance.rule_set
    if not rule_set:
        return {}
    keys = {f"dose_limits.{rule_set}.{name}": name for name in _LIMITS}
    return {keys[key]: version for key, version in find_policies(keys, on=on).items()}


def _dose(
    kind: str, severity: Severity, dose: Decimal, side: str, limit: PolicyVersion
) -> NewFinding:
    return NewFinding(
        kind=kind,
        severity=severity,
        phrase=f"Dose {wording.mass(dose)} a day",
        evidence=f"{wording.mass(dose)} a day is {side} {wording.mass(Decimal(limit.value))}.",
        pharmacist_text=f"{limit.title}. Confirm the dose with the prescriber.",
        source=limit.source,
    )


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:37]}..."
