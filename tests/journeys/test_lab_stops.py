"""What goes wrong in the lab, and how it is stopped: wrong containers, bad weights, two on one lot, a recall."""

import json
import urllib.request
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from io import StringIO

from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page, ViewportSize, expect

from pharmacy.batches.bench_steps import steps_for
from pharmacy.batches.models import (
    CompoundingRecord,
    ContainerScan,
    Deviation,
    NearMiss,
    StepDone,
    Weighing,
)
from pharmacy.followups.models import FollowUp
from pharmacy.inventory.actions import correct_stock
from pharmacy.inventory.models import IngredientLot, Place
from pharmacy.inventory.queries import quantity_at
from pharmacy.recalls.models import Recall, RecallContact
from pharmacy.workflow.demonstration import Bench, plan, ten_capsules, weigh
from pharmacy.workflow.follow_step import mark_step_done
from tests.factories.lab import finish, fresh, lab_of, people
from tests.infrastructure.browser import Complaints, assert_accessible, assert_no_sideways_scrolling
from tests.infrastructure.house import House
from tests.journeys.lab import (
    all_yes,
    approved_order,
    drawn,
    lab,
    line_now,
    press,
    scan,
    seeded_lab,
    sign,
    type_weights,
)
from tests.journeys.test_staff_desk import signed_in

__all__ = ["lab", "seeded_lab"]

NewPage = Callable[..., Page]
TABLET: ViewportSize = {"width": 820, "height": 1180}


def planned(lab: Bench, key: str, **order: str) -> CompoundingRecord:
    at = timezone.now() - timedelta(hours=1)
    return plan([approved_order(lab, key, **order)], bench=lab, at=at)


def at_the_first_line(page: Page, record: CompoundingRecord) -> Page:
    """Tick the first step, so that the first container is asked for."""
    page.set_viewport_size(TABLET)
    page.goto(f"/admin/batch/{record.pk}/bench/")
    drawn(page)
    page.keyboard.press("Space")
    press(page)
    expect(page.get_by_label("Scan the container")).to_be_focused()
    return page


def test_the_wrong_container_stops_and_is_remembered(
    new_page: NewPage, lab: Bench, complaints: Complaints
) -> None:
    complaints.expect("422")
    record = planned(lab, "wrong-scan")
    page = signed_in(new_page(), "nguyen")
    page.set_viewport_size(TABLET)
    page.goto(f"/admin/batch/{record.pk}/bench/")
    # A scan where nothing is to be scanned: the scanner's Enter presses no button, not even the one with the focus.
    page.get_by_role("button", name="Done").focus()
    page.keyboard.type("NX-2201")
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    assert not StepDone.objects.exists()
    assert page.locator("[role=alert], .field--error").count() == 0

    at_the_first_line(page, record)
    page.get_by_role("heading", level=1).click()  # the focus is nowhere; the scan finds its field
    page.keyboard.type("MC-5533")
    press(page)
    expect(page.get_by_role("alert")).to_contain_text(
        "Stop: this step takes naltrexone hydrochloride, lot NX-2201. You scanned microcrystalline cellulose"
    )
    expect(page.locator('[name="weigh-amount"]')).to_have_count(0)
    assert_accessible(page)
    assert_no_sideways_scrolling(page)
    scan(page, line_now(page, record))
    expect(page.get_by_label("Amount, mg")).to_be_focused()
    assert ContainerScan.objects.count() == NearMiss.objects.count() == 1

    pharmacist = signed_in(new_page(), "brandt")
    pharmacist.goto(f"/admin/batch/{record.pk}/")
    stopped = pharmacist.locator(
        "section", has=pharmacist.get_by_role("heading", name="Wrong containers, stopped")
    )
    expect(stopped).to_contain_text("Scanned: MC-5533. Taylor Nguyen")


