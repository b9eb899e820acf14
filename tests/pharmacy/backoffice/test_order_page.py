"""Deciding about an order: each form does its one thing, a refusal is told, nothing typed is lost."""

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from pharmacy.contacts.models import Prescriber
from pharmacy.orders.models import Order
from pharmacy.workflow.demonstration import Bench
from tests.factories.job import answered, approved, received


def post(client: Client, name: str, *args: object, **typed: str) -> HttpResponse:
    return client.post(reverse(f"admin:{name}", args=args), typed)  # type: ignore[return-value]


def state(order: Order) -> str:
    return Order.objects.values_list("state", flat=True).get(pk=order.pk)


def test_everything_to_decide_with_is_on_the_page(bench: Bench, pharmacist: Client) -> None:
    order = answered(bench, said={"thyroid_med": "yes"})
    page = pharmacist.get(reverse("admin:order", args=[order.pk])).content.decode()
    for said in (
        "Grace Okonkwo",
        "19 May 1968, 58 years",
        "Take one 1.5 mg capsule by mouth at bedtime for 14 days",
        "Do you take thyroid medicine?",
        "Thyroid medicine",
        "Let it pass, with a reason",
        "22 November to 5 December 2026",
        "126 capsules of 1.5 mg",
        "Lily Chen, MD",
        "1234567893",
        "As it was typed",
        "Order received",
    ):
        assert said in page, said


def test_approving_leads_to_the_next_order_of_the_list(bench: Bench, pharmacist: Client) -> None:
    first, second = answered(bench, key="one"), answered(bench, key="two")
    page = pharmacist.get(reverse("admin:index")).content.decode()
    assert f'name="then" value="{second.pk}"' in page
    answer = post(pharmacist, "order_approve", first.pk, list="review", then=str(second.pk))
    assert answer.status_code == 302
    assert answer["Location"] == f"/admin/?list=review&order={second.pk}"
    assert state(first) == "approved"
    assert Order.objects.get(pk=first.pk).approved_by.username == "okafor"  # type: ignore[union-attr]


def test_an_open_finding_stops_the_approval_in_words(bench: Bench, pharmacist: Client) -> None:
    order = answered(bench, said={"thyroid_med": "yes"})
    answer = post(pharmacist, "order_approve", order.pk)
    assert answer.status_code == 422
    assert "Decide first about: Thyroid medicine." in answer.content.decode()
    assert state(order) == "in_review"


def test_a_finding_passes_with_a_reason_only(bench: Bench, pharmacist: Client) -> None:
    order = answered(bench, said={"thyroid_med": "yes"})
    finding = order.findings.get(phrase="Thyroid medicine")
    field = f"finding-{finding.pk}-reason"
    answer = post(pharmacist, "order_override", order.pk, finding.pk, **{field: "  "})
    assert answer.status_code == 422
    assert "Write why this may pass" in answer.content.decode()
    why = "TSH is checked in January; the prescriber knows."
    answer = post(pharmacist, "order_override", order.pk, finding.pk, **{field: why})
    assert answer.status_code == 302
    finding.refresh_from_db()
    assert (finding.override_reason, finding.overridden_by.username) == (why, "okafor")  # type: ignore[union-attr]
    assert post(pharmacist, "order_approve", order.pk).status_code == 302
    assert state(order) == "approved"


def test_a_finding_of_another_order_is_not_found(bench: Bench, pharmacist: Client) -> None:
    mine = answered(bench, said={"thyroid_med": "yes"}, key="mine")
    other = answered(bench, key="other")
    finding = mine.findings.get(phrase="Thyroid medicine")
    answer = post(pharmacist, "order_override", other.pk, finding.pk, reason="x")
    assert answer.status_code == 404


