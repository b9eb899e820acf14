"""Who may open what: every address of the staff's site, for everybody."""

from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import reverse

from pharmacy.audit.models import AuditEvent
from pharmacy.backoffice.site import site
from pharmacy.backoffice.urls import staff_pages
from pharmacy.batches.models import CompoundingRecord
from pharmacy.contacts.models import Enquiry
from pharmacy.documents.models import Document
from pharmacy.followups.models import CheckIn, FollowUp, FollowUpKind, OutgoingMessage
from pharmacy.formulations.models import MasterFormulationRecord
from pharmacy.inventory.models import IngredientLot
from pharmacy.leaflets.models import LeafletEdition, Study
from pharmacy.orders.models import Order
from pharmacy.people.models import User
from pharmacy.policies.models import PolicyVersion
from pharmacy.workflow.demonstration import Bench
from pharmacy.workflow.keep_photo import keep_photo
from pharmacy.workflow.print_papers import print_papers
from tests.factories.job import AT, answered, ready
from tests.factories.photos import a_photo
from tests.pharmacy.backoffice.recall_rows import a_lot_file, a_recall, a_running_recall
from tests.pharmacy.backoffice.rows import (
    a_call,
    a_check_in,
    a_deviation,
    a_failed_message,
    a_run,
    an_enquiry,
)


@dataclass(frozen=True)
class Door:
    """An address: what it needs to know, and whether only pharmacists go through."""

    name: str
    kwargs: tuple[str, ...] = ()
    pharmacists_only: bool = False


ORDER, BATCH, PAPER, LOT = ("order_id",), ("record_id",), ("document_id",), ("lot_id",)
FORMULA, POLICY = ("formula_id",), ("policy_id",)
RECALL, CONTACT, RUN = ("recall_id",), ("contact_id",), ("run_id",)
DOORS = (
    Door("order", ORDER),
    Door("order_panel", ORDER),
    Door("order_approve", ORDER, True),
    Door("order_hold", ORDER, True),
    Door("order_lift", ORDER, True),
    Door("order_ask", ORDER, True),
    Door("order_answer", ORDER, True),
    Door("order_clarify", ORDER, True),
    Door("order_cancel", ORDER, True),
    Door("order_verify_prescriber", ORDER, True),
    Door("order_override", (*ORDER, "finding_id"), True),
    Door("order_fresh_link", ORDER),
    Door("order_refill", ORDER),
    Door("dispense", ORDER),
    Door("order_print", ORDER),
    Door("order_papers", ORDER),
    Door("order_papers_pdf", ORDER),
    Door("to_make"),
    Door("make_ahead"),
    Door("fill_from_stock", (), True),
    Door("batches"),
    Door("batch", BATCH),
    Door("batch_lots", BATCH),
    Door("bench", BATCH),
    Door("bench_scan", (*BATCH, "line_id")),
    Door("batch_weigh", (*BATCH, "line_id")),
    Door("bench_read", (*BATCH, "line_id")),
    Door("bench_reading", (*BATCH, "line_id", "balance_id")),
    Door("bench_step", (*BATCH, "position")),
    Door("batch_finish", BATCH),
    Door("batch_check", (*BATCH, "kind")),
    Door("batch_look", BATCH),
    Door("batch_deviation", BATCH),
    Door("batch_photo", BATCH),
    Door("photo", (*BATCH, "photo_id")),
    Door("deviation_close", (*BATCH, "deviation_id"), True),
    Door("batch_verify", BATCH, True),
    Door("batch_settle", BATCH, True),
    Door("batch_reject", BATCH, True),
    Door("batch_print", BATCH),
    Door("paper", PAPER),
    Door("paper_open", PAPER),
    Door("paper_pdf", PAPER),
    Door("paper_retry", PAPER),
    Door("lot_labels", LOT),
    Door("formula_print", FORMULA),
    Door("label_runs"),
    Door("label_run", RUN),
    Door("label_run_pdf", RUN),
    Door("label_run_retry", RUN),
    Door("lots"),
    Door("lot_receive"),
    Door("lot", LOT),
    Door("lot_release", LOT, True),
    Door("lot_measure", LOT),
    Door("lot_count", LOT),
    Door("lot_discard", LOT),
    Door("lot_recall", LOT, True),
    Door("lot_settle", LOT, True),
    Door("lot_minimum"),
    Door("lot_keep", LOT),
    Door("lot_file", (*LOT, "file_id")),
    Door("droppers"),
    Door("balance_care", ("balance_id",)),
    Door("balance_calibrate", ("balance_id",)),
    Door("balance_repeat", ("balance_id",)),
    Door("recalls"),
    Door("recall_of_lot", LOT),
    Door("recall_of_batch", BATCH),
    Door("recall", RECALL),
    Door("recall_approve", RECALL, True),
    Door("recall_stop", RECALL, True),
    Door("recall_withdraw", RECALL, True),
    Door("recall_close", RECALL, True),
    Door("recall_call", CONTACT),
    Door("recall_give_up", CONTACT),
    Door("formulas"),
    Door("formula", FORMULA),
    Door("formula_approve", FORMULA, True),
    Door("formula_retire", FORMULA, True),
    Door("formula_draft", FORMULA),
    Door("formula_make", FORMULA),
    Door("formula_changes", (*FORMULA, "other_id")),
    Door("formula_edit", (*FORMULA, "part")),
    Door("leaflets"),
    Door("edition_draft"),
    Door("edition", ("edition_id",)),
    Door("edition_write", ("edition_id",)),
    Door("edition_approve", ("edition_id",), True),
    Door("study", ("study_id",)),
    Door("study_read", ("study_id",), True),
    Door("balance", ("balance_id",)),
    Door("balance_token", ("balance_id",), True),
    Door("balance_disconnect", ("balance_id",), True),
    Door("policies"),
    Door("policy", POLICY),
    Door("policy_approve", POLICY, True),
    Door("enquiries"),
    Door("enquiry", ("enquiry_id",)),
    Door("enquiry_close", ("enquiry_id",)),
    Door("check_ins"),
    Door("check_in_seen", ("check_in_id",)),
    Door("calls"),
    Door("call_done", ("call_id",)),
    Door("messages"),
    Door("message_retry", ("message_id",)),
    Door("find"),
    Door("calculators"),
    Door("calculator", ("key",)),
)


