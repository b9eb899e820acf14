"""Batches as the lab makes them: orders grouped, weighed from scanned containers, checked, released by another."""

from collections.abc import Callable
from decimal import Decimal

from playwright.sync_api import Page, expect

from pharmacy.batches.models import CompoundingRecord
from pharmacy.batches.queries import batch_units_of
from pharmacy.inventory.models import IngredientLot, Place
from pharmacy.inventory.queries import quantity_at
from pharmacy.orders.models import Order
from pharmacy.orders.states import OrderState
from pharmacy.workflow.demonstration import Bench, ten_capsules
from tests.infrastructure.browser import Complaints, assert_accessible, assert_no_sideways_scrolling
from tests.journeys.lab import (
    all_yes,
    approved_order,
    finish,
    lab,
    press,
    seeded_lab,
    sign,
    tab_to,
    type_weights,
    work_at_the_bench,
)
from tests.journeys.test_staff_desk import signed_in

__all__ = ["lab", "seeded_lab"]

NewPage = Callable[..., Page]
COUNT_PRESSES = """
for (const kind of ["click", "change"]) {
  addEventListener(kind, (event) => {
    if (event.isTrusted && (kind === "change") === event.target.matches("input[type=checkbox], select")) {
      sessionStorage.presses = Number(sessionStorage.presses ?? 0) + 1;
    }
  }, true);
}
"""


def group_of(page: Page, title: str) -> str:
    """Return how to find the form of a group that waits to be made."""
    return f'form.sheet:has(h2:text("{title}"))'


def newest() -> CompoundingRecord:
    return CompoundingRecord.objects.select_related("formula").latest("pk")


def test_waiting_orders_become_one_batch_in_three_actions(page: Page, lab: Bench) -> None:
    """To the page, one order left out, the batch planned: counted by the browser itself."""
    orders = [approved_order(lab, f"group-{n}", strength="2.5") for n in range(3)]
    signed_in(page, "nguyen").goto("/admin/")
    page.add_init_script(COUNT_PRESSES)
    page.reload()
    page.get_by_role("link", name="To make", exact=True).click()
    group = page.locator(group_of(page, "capsules, 2.5 mg: 90 capsules"))
    group.get_by_label(orders[2].number).uncheck()
    with page.expect_navigation():
        group.get_by_role("button", name="Plan the batch").click()
    expect(page.get_by_role("status")).to_contain_text("is planned")
    assert page.evaluate("Number(sessionStorage.presses)") == 3
    record = newest()
    assert record.units_wanted == 60
    states = [Order.objects.get(pk=order.pk).state for order in orders]
    making = OrderState.IN_COMPOUNDING
    assert states == [making, making, OrderState.APPROVED]


def test_capsules_by_keys_alone_from_waiting_orders_to_released(
    new_page: NewPage, lab: Bench, complaints: Complaints
) -> None:
    complaints.expect("422")
    orders = [approved_order(lab, f"keys-{n}") for n in range(2)]
    page = signed_in(new_page(), "nguyen")
    page.goto("/admin/make/")
    plan = page.locator(group_of(page, "capsules, 1.5 mg")).get_by_role(
        "button", name="Plan the batch"
    )
    tab_to(page, plan)
    press(page)
    record = newest()
    tab_to(page, page.get_by_role("link", name="Work at the bench"))
    press(page)
    work_at_the_bench(page, record)
    press(page)  # to the batch: the link has the focus

    planned = batch_units_of(record)
    finish_by_keys(page, good=planned - 3, wasted=3)
    expect(page.locator(".alert--hold")).to_contain_text(
        f"waits to be made again: {orders[1].number}."
    )
    check_by_keys(page, record)
    expect(page.locator("main")).to_contain_text("A pharmacist verifies and releases it.")

    verifier = signed_in(new_page(), "brandt")
    verifier.goto(f"/admin/batch/{record.pk}/")
    assert_accessible(verifier)
    sign(verifier, "not the password")
    expect(verifier.locator("main")).to_contain_text("This is not your password.")
    sign(verifier)
    expect(verifier.locator("main")).to_contain_text("I checked this record")
    record.refresh_from_db()
    assert (record.state, record.units_made, record.units_wasted) == ("released", planned - 3, 3)
    assert record.verified_by != record.made_by
    states = [Order.objects.get(pk=order.pk).state for order in orders]
    assert states == [OrderState.READY, OrderState.APPROVED], "fifty-nine fill one order of thirty"


def finish_by_keys(page: Page, *, good: int, wasted: int) -> None:
    """Say what came out: one too few at first, which is refused, then all of it."""
    tab_to(page, page.get_by_label("Good ones"))
    page.keyboard.type(str(good))
    tab_to(page, page.get_by_label("Wasted"))
    page.keyboard.type(str(wasted - 1))
    tab_to(page, page.get_by_label("What it looks like"))
    page.keyboard.type("Clear capsules with a white powder")
    tab_to(page, page.get_by_role("button", name="Finish", exact=True))
    press(page)
    expect(page.locator("#finish-refusal")).to_contain_text("neither made nor wasted")
    tab_to(page, page.get_by_label("Wasted"))
    page.keyboard.press("Control+a")
    page.keyboard.type(str(wasted))
    press(page)
    expect(page.get_by_role("status")).to_contain_text("Its beyond-use date is set")


