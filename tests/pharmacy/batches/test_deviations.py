"""A deviation opens by itself or by hand, blocks the release, and is closed by a pharmacist with a decision."""

from decimal import Decimal
from typing import Any

import pytest

from pharmacy.audit.queries import events_of
from pharmacy.batches.models import CompoundingRecord, Deviation, Disposition
from pharmacy.batches.queries import missing_checks, open_deviations
from pharmacy.people.actors import NotYourRole
from pharmacy.workflow.check_batch import (
    CheckNotForThisForm,
    PhOffTheScale,
    record_appearance,
    record_fill_weights,
    record_ph,
)
from pharmacy.workflow.deviations import (
    AcceptedByMaker,
    AssessmentMissing,
    ClosedBefore,
    NothingReported,
    NotToBeAccepted,
    close_deviation,
    report_deviation,
)
from pharmacy.workflow.verify_batch import DeviationOpen, verify_and_release
from tests.factories.lab import (
    MEANING,
    NOW,
    Lab,
    check_all,
    compounding_record_at,
    even_capsules,
    finish,
    fresh,
    plan,
    weigh_all,
)

ACCEPT, REWORK, REJECT = Disposition.ACCEPT, Disposition.REWORK, Disposition.REJECT


def speckled(here: Lab, record: CompoundingRecord) -> Deviation:
    """The appearance fails, the weights pass; the deviation that opens by itself comes back."""
    expected = record.formula.expected_traits
    record_fill_weights(record=record, gross_mg=even_capsules(record), by=here.technician, at=NOW)
    record_appearance(
        record=record,
        traits={**dict.fromkeys(expected, True), expected[0]: False},
        by=here.technician,
        at=NOW,
    )
    return open_deviations(record).get()


def close(here: Lab, deviation: Deviation, decision: Disposition, **changed: Any) -> Deviation:
    told: dict[str, Any] = {
        "by": here.verifier,
        "assessment": "Looked at under the lens: fibre of the wipe.",
    }
    return close_deviation(deviation=deviation, disposition=decision, at=NOW, **(told | changed))


def test_a_failed_check_opens_a_deviation_that_blocks_the_release(here: Lab) -> None:
    record = compounding_record_at("compounded")
    deviation = speckled(here, record)
    assert deviation.what_happened == "The check of appearance failed."
    assert deviation.by_id == here.technician.user_id
    check = deviation.quality_check
    assert check is not None
    record_appearance(
        record=record,
        traits=dict.fromkeys(record.formula.expected_traits, True),
        note="Sorted out by eye.",
        by=here.technician,
        at=NOW,
    )
    assert fresh(record).state == "checked"
    with pytest.raises(DeviationOpen, match="A deviation of this batch is open"):
        verify_and_release(record=record, meaning=MEANING, by=here.verifier, at=NOW)

    close(here, deviation, REWORK)
    verify_and_release(record=record, meaning=MEANING, by=here.verifier, at=NOW)
    assert fresh(record).state == "released"


def test_an_accepted_check_counts(here: Lab) -> None:
    record = compounding_record_at("compounded")
    deviation = speckled(here, record)
    assert missing_checks(record) == ["The check of appearance failed."]

    closed = close(here, deviation, ACCEPT)

    assert missing_checks(record) == []
    assert fresh(record).state == "checked"
    assert (closed.closed_by_id, closed.closed_at) == (here.verifier.user_id, NOW)
    assert events_of(record).filter(event="batch_deviation_closed").get().new == {
        "deviation": str(deviation.pk),
        "decision": "accept",
    }
    with pytest.raises(ClosedBefore):
        close(here, deviation, REJECT)


def test_failed_weights_are_not_argued_away(here: Lab) -> None:
    record = compounding_record_at("compounded")
    uneven = [*even_capsules(record, 9), Decimal(170)]
    record_fill_weights(record=record, gross_mg=uneven, by=here.technician, at=NOW)
    deviation = open_deviations(record).get()

    with pytest.raises(NotToBeAccepted, match="fill weight of ten capsules is not accepted"):
        close(here, deviation, ACCEPT)
    close(here, deviation, REWORK)
    assert missing_checks(record)[0] == "The check of fill weight of ten capsules failed."


def test_rejecting_rejects_the_batch(here: Lab) -> None:
    record = compounding_record_at("compounded")
    close(here, speckled(here, record), REJECT)
    assert fresh(record).state == "rejected"
    assert fresh(record).reject_reason.startswith("Looked at under the lens")


def test_who_may_close_and_how(here: Lab) -> None:
    record = plan(here)
    weigh_all(here, record)
    deviation = report_deviation(
        record=record,
        what_happened="The hood was off for a minute.",
        what_was_done="Waited until it ran again.",
        by=here.pharmacist,
        at=NOW,
    )
    with pytest.raises(NotYourRole):
        close(here, deviation, ACCEPT, by=here.technician)
    with pytest.raises(AssessmentMissing):
        close(here, deviation, ACCEPT, assessment=" ")
    finish(here, record)
    check_all(here, record)
    with pytest.raises(DeviationOpen):
        verify_and_release(record=record, meaning=MEANING, by=here.verifier, at=NOW)
    close(here, deviation, ACCEPT)
    assert not open_deviations(record).exists()


def test_whoever_weighed_does_not_accept(here: Lab) -> None:
    record = plan(here)
    here_as_maker = Lab(**{**vars(here), "technician": here.pharmacist})
    weigh_all(here_as_maker, record)
    finish(here_as_maker, record)
    deviation = speckled(here_as_maker, fresh(record))
    with pytest.raises(AcceptedByMaker):
        close(here, deviation, ACCEPT, by=here.pharmacist)
    assert close(here, deviation, ACCEPT).disposition == "accept"


def test_a_report_says_what_happened_and_what_was_done(here: Lab) -> None:
    record = compounding_record_at("planned")
    for said in (("", "Nothing"), ("Spilled 2 mg", " ")):
        with pytest.raises(NothingReported):
            report_deviation(
                record=record,
                what_happened=said[0],
                what_was_done=said[1],
                by=here.technician,
                at=NOW,
            )


def test_an_aqueous_formula_with_limits_has_its_ph_measured(here: Lab) -> None:
    made = {"code": "allopurinol-suspension", "strength": "20", "units": 1}
    record = compounding_record_at("compounded", **made)  # type: ignore[arg-type]
    capsules = compounding_record_at("compounded")
    told: dict[str, Any] = {"by": here.technician, "at": NOW}
    with pytest.raises(CheckNotForThisForm):
        record_ph(record=capsules, ph=Decimal(7), **told)
    with pytest.raises(PhOffTheScale):
        record_ph(record=record, ph=Decimal(15), **told)

    assert not record_ph(record=record, ph=Decimal("6.4"), **told).passed
    assert record_ph(record=record, ph=Decimal("6.5"), note="Adjusted.", **told).passed
    close(here, open_deviations(record).get(), REWORK)
    assert "pH" not in " ".join(missing_checks(record))