def test_a_hold_says_why_and_keeps_what_was_typed(bench: Bench, pharmacist: Client) -> None:
    order = answered(bench)
    answer = post(
        pharmacist,
        "order_hold",
        order.pk,
        **{"hold-reason": "Two plans disagree", "hold-lifted_when": ""},
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Write what would lift the hold" in page
    assert "Two plans disagree" in page
    assert page.startswith("<!doctype html>")
    assert "<title>Error:" in page
    assert state(order) == "in_review"


def test_a_hold_is_placed_and_lifted(bench: Bench, pharmacist: Client) -> None:
    order = answered(bench)
    typed = {"hold-reason": "Two plans disagree", "hold-lifted_when": "Dr Chen says which"}
    assert post(pharmacist, "order_hold", order.pk, **typed).status_code == 302
    assert state(order) == "on_hold"
    page = pharmacist.get(reverse("admin:order", args=[order.pk])).content.decode()
    assert "Dr Chen says which" in page
    assert (
        post(pharmacist, "order_lift", order.pk, **{"lift-note": "The first one"}).status_code
        == 302
    )
    assert state(order) == "in_review"


def test_a_refused_hold_keeps_the_words(bench: Bench, pharmacist: Client) -> None:
    order = answered(bench)
    typed = {"hold-reason": "A reason worth keeping", "hold-lifted_when": "A call"}
    post(pharmacist, "order_hold", order.pk, **typed)
    answer = post(pharmacist, "order_hold", order.pk, **typed)
    assert answer.status_code == 422
    assert "This order is on hold already." in answer.content.decode()


def test_a_question_and_its_answer(bench: Bench, pharmacist: Client) -> None:
    order = answered(bench)
    assert (
        post(
            pharmacist, "order_ask", order.pk, **{"ask-text": "At bedtime or in the morning?"}
        ).status_code
        == 302
    )
    assert state(order) == "needs_answer"
    page = pharmacist.get(reverse("admin:order", args=[order.pk])).content.decode()
    assert "At bedtime or in the morning?" in page
    answer = {
        "answer-text": "At bedtime",
        "answer-told_by": "Lily Chen",
        "answer-told_how": "telephone",
    }
    assert post(pharmacist, "order_answer", order.pk, **answer).status_code == 302
    assert state(order) == "in_review"
    note = order.prescription.clarifications.get(text="At bedtime")
    assert (note.told_by, note.told_how) == ("Lily Chen", "telephone")


def test_a_clarification_stays_beside_the_prescription(bench: Bench, pharmacist: Client) -> None:
    order = answered(bench)
    before = order.prescription.directions
    typed = {
        "clarify-text": "No refills",
        "clarify-told_by": "Lily Chen",
        "clarify-told_how": "fax",
    }
    assert post(pharmacist, "order_clarify", order.pk, **typed).status_code == 302
    order.prescription.refresh_from_db()
    assert order.prescription.directions == before
    assert "No refills" in pharmacist.get(reverse("admin:order", args=[order.pk])).content.decode()


def test_cancelling_says_why(bench: Bench, pharmacist: Client) -> None:
    order = received(bench)
    assert post(pharmacist, "order_cancel", order.pk, **{"cancel-reason": ""}).status_code == 422
    assert (
        post(
            pharmacist, "order_cancel", order.pk, **{"cancel-reason": "Asked for by the patient"}
        ).status_code
        == 302
    )
    assert state(order) == "cancelled"


def test_what_the_state_does_not_allow_is_told(bench: Bench, pharmacist: Client) -> None:
    order = approved(bench)
    answer = post(pharmacist, "order_approve", order.pk)
    assert answer.status_code == 422
    assert "it cannot become approved from there" in answer.content.decode()


def test_verifying_the_prescriber_settles_the_finding(bench: Bench, pharmacist: Client) -> None:
    Prescriber.objects.update(verified_at=None, verified_by=None, verified_how="")
    order = answered(bench)
    assert "not verified" in pharmacist.get(reverse("admin:index")).content.decode()
    answer = post(
        pharmacist, "order_verify_prescriber", order.pk, **{"verify-how": "NPPES and a call"}
    )
    assert answer.status_code == 302
    assert Prescriber.objects.get().verified_how == "NPPES and a call"
    assert not any(finding.is_open for finding in order.findings.all())


@pytest.mark.parametrize("name", ["approve", "hold", "lift", "ask", "answer", "clarify", "cancel"])
def test_an_address_that_only_writes_leads_back_when_opened(
    name: str, bench: Bench, pharmacist: Client
) -> None:
    order = answered(bench)
    answer = pharmacist.get(reverse(f"admin:order_{name}", args=[order.pk]))
    assert answer.status_code == 302
    assert answer["Location"] == reverse("admin:order", args=[order.pk])


def test_an_order_that_does_not_exist(bench: Bench, pharmacist: Client) -> None:
    assert pharmacist.get(reverse("admin:order", args=[9999])).status_code == 404
    assert post(pharmacist, "order_approve", 9999).status_code == 404


def test_a_form_from_elsewhere_is_refused(bench: Bench, pharmacist: Client) -> None:
    order = answered(bench)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = pharmacist.cookies
    assert post(strict, "order_approve", order.pk).status_code == 403
    assert state(order) == "in_review"


def test_the_plan_begins_when_the_rules_allow(bench: Bench, pharmacist: Client) -> None:
    order = answered(bench, said={"opioid_last_date": "2026-11-19", "opioid_last_name": "tramadol"})
    page = pharmacist.get(reverse("admin:order", args=[order.pk])).content.decode()
    assert "If begun on 29 November" in page
    assert "29 November to 12 December 2026" in page
