"""The first page: the lists, the rows in words, the pages, the next order beside them."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from pharmacy.backoffice.queue import ROWS_A_PAGE
from pharmacy.orders.models import Order
from pharmacy.workflow.demonstration import Bench
from tests.factories.job import AT, answered, approved, ready, received
from tests.pharmacy.backoffice.rows import (
    a_check_in,
    a_failed_message,
    an_enquiry,
    more_orders_like,
)


def numbers(page: str) -> list[str]:
    return re.findall(r'class="rows__pick"[^>]*>([0-9-]+)</a>', page)


def count_beside(page: str, label: str) -> int:
    found = re.search(rf"<span>{label}</span> <span[^>]*>([0-9]+)</span>", page)
    assert found, label
    return int(found[1])


def queue(client: Client, **asked: str) -> str:
    answer = client.get(reverse("admin:index"), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_empty_queue_says_so(pharmacist: Client) -> None:
    page = queue(pharmacist)
    assert "Nothing waits here." in page
    assert numbers(page) == []
    assert 'data-key="a"' not in page


def test_a_row_says_what_is_decided_about(bench: Bench, pharmacist: Client) -> None:
    order = answered(bench)
    page = queue(pharmacist)
    assert numbers(page) == [order.number]
    for said in (
        "Grace Okonkwo",
        "19 May 1968",
        "Naltrexone HCl capsules, 1.5 mg to 4.5 mg",
        "56 days, 126 capsules of 1.5 mg",
        "new, 60 min",
        "Clean",
    ):
        assert said.replace("60 min", "1 h") in page


def test_findings_stand_in_the_row_and_before_the_approval(
    bench: Bench, pharmacist: Client
) -> None:
    order = answered(bench, said={"thyroid_med": "yes"})
    page = queue(pharmacist)
    assert "Thyroid medicine" in page
    assert reverse("admin:order_approve", args=[order.pk]) not in page
    assert "Decide about the findings" in page


def test_every_list_has_its_count(bench: Bench, pharmacist: Client) -> None:
    received(bench, key="waits")
    answered(bench, key="review")
    answered(bench, said={"opioid_now": "not_sure"}, key="hold")
    approved(bench, key="make")
    order, _record = ready(bench, key="ready")
    an_enquiry()
    a_check_in(order)
    a_failed_message(order)
    page = queue(pharmacist)
    assert {
        label: count_beside(page, label)
        for label in (
            "Review",
            "Needs an answer",
            "On hold",
            "Waiting for patient",
            "To make",
            "Being made",
            "Verify batches",
            "Ready to dispense",
            "Enquiries",
            "Check-ins to see",
            "Failed messages",
        )
    } == {
        "Review": 1,
        "Needs an answer": 0,
        "On hold": 1,
        "Waiting for patient": 1,
        "To make": 1,
        "Being made": 0,
        "Verify batches": 0,
        "Ready to dispense": 1,
        "Enquiries": 1,
        "Check-ins to see": 1,
        "Failed messages": 1,
    }


def test_the_pages_together_hold_every_order_once(bench: Bench, pharmacist: Client) -> None:
    first = answered(bench)
    more_orders_like(first, ROWS_A_PAGE)
    more_orders_like(first, ROWS_A_PAGE, due_on=first.due_on + timedelta(days=1))
    seen: list[str] = []
    after: str | None = ""
    while after is not None:
        page = queue(pharmacist, list="review", after=after)
        seen += numbers(page)
        following = re.search(r'after=([^"]+)" rel="next"', page)
        after = following[1] if following else None
    wanted = Order.objects.filter(state="in_review").order_by("due_on", "pk")
    assert seen == [order.number for order in wanted.select_related("prescription")]
    assert len(seen) == 2 * ROWS_A_PAGE + 1


@pytest.mark.parametrize("after", ["x", "2026-13-45.1", "2026-11-22.", "2026-11-22.one", "9" * 40])
def test_a_place_nobody_was_given_is_the_beginning(
    after: str, bench: Bench, pharmacist: Client
) -> None:
    order = answered(bench)
    assert numbers(queue(pharmacist, after=after)) == [order.number]


@pytest.mark.parametrize("asked", [{"list": "nonsense"}, {"order": "nonsense"}, {"order": "-1"}])
def test_what_nobody_asked_for_is_the_first(
    asked: dict[str, str], bench: Bench, pharmacist: Client
) -> None:
    order = answered(bench)
    assert f'data-order="{order.pk}"' in queue(pharmacist, **asked)


def test_the_panel_alone_is_the_panel_of_the_page(bench: Bench, pharmacist: Client) -> None:
    order = answered(bench)
    panel = pharmacist.get(reverse("admin:order_panel", args=[order.pk]), {"list": "review"})
    text = panel.content.decode()
    assert "<html" not in text
    for said in (order.number, "189 mg in 56 days", "126 capsules of 1.5 mg", "<svg", "NPI"):
        assert said in text
        assert said in queue(pharmacist)


def test_late_orders_say_so(bench: Bench, pharmacist: Client) -> None:
    order = answered(bench)
    Order.objects.filter(pk=order.pk).update(due_on=(AT - timedelta(days=3)).date())
    assert "3 days late" in queue(pharmacist)


def test_a_very_long_name_is_whole(bench: Bench, pharmacist: Client) -> None:
    order = answered(bench)
    name = "Maximiliana " + "Konstantinopoulou-" * 8 + "Langenburg"
    patient = order.prescription.patient
    patient.full_name = name
    patient.save()
    assert name in queue(pharmacist)


def test_names_cannot_write_markup(bench: Bench, pharmacist: Client) -> None:
    order = answered(bench)
    patient = order.prescription.patient
    patient.full_name = "<script>alert(1)</script>"
    patient.save()
    assert "<script>alert" not in queue(pharmacist)
    assert "&lt;script&gt;alert" in queue(pharmacist)