@pytest.fixture(scope="module")
def rows(bench: Bench) -> dict[str, object]:
    """One row of everything an address may name."""
    held = answered(bench, said={"thyroid_med": "yes"}, key="access-held")
    order, record = ready(bench, key="access-ready")
    papers = print_papers(order=order, start_on=None, by=bench.pharmacist, at=AT)
    return {
        "order_id": held.pk,
        "finding_id": held.findings.first().pk,  # type: ignore[union-attr]
        "record_id": record.pk,
        "line_id": record.lines.first().pk,  # type: ignore[union-attr]
        "kind": "appearance",
        "balance_id": bench.balance.pk,
        "position": 1,
        "photo_id": keep_photo(
            record=record, shows="Shells", content=a_photo(), by=bench.technician, at=AT
        ).pk,
        "deviation_id": a_deviation(record).pk,
        "document_id": papers[0].pk,
        "run_id": a_run(order, bench).pk,
        "lot_id": IngredientLot.objects.first().pk,  # type: ignore[union-attr]
        "file_id": a_lot_file(bench).pk,
        "recall_id": a_recall(bench).pk,
        "contact_id": a_running_recall(bench, record, [order]).contacts.get().pk,
        "formula_id": MasterFormulationRecord.objects.first().pk,  # type: ignore[union-attr]
        "other_id": MasterFormulationRecord.objects.first().pk,  # type: ignore[union-attr]
        "part": "record",
        "edition_id": LeafletEdition.objects.first().pk,  # type: ignore[union-attr]
        "study_id": Study.objects.first().pk,  # type: ignore[union-attr]
        "policy_id": PolicyVersion.objects.first().pk,  # type: ignore[union-attr]
        "enquiry_id": an_enquiry().pk,
        "check_in_id": a_check_in(order).pk,
        "call_id": a_call(order).pk,
        "message_id": a_failed_message(order).pk,
        "key": "powder-to-weigh",
    }


def address(door: Door, rows: dict[str, object]) -> str:
    return reverse(f"admin:{door.name}", kwargs={key: rows[key] for key in door.kwargs})


def test_every_page_has_its_door() -> None:
    assert {page.name for page in staff_pages(site)} == {door.name for door in DOORS}


