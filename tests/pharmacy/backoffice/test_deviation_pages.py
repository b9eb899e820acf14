"""Deviations, the second look, batches made ahead and orders filled from stock: the good way, and what is refused."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from pharmacy.batches.models import AheadOfOrders, CompoundingRecord, Deviation, SecondLook
from pharmacy.formulations.models import MasterFormulationRecord
from pharmacy.orders.models import Allocation, Order
from pharmacy.workflow.demonstration import Bench, finish_and_check, plan, release, weigh
from pharmacy.workflow.dispense_order import dispense_order
from tests.factories.job import AT, approved, fresh, ready
from tests.pharmacy.backoffice.conftest import signed_in
from tests.pharmacy.backoffice.rows import a_deviation

pytestmark = pytest.mark.django_db
CLOSED = {"disposition": "accept", "assessment": "The powder stood covered."}


def post(client: Client, name: str, *args: int, **typed: Any) -> HttpResponse:
    return client.post(reverse(f"admin:{name}", args=args), typed)  # type: ignore[return-value]


def text(answer: HttpResponse) -> str:
    return answer.content.decode()


@pytest.fixture
def planned(bench: Bench) -> CompoundingRecord:
    """A batch that is planned and not begun."""
    return plan([approved(bench, key="deviating")], bench=bench, at=AT)


def test_a_deviation_is_written_down_and_closed(
    planned: CompoundingRecord, technician: Client, second_pharmacist: Client
) -> None:
    told: dict[str, Any] = {
        "deviation-what_happened": "The hood stopped.",
        "deviation-what_was_done": "I waited.",
    }
    answer = post(technician, "batch_deviation", planned.pk, **told)
    here = reverse("admin:batch", args=[planned.pk])
    assert answer["Location"] == here
    deviation = Deviation.objects.get()
    assert (deviation.what_happened, deviation.by.username) == ("The hood stopped.", "nguyen")
    assert "A deviation was written down" in technician.get(here).content.decode()

    form = second_pharmacist.get(here).context["deviations"][0].form
    typed = {form.add_prefix(name): value for name, value in CLOSED.items()}
    answer = post(second_pharmacist, "deviation_close", planned.pk, deviation.pk, **typed)
    assert answer["Location"] == here
    deviation.refresh_from_db()
    assert (deviation.disposition, deviation.closed_by.username) == ("accept", "brandt")  # type: ignore[union-attr]


def test_half_a_deviation_is_not_written_down(
    planned: CompoundingRecord, technician: Client
) -> None:
    answer = post(
        technician,
        "batch_deviation",
        planned.pk,
        **{"deviation-what_happened": "The hood stopped.", "deviation-what_was_done": " "},
    )
    assert answer.status_code == 422
    assert "Write what you did about it" in text(answer)
    assert "The hood stopped." in text(answer)
    assert not Deviation.objects.exists()


def test_a_deviation_is_closed_with_a_decision_and_a_reason(
    planned: CompoundingRecord, second_pharmacist: Client
) -> None:
    deviation = a_deviation(planned)
    here = reverse("admin:batch", args=[planned.pk])
    form = second_pharmacist.get(here).context["deviations"][0].form
    typed = {form.add_prefix("disposition"): "argue", form.add_prefix("assessment"): "Kept words."}
    answer = post(second_pharmacist, "deviation_close", planned.pk, deviation.pk, **typed)
    assert answer.status_code == 422
    assert "argue" in text(answer)
    assert "Kept words." in text(answer)
    deviation.refresh_from_db()
    assert deviation.closed_at is None


def test_a_second_look_says_what_was_seen(bench: Bench, db: None) -> None:
    _order, record = ready(bench, key="look")
    with time_machine.travel(AT + timedelta(days=1), tick=False):
        technician = signed_in("nguyen")
        nothing = post(technician, "batch_look", record.pk, **{"look-as_expected": "yes"})
        assert nothing.status_code == 422
        assert "Write what you saw" in text(nothing)
        assert not SecondLook.objects.exists()
        answer = post(
            technician,
            "batch_look",
            record.pk,
            **{"look-as_expected": "no", "look-seen": "Two capsules are cracked."},
        )
        assert answer.status_code == 302
        look = SecondLook.objects.get()
        assert (look.is_as_expected, look.seen) == (False, "Two capsules are cracked.")
        assert Deviation.objects.get().record == record


def test_a_batch_that_is_not_released_is_not_looked_at_again(
    planned: CompoundingRecord, technician: Client
) -> None:
    seen = {"look-as_expected": "yes", "look-seen": "White powder."}
    answer = post(technician, "batch_look", planned.pk, **seen)
    assert answer.status_code == 422
    assert "there is nothing to dispense" in text(answer)
    assert not SecondLook.objects.exists()


def ahead(client: Client, bench: Bench, **changed: str) -> HttpResponse:
    formula = MasterFormulationRecord.objects.get(code="ldn-capsules")
    typed = {
        "formula": str(formula.pk),
        "strength": "1.5",
        "units": "100",
        "balance": str(bench.balance.pk),
        "reason": "Three refills are due.",
    }
    return post(client, "make_ahead", **(typed | changed))


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"reason": " "}, "Write why it is made"),
        ({"units": "1,5"}, "1,5"),
        ({"units": "200"}, "may be made ahead"),
    ],
)
def test_what_may_not_be_made_ahead_is_said_and_kept(
    changed: dict[str, str],
    why: str,
    bench: Bench,
    capsules_to_dispense: int,
    technician: Client,
) -> None:
    dispense_order(order=Order.objects.get(pk=capsules_to_dispense), by=bench.pharmacist, at=AT)
    before = CompoundingRecord.objects.count()
    answer = ahead(technician, bench, **({"strength": "1.50"} | changed))
    assert answer.status_code == 422
    assert why in text(answer)
    assert 'value="1.50"' in text(answer)
    assert CompoundingRecord.objects.count() == before
    assert not AheadOfOrders.objects.exists()


def test_orders_are_filled_from_what_was_made_ahead(
    bench: Bench, capsules_to_dispense: int, technician: Client, pharmacist: Client
) -> None:
    dispense_order(order=Order.objects.get(pk=capsules_to_dispense), by=bench.pharmacist, at=AT)
    assert ahead(technician, bench, units="122").status_code == 302
    record = AheadOfOrders.objects.get().record
    weigh(record, bench=bench, at=AT)
    record = release(finish_and_check(record, bench=bench, at=AT), bench=bench, at=AT)
    first, second = approved(bench, key="stock-1"), approved(bench, key="stock-2")
    lines = [order.lines.get().pk for order in (first, second)]
    told: dict[str, Any] = {"group": "ldn-capsules-1_5", "record": record.pk}
    before = Allocation.objects.count()

    refused: tuple[tuple[dict[str, Any], list[int], str], ...] = (
        (told, lines, "the orders need 252"),
        (told, [], "at least one"),
        ({"group": "ldn-capsules-1_5"}, lines[:1], "Choose the batch"),
    )
    for here, chosen, why in refused:
        answer = post(pharmacist, "fill_from_stock", **(here | {"lines": chosen}))
        assert answer.status_code == 422
        assert why in text(answer)
        ticked = [each.chosen for each in answer.context["groups"][0].rows]  # type: ignore[attr-defined]
        assert ticked == [line in chosen for line in lines]
    assert Allocation.objects.count() == before

    answer = post(pharmacist, "fill_from_stock", **(told | {"lines": lines[:1]}))
    assert answer["Location"] == reverse("admin:to_make")
    assert (fresh(first).state, fresh(second).state) == ("ready", "approved")