def check_by_keys(page: Page, record: CompoundingRecord) -> None:
    """Weigh ten capsules, look at them, and say so."""
    tab_to(page, page.get_by_label("Capsule 1", exact=True))
    type_weights(page, ten_capsules(record))
    press(page)
    expect(page.get_by_role("status")).to_contain_text("is recorded: passed")
    appearance = page.locator('form[action$="/check/appearance/"]')
    for yes in appearance.get_by_label("Yes").all():
        tab_to(page, yes)
        page.keyboard.press("Space")
    tab_to(page, appearance.get_by_role("button"))
    press(page)


def test_drops_from_a_dropper_counted_today(new_page: NewPage, lab: Bench) -> None:
    approved_order(lab, "drops", kind="drops")
    page = signed_in(new_page(), "nguyen")
    page.goto("/admin/dropper/")
    page.get_by_label("Formula").select_option(label="Naltrexone hydrochloride drops, version 1")
    page.get_by_label("Dropper", exact=True).select_option(index=1)
    page.get_by_label("Drops counted").fill("100")
    page.get_by_label("They filled, mL").fill("4.4")
    page.get_by_role("button", name="Keep it").click()
    expect(page.locator("table.rows tbody tr").first).to_contain_text("100 drops filled 4.4 mL")

    page.goto("/admin/make/")
    page.locator(group_of(page, "drops, 1 mg/mL")).get_by_role(
        "button", name="Plan the batch"
    ).click()
    expect(page.locator("main")).to_contain_text("22.73")
    record = newest()
    page.get_by_role("link", name="Work at the bench").click()
    work_at_the_bench(page, record)
    press(page)
    finish(page)
    page.get_by_label("Bottle 1").fill("31")
    with page.expect_navigation():
        page.locator('form[action$="/check/volume/"]').get_by_role("button").click()
    all_yes(page, "appearance")
    all_yes(page, "closure")
    if page.locator('form[action$="/check/ph/"]').count():
        page.get_by_label("pH", exact=True).fill("4")
        press(page)
    verifier = signed_in(new_page(), "brandt")
    verifier.goto(f"/admin/batch/{record.pk}/")
    sign(verifier)
    expect(verifier.locator("main")).to_contain_text("I checked this record")
    assert newest().state == "released"


def test_capsules_by_a_triturate_that_is_a_batch_of_its_own(
    new_page: NewPage, lab: Bench, complaints: Complaints
) -> None:
    complaints.expect("422")
    page = signed_in(new_page(), "nguyen")
    page.goto("/admin/formula/")
    page.get_by_role("link", name="Naltrexone hydrochloride 1% triturate").click()
    page.get_by_label("Grams").fill("20")
    page.get_by_role("button", name="Plan the batch").click()
    triturate = newest()
    page.get_by_role("link", name="Work at the bench").click()
    work_at_the_bench(page, triturate)
    press(page)
    finish(page)
    all_yes(page, "appearance")
    verifier = signed_in(new_page(), "brandt")
    verifier.goto(f"/admin/batch/{triturate.pk}/")
    sign(verifier)
    expect(verifier.locator("main")).to_contain_text("I checked this record")
    lot = IngredientLot.objects.get(lot_number=triturate.number)
    assert quantity_at(lot, Place.SHELF) == Decimal(20_000)

    approved_order(lab, "by-triturate", strength="0.1")
    record = plan_by_the_triturate(page)
    assert record == triturate
    expect(page.locator(".alert--stop").first).to_contain_text(
        "It has no pack statistic for capsule size 3."
    )
    page.goto(f"/admin/batch/{triturate.pk}/")
    page.get_by_role("link", name=f"Lot {triturate.number}").click()
    page.get_by_text("Record a measurement").click()
    page.get_by_label("Capsule size").select_option("3")
    page.get_by_label("mg that fill one capsule").fill("151")
    page.locator('form[action$="/measure/"]').get_by_role("button").click()
    expect(page.locator("main")).to_contain_text("size 3: 151 mg")
    record = plan_by_the_triturate(page)
    expect(page.locator("main")).to_contain_text(triturate.number)
    page.get_by_role("link", name="Work at the bench").click()
    work_at_the_bench(page, record)
    press(page)
    finish(page)
    expect(page.get_by_role("status")).to_contain_text("Its beyond-use date is set")
    assert quantity_at(lot, Place.SHELF) < Decimal(20_000)
    # The powder's lot leads through the triturate to the capsules.
    page.goto("/admin/recall/")
    page.get_by_label("Lot or batch").fill("NX-2201")
    press(page)
    expect(page.locator("main")).to_contain_text(triturate.number)
    expect(page.locator("main")).to_contain_text(record.number)
    page.set_viewport_size({"width": 820, "height": 1180})
    assert_no_sideways_scrolling(page)


def plan_by_the_triturate(page: Page) -> CompoundingRecord:
    """Ask for the capsules by the triturate on the shelf; return the newest batch there is then."""
    page.goto("/admin/make/")
    group = page.locator(group_of(page, "capsules, 0.1 mg"))
    group.get_by_label("Made with").select_option(index=1)
    with page.expect_navigation():
        group.get_by_role("button", name="Plan the batch").click()
    return newest()