def test_ten_weights_with_one_outside_block_the_release(
    new_page: NewPage, lab: Bench, complaints: Complaints
) -> None:
    complaints.expect("422")
    record = planned(lab, "failed-check")
    at = timezone.now()
    weigh(record, bench=lab, at=at)
    finish(lab_of(people()), fresh(record), at=at)
    page = signed_in(new_page(), "nguyen")
    page.set_viewport_size(TABLET)
    page.goto(f"/admin/batch/{record.pk}/")
    good = ten_capsules(record)
    type_weights(page, [*good[:2], good[2] - 30, *good[3:]])
    press(page)
    expect(page.locator(".said__line--error")).to_contain_text(
        "failed. A deviation is open; a pharmacist decides"
    )
    expect(page.locator("main")).to_contain_text("Outside its limits: number 3")
    expect(page.get_by_label("Capsule 1", exact=True)).to_be_hidden()  # its cause is asked first
    page.get_by_text("Repeat it, once its cause is known").click()
    type_weights(page, good)
    page.get_by_label("What you found out about the failed check").fill("The third one was cracked")
    with page.expect_navigation():
        page.locator('form[action$="/check/fill_weight/"]').get_by_role("button").click()
    all_yes(page, "appearance")

    verifier = signed_in(new_page(), "brandt")
    verifier.goto(f"/admin/batch/{record.pk}/")
    sign(verifier)
    expect(verifier.locator("#verify-refusal")).to_contain_text("deviation")
    record.refresh_from_db()
    assert record.state == "checked"

    pharmacist = signed_in(new_page(), "okafor")
    pharmacist.goto(f"/admin/batch/{record.pk}/")
    pharmacist.get_by_label("put right, and check again").check()
    pharmacist.get_by_label("What you found, and why you decide so").fill(
        "Ten others were weighed; all lie close."
    )
    pharmacist.get_by_role("button", name="Close the deviation").click()
    expect(pharmacist.get_by_role("status")).to_contain_text("The deviation is closed.")
    verifier.goto(f"/admin/batch/{record.pk}/")
    sign(verifier)
    record.refresh_from_db()
    assert record.state == "released"
    assert Deviation.objects.get().closed_by_id == lab.pharmacist.user_id


def test_a_timer_outlives_its_page(new_page: NewPage, lab: Bench) -> None:
    record = planned(lab, "timer")
    weigh(record, bench=lab, at=timezone.now())
    steps = steps_for(fresh(record))
    timed = next(step for step in steps if step.timer_seconds)
    for step in steps[: timed.position - 1]:
        mark_step_done(
            record=record,
            step=step,
            entry="yes",
            by=lab.technician,
            at=timezone.now(),
        )
    page = signed_in(new_page(), "nguyen")
    page.goto(f"/admin/batch/{record.pk}/bench/")
    page.get_by_role("button", name="Start the timer").click()
    said = page.locator("[data-timer-says]")
    expect(said).to_contain_text("left")
    page.reload()
    expect(said).to_contain_text("left")
    kept = f"bench-timer-{record.pk}-{timed.position}"
    earlier = (
        f"sessionStorage.setItem('{kept}', Number(sessionStorage.getItem('{kept}')) - 3600000)"
    )
    page.evaluate(earlier)
    page.reload()
    expect(said).to_contain_text("Time was up at")


def test_two_people_and_one_lot(new_page: NewPage, lab: Bench, complaints: Complaints) -> None:
    """Both plan from what is enough for one, and both weigh the same line: one of each is told."""
    complaints.expect("422")
    lot = IngredientLot.objects.get(lot_number="NX-2201")
    correct_stock(
        lot=lot, counted=Decimal(200), reason="Spilled", by=lab.technician, at=timezone.now()
    )
    approved_order(lab, "one", strength="4.5")
    approved_order(lab, "other", strength="4")
    two = [signed_in(new_page(), name) for name in ("nguyen", "okafor")]
    for page, strength in zip(two, ("4.5 mg", "4 mg"), strict=True):
        page.set_viewport_size(TABLET)
        page.goto("/admin/make/")
        expect(page.locator(f'form:has(h2:text("capsules, {strength}:"))')).to_have_count(1)
    both_press(
        two, "form:has(h2:text('capsules, 4.5 mg:'))", "form:has(h2:text('capsules, 4 mg:'))"
    )
    record = CompoundingRecord.objects.get()
    refused = [page for page in two if page.url.endswith("/make/")]
    assert len(refused) == 1
    expect(refused[0].locator(".alert--stop").first).to_contain_text("naltrexone hydrochloride")
    assert quantity_at(lot, Place.SHELF) >= 0

    at_the_first_line(two[0], record)
    scan(two[0], line_now(two[0], record))
    two[1].goto(f"/admin/batch/{record.pk}/bench/")
    for page in two:
        page.get_by_label("Amount, mg").fill(format(line_now(page, record).wanted.normalize(), "f"))
    both_press(two, "form[action*='/weigh/']", "form[action*='/weigh/']")
    assert Weighing.objects.count() == 1
    said = [page.locator("main").inner_text() for page in two]
    assert sum("is weighed already" in each for each in said) == 1
    assert quantity_at(lot, Place.SHELF) >= 0


