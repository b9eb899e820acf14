"""Printing the papers of an order: asked for in one action, once, and again only with a reason."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from pharmacy.audit.models import AuditEvent
from pharmacy.batches.models import CompoundingRecord
from pharmacy.batches.states import BatchState
from pharmacy.contacts.models import Prescriber
from pharmacy.documents.actions import NotReady, PaperReplaced, ReprintNeedsReason
from pharmacy.documents.models import Document, DocumentKind, PrintEvent
from pharmacy.documents.queries import newest_leaflet, papers_of, record_papers, unprinted_papers
from pharmacy.documents.states import DocumentState
from pharmacy.leaflets.models import LeafletEdition
from pharmacy.leaflets.queries import NoApprovedEdition
from pharmacy.orders.models import Allocation, Order, OrderFinding, Severity
from pharmacy.orders.states import OrderState
from pharmacy.people.actors import PATIENT, NotYourRole
from pharmacy.workflow.demonstration import Bench
from pharmacy.workflow.dispense_order import (
    BatchNotReleased,
    KeepsTooShort,
    NothingToDispense,
    StartsTooEarly,
)
from pharmacy.workflow.print_papers import (
    NothingToPrint,
    StartsInThePast,
    open_document,
    print_papers,
    print_record,
    proposed_start,
)
from tests.factories.job import AT, approved, fresh, made, ready
from tests.factories.papers import made_ready

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def ready_key(bench: Bench) -> int:
    return ready(bench, key="to-print")[0].pk


@pytest.fixture
def order(ready_key: int) -> Order:
    return Order.objects.get(pk=ready_key)


def asked(order: Order, bench: Bench, **changed: object) -> list[Document]:
    """Ask for the papers of an order as the pharmacist does."""
    arguments = {"start_on": None, "by": bench.pharmacist, "at": AT} | changed
    return print_papers(order=order, **arguments)  # type: ignore[arg-type]


def rendered(documents: list[Document]) -> list[Document]:
    """The papers after a worker has been at them."""
    return [made_ready(document) for document in documents]


def test_one_action_asks_for_the_label_and_the_leaflet_and_sets_the_first_day(
    order: Order, bench: Bench
) -> None:
    label, leaflet = asked(order, bench)
    line = order.lines.get()
    assert (label.kind, label.line_id, label.state) == (
        DocumentKind.CONTAINER_LABEL,
        line.pk,
        DocumentState.REQUESTED,
    )
    assert label.record == Allocation.objects.get(line=line).record
    assert (leaflet.kind, leaflet.order_id, leaflet.line_id) == (
        DocumentKind.LEAFLET,
        order.pk,
        None,
    )
    assert fresh(order).start_on == TODAY
    events = list(AuditEvent.objects.order_by("-id").values_list("event", flat=True)[:3])
    assert events == ["document_requested", "document_requested", "order_start_set"]


def test_a_worker_is_asked_only_when_the_transaction_commits(
    order: Order, bench: Bench, django_capture_on_commit_callbacks: object
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:  # type: ignore[operator]
        documents = asked(order, bench)
    nudged = [callback.keywords["document_id"] for callback in callbacks]
    assert nudged == [document.pk for document in documents]


def test_the_same_again_is_the_same_paper(order: Order, bench: Bench) -> None:
    first = asked(order, bench)
    again = asked(fresh(order), bench, at=AT + timedelta(hours=3))
    assert [document.pk for document in again] == [document.pk for document in first]
    assert Document.objects.filter(order=order).count() == 2


def test_the_next_day_alone_does_not_make_a_new_paper(order: Order, bench: Bench) -> None:
    """Filled yesterday stays filled yesterday; only another first day is another plan."""
    first = asked(order, bench, start_on=TODAY + timedelta(days=3))
    again = asked(fresh(order), bench, at=AT + timedelta(days=1))
    assert [document.pk for document in again] == [document.pk for document in first]


def test_changed_facts_make_a_new_paper_that_corrects_the_old(order: Order, bench: Bench) -> None:
    _label, leaflet = rendered(asked(order, bench))
    _label_again, later = asked(fresh(order), bench, start_on=TODAY + timedelta(days=2))
    assert later.pk != leaflet.pk
    assert later.corrects == leaflet
    assert leaflet.context["start_on"] == "2026-11-22"
    with pytest.raises(PaperReplaced):
        open_document(document=leaflet, by=bench.pharmacist, at=AT)
    assert newest_leaflet(order) is None
    rendered([later])
    assert newest_leaflet(order) == later


def test_another_name_of_the_prescriber_is_another_label(order: Order, bench: Bench) -> None:
    label, _leaflet = asked(order, bench)
    Prescriber.objects.update(full_name="Lily Chen-Moreau")
    again, _leaflet_again = asked(fresh(order), bench)
    assert again.corrects == label


def test_opening_is_noted_and_a_second_time_needs_a_reason(order: Order, bench: Bench) -> None:
    label, _leaflet = rendered(asked(order, bench))
    open_document(document=label, by=bench.technician, at=AT)
    with pytest.raises(ReprintNeedsReason):
        open_document(document=label, by=bench.pharmacist, at=AT, reason="  ")
    again = open_document(document=label, by=bench.pharmacist, at=AT, reason="Smeared")
    assert (again.by_id, again.reason) == (bench.pharmacist.user_id, "Smeared")
    assert PrintEvent.objects.filter(document=label).count() == 2


def test_asking_again_for_what_was_printed_needs_a_reason(order: Order, bench: Bench) -> None:
    for document in rendered(asked(order, bench)):
        open_document(document=document, by=bench.pharmacist, at=AT)
    with pytest.raises(ReprintNeedsReason, match="Say why"):
        asked(fresh(order), bench)
    assert len(asked(fresh(order), bench, reason="Label torn")) == 2


def test_a_patient_opens_the_leaflet_as_often_as_they_like(order: Order, bench: Bench) -> None:
    _label, leaflet = rendered(asked(order, bench))
    for _time in range(2):
        assert open_document(document=leaflet, by=PATIENT, at=AT).by_id is None
    assert not next(paper for paper in papers_of(order) if paper.line is None).is_printed


def test_what_is_not_ready_cannot_be_opened(order: Order, bench: Bench) -> None:
    label, _leaflet = asked(order, bench)
    with pytest.raises(NotReady, match="being prepared"):
        open_document(document=label, by=bench.pharmacist, at=AT)


def test_the_list_of_papers_says_how_far_each_is(order: Order, bench: Bench) -> None:
    assert [(paper.name, paper.document) for paper in papers_of(order)] == [
        ("container label", None),
        ("leaflet", None),
    ]
    assert unprinted_papers(order) == ["container label", "leaflet"]
    label, leaflet = rendered(asked(order, bench))
    assert [paper.is_ready for paper in papers_of(fresh(order))] == [True, True]
    open_document(document=label, by=bench.pharmacist, at=AT)
    assert unprinted_papers(fresh(order)) == ["leaflet"]
    open_document(document=leaflet, by=bench.pharmacist, at=AT)
    assert unprinted_papers(fresh(order)) == []


def test_papers_of_another_first_day_or_another_batch_do_not_count(
    order: Order, bench: Bench
) -> None:
    for document in rendered(asked(order, bench)):
        open_document(document=document, by=bench.pharmacist, at=AT)
    Order.objects.filter(pk=order.pk).update(start_on=TODAY + timedelta(days=1))
    assert unprinted_papers(fresh(order)) == ["leaflet"]
    _other_order, other = ready(bench, key="another-batch")
    Allocation.objects.filter(line__order=order).update(record=other)
    assert unprinted_papers(fresh(order)) == ["container label", "leaflet"]


def test_the_papers_are_read_in_a_fixed_number_of_queries(
    order: Order, bench: Bench, django_assert_max_num_queries: object
) -> None:
    for document in rendered(asked(order, bench)):
        open_document(document=document, by=bench.pharmacist, at=AT)
    with django_assert_max_num_queries(5):  # type: ignore[operator]
        assert all(paper.is_printed for paper in papers_of(fresh(order)))


# --- refusals ---------------------------------------------------------------------------------------------------------


def test_nothing_is_printed_before_the_order_is_ready(bench: Bench) -> None:
    for early in (approved(bench, key="early"), made(bench, key="being-made")[0]):
        with pytest.raises(NothingToPrint, match="printed when it is ready"):
            asked(early, bench)


@pytest.mark.parametrize("state", [BatchState.RECALLED, BatchState.CHECKED])
def test_nothing_is_printed_for_a_batch_that_is_not_released(
    order: Order, bench: Bench, state: BatchState
) -> None:
    record = Allocation.objects.get(line__order=order).record
    CompoundingRecord.objects.filter(pk=record.pk).update(state=state)
    with pytest.raises(BatchNotReleased, match=f"Lot {record.number}"):
        asked(order, bench)
    assert not Document.objects.filter(order=order).exists()


def test_a_line_without_a_batch_stops_the_printing(order: Order, bench: Bench) -> None:
    Allocation.objects.filter(line__order=order).update(withdrawn_at=AT)
    with pytest.raises(NothingToDispense):
        asked(order, bench)


def test_the_plan_does_not_begin_in_the_past(order: Order, bench: Bench) -> None:
    with pytest.raises(StartsInThePast, match="21 November 2026"):
        asked(order, bench, start_on=TODAY - timedelta(days=1))
    assert fresh(order).start_on is None


def test_a_first_day_that_has_passed_meanwhile_moves_to_today(order: Order, bench: Bench) -> None:
    asked(order, bench)
    asked(fresh(order), bench, at=AT + timedelta(days=4))
    assert fresh(order).start_on == TODAY + timedelta(days=4)


def _finding(order: Order, earliest: date) -> OrderFinding:
    return OrderFinding.objects.create(
        order=order,
        kind="OPI-02",
        severity=Severity.COUNSEL,
        phrase="Opioid lately",
        evidence="-",
        pharmacist_text="-",
        earliest_start_on=earliest,
        raised_at=AT,
    )


def test_the_plan_does_not_begin_before_the_safety_rules_allow(order: Order, bench: Bench) -> None:
    finding = _finding(order, TODAY + timedelta(days=10))
    with pytest.raises(StartsTooEarly, match="2 December 2026"):
        asked(order, bench, start_on=TODAY)
    assert proposed_start(order, on=TODAY) == TODAY + timedelta(days=10)
    asked(order, bench)
    assert fresh(order).start_on == TODAY + timedelta(days=10)
    OrderFinding.objects.filter(pk=finding.pk).update(
        overridden_at=AT, overridden_by=bench.pharmacist.user_id, override_reason="Urine screen"
    )
    asked(fresh(order), bench, start_on=TODAY)
    assert fresh(order).start_on == TODAY


def test_a_plan_that_outlasts_its_batch_is_not_printed(bench: Bench) -> None:
    order, record = ready(bench, "drops", key="late-drops")
    assert record.beyond_use_on is not None
    days = order.lines.get().days_supply
    last_start = record.beyond_use_on - timedelta(days=days - 1)
    with pytest.raises(KeepsTooShort, match=f"Lot {record.number} may be used until"):
        asked(order, bench, start_on=last_start + timedelta(days=1))
    assert len(asked(order, bench, start_on=last_start)) == 2


def test_without_an_approved_edition_nothing_is_asked_for(order: Order, bench: Bench) -> None:
    LeafletEdition.objects.update(state="retired")
    with pytest.raises(NoApprovedEdition):
        asked(order, bench)
    assert not Document.objects.filter(order=order).exists()
    assert fresh(order).start_on is None


def test_only_staff_ask_for_papers(order: Order, bench: Bench) -> None:
    with pytest.raises(NotYourRole):
        asked(order, bench, by=bench.prescriber)


def test_papers_of_a_dispensed_order_are_printed_again_as_they_were(
    order: Order, bench: Bench
) -> None:
    first = asked(order, bench)
    Order.objects.filter(pk=order.pk).update(
        state=OrderState.DISPENSED, dispensed_at=AT, dispensed_by=bench.pharmacist.user_id
    )
    again = asked(fresh(order), bench, at=AT + timedelta(days=9))
    assert [document.pk for document in again] == [document.pk for document in first]
    assert fresh(order).start_on == timezone.localdate(AT)


# --- the compounding record -------------------------------------------------------------------------------------------


def test_a_compounding_record_is_printed_in_any_state_and_again_when_it_has_changed(
    bench: Bench,
) -> None:
    _order, record = made(bench, key="record")
    before = print_record(record=record, by=bench.technician, at=AT)
    assert before.context["status"]["word"] == "Not released: checked"
    assert print_record(record=record, by=bench.technician, at=AT) == before
    CompoundingRecord.objects.filter(pk=record.pk).update(
        state=BatchState.REJECTED, reject_reason="Powder on the outside"
    )
    after = print_record(record=record, by=bench.technician, at=AT)
    assert after.corrects == before
    assert after.context["status"]["reason"] == "Powder on the outside"
    assert record_papers(record) == [after, before]
    rendered([after])
    assert after.state == DocumentState.READY