@pytest.mark.parametrize("who", ["nobody", "prescriber"])
@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)
def test_outsiders_are_sent_to_the_sign_in(
    door: Door, who: str, rows: dict[str, object], request: pytest.FixtureRequest
) -> None:
    client: Client = request.getfixturevalue(who)
    for answer in (client.get(address(door, rows)), client.post(address(door, rows))):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/admin/login/?next=")


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)
def test_a_pharmacist_gets_in(door: Door, rows: dict[str, object], pharmacist: Client) -> None:
    before = (states(), AuditEvent.objects.count())
    answer = pharmacist.get(address(door, rows), follow=True)
    assert answer.status_code == 200
    assert b"There is a problem" not in answer.content
    # Looking changes nothing.
    assert (states(), AuditEvent.objects.count()) == before


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)
def test_a_technician_gets_in_where_no_pharmacist_is_needed(
    door: Door, rows: dict[str, object], technician: Client
) -> None:
    answer = technician.get(address(door, rows), follow=True)
    assert answer.status_code == (403 if door.pharmacists_only else 200)


@pytest.mark.parametrize(
    "door", [door for door in DOORS if door.pharmacists_only], ids=lambda door: door.name
)
def test_a_technician_changes_nothing_that_is_a_pharmacists(
    door: Door, rows: dict[str, object], technician: Client
) -> None:
    before = states()
    answer = technician.post(address(door, rows), {"reason": "because", "note": "because"})
    assert answer.status_code == 403
    assert "A pharmacist does this" in answer.content.decode()
    assert states() == before


def test_a_technician_dispenses_nothing(rows: dict[str, object], technician: Client) -> None:
    order = Order.objects.get(state="ready")
    answer = technician.post(reverse("admin:dispense", args=[order.pk]))
    assert answer.status_code == 403
    assert Order.objects.get(pk=order.pk).state == "ready"


def test_a_technician_drafts_no_policy(rows: dict[str, object], technician: Client) -> None:
    before = PolicyVersion.objects.count()
    answer = technician.post(reverse("admin:policy", args=[rows["policy_id"]]), {"value": "1"})
    assert answer.status_code == 403
    assert PolicyVersion.objects.count() == before


def test_a_technician_sees_no_button_of_a_pharmacist(
    rows: dict[str, object], technician: Client
) -> None:
    page = technician.get(reverse("admin:order", args=[rows["order_id"]])).content.decode()
    for text in ("Let it pass", "Put on hold", "Cancel the order", "Approve"):
        assert text not in page


def test_a_prescriber_is_told_where_to_go(prescriber: Client) -> None:
    answer = prescriber.get("/admin/", follow=True)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "for the pharmacy&#x27;s own staff" in page or "for the pharmacy's own staff" in page
    assert reverse("web:my_orders") in page


def test_a_prescribers_password_does_not_open_the_staff_pages(nobody: Client) -> None:
    typed = {"username": "chen", "password": "harbor-street-demo"}
    answer = nobody.post("/admin/login/", typed)
    assert answer.status_code == 200
    assert "for the pharmacy’s own staff" in answer.content.decode().replace("&#x27;", "’").replace(
        "'", "’"
    )
    assert nobody.get("/admin/").status_code == 302


def test_somebody_who_left_does_not_get_in(technician: Client, bench: Bench) -> None:
    User.objects.filter(username="nguyen").update(is_active=False)
    assert technician.get("/admin/").status_code == 302


def test_superuser_alone_is_no_role(prescriber: Client) -> None:
    User.objects.filter(username="chen").update(is_superuser=True, is_staff=True)
    assert prescriber.get("/admin/").status_code == 302


def states() -> list[object]:
    """Return what a change would change."""
    return [
        sorted(Order.objects.values_list("pk", "state")),
        sorted(CompoundingRecord.objects.values_list("pk", "state")),
        sorted(IngredientLot.objects.values_list("pk", "state")),
        sorted(MasterFormulationRecord.objects.values_list("pk", "state")),
        PolicyVersion.objects.exclude(approved_at=None).count(),
        Document.objects.count(),
        Enquiry.objects.count(),
        CheckIn.objects.count(),
        OutgoingMessage.objects.count(),
        FollowUp.objects.exclude(kind=FollowUpKind.CHECK_IN).count(),
    ]


def test_signing_out_closes_the_pages(technician: Client) -> None:
    answer = technician.post(reverse("admin:logout"))
    assert "You are signed out" in answer.content.decode()
    assert technician.get("/admin/").status_code == 302