def both_press(two: list[Page], *forms: str) -> None:
    """Send both forms before either answer is there."""
    for page, form in zip(two, forms, strict=True):
        page.locator(form).evaluate("form => { window.was = true; form.requestSubmit(); }")
    for page in two:
        page.wait_for_function("window.was !== true")
        page.wait_for_load_state()


def test_a_balance_that_sends_its_readings(
    new_page: NewPage, lab: Bench, house: House, complaints: Complaints
) -> None:
    complaints.expect("422")
    desk = signed_in(new_page(), "okafor")
    desk.goto(f"/admin/balance/{lab.balance.pk}/")
    desk.get_by_role("button", name="Make a token").click()
    token = desk.locator("#token .code").inner_text()

    def send(reading: str, *, seconds_ago: int = 0) -> None:
        """One call, as the page on balances says it."""
        said = {"reading": reading, "unit": "mg", "stable": True}
        said["at"] = (timezone.now() - timedelta(seconds=seconds_ago)).isoformat()
        call = urllib.request.Request(
            f"{house.url}/bench/balance/{lab.balance.pk}/reading/",
            data=json.dumps(said).encode(),
            headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(call) as answer:
            assert answer.status == 201

    record = planned(lab, "balance")
    page = at_the_first_line(signed_in(new_page(), "nguyen"), record)
    line = line_now(page, record)
    wanted = format(line.wanted.normalize(), "f")
    scan(page, line)
    take = page.get_by_role("button", name="Record the balance's reading")
    send("3.2")
    send(wanted)
    expect(page.locator("#reading")).to_contain_text(f"{wanted} mg")  # it looks by itself
    take.click()
    expect(page.get_by_role("alert")).to_contain_text(
        "The first reading after the scan is 3.2 mg, not zero."
    )
    page.get_by_label("Scan again, to tare anew").focus()
    scan(page, line)
    send("0")
    send(wanted, seconds_ago=11)
    take.click()
    expect(page.get_by_role("alert")).to_contain_text("The reading is older than 10 seconds.")
    assert not Weighing.objects.exists()
    send(wanted)
    expect(page.locator("#reading .verdict")).to_contain_text("within its limits")
    assert_accessible(page)
    take.click()
    expect(page.get_by_role("status")).to_contain_text("Naltrexone hydrochloride is weighed.")
    assert Weighing.objects.get().reading is not None


def test_a_lot_is_recalled_by_two_pharmacists(
    new_page: NewPage, lab: Bench, complaints: Complaints
) -> None:
    complaints.expect("422")
    call_command("generate", orders=10, stdout=StringIO())
    approved_order(lab, "after-the-recall", strength="2")
    opener = signed_in(new_page(), "brandt")
    opener.goto("/admin/recall/")
    opener.get_by_label("Lot or batch").fill("NX-2201")
    press(opener)
    opener.get_by_label("Class II:").check()
    opener.get_by_label("What is wrong").fill("The supplier found another substance")
    opener.get_by_role("button", name="Open a recall").click()
    expect(opener.locator(".now h2")).to_contain_text("Call another pharmacist now")
    expect(opener.get_by_role("button", name="Approve and start")).to_have_count(0)
    assert not FollowUp.objects.filter(kind__startswith="recall").exists()

    approver = signed_in(new_page(), "okafor")
    approver.goto(f"/admin/recall/{Recall.objects.get().pk}/")
    approver.get_by_role("button", name="Approve and start the recall").click()
    expect(approver.get_by_role("status")).to_contain_text("The recall runs.")
    people_to_reach = RecallContact.objects.count()
    assert FollowUp.objects.filter(kind__startswith="recall").count() == people_to_reach > 1

    page = signed_in(new_page(), "nguyen")
    page.goto(approver.url)
    patient = page.locator(".now h2").inner_text().removeprefix("Call next: ")
    page.locator(".now").get_by_role("radio").first.check()
    page.locator(".now").get_by_role("button", name="Write it down").click()
    expect(page.get_by_role("status")).to_contain_text("Written down. Here is the next.")
    expect(page.locator(".now h2")).not_to_contain_text(patient)
    assert RecallContact.objects.filter(state="reached").count() == 1

    page.goto("/admin/make/")
    page.locator("form:has(h2:text('capsules, 2 mg:'))").get_by_role("button", name="Plan").click()
    expect(page.locator("#error-summary, .alert--stop").first).to_contain_text("naltrexone")
    lot = IngredientLot.objects.get(lot_number="NX-2201")
    assert lot.state == "recalled"
    assert quantity_at(lot, Place.SHELF) == 0
