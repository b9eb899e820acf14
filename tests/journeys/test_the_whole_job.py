"""One order through the whole pharmacy as its people do it: form, questions, review, bench, papers, hand-over."""

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.utils import timezone
from playwright.sync_api import Page, expect

from pharmacy.audit.queries import verify_chain
from pharmacy.batches.models import CompoundingRecord, UnitPlace
from pharmacy.batches.queries import sheet_of, units_at
from pharmacy.followups.models import FollowUp
from pharmacy.inventory.lot_codes import lot_symbol_text
from pharmacy.inventory.models import IngredientLot
from pharmacy.orders.models import Fill, Order
from pharmacy.orders.states import OrderState
from pharmacy.people.models import User
from pharmacy.workflow.demonstration import ten_capsules
from pharmacy.workflow.seed.people import DEMO_PASSWORD
from pharmacy.workflow.seed.pharmacy import seed_house
from tests.infrastructure.browser import assert_accessible
from tests.infrastructure.house import House, eventually
from tests.infrastructure.mail import MailServer
from tests.journeys.pages import answer_page, fill_medicine, give_date_of_birth

NewPage = Callable[..., Page]


@pytest.fixture
def seeded(house: House) -> None:
    """The demonstration pharmacy, with passwords that the running web server accepts."""
    seed_house(at=timezone.now() - timedelta(days=30))
    hasher = Argon2PasswordHasher()
    User.objects.update(password=hasher.encode(DEMO_PASSWORD, hasher.salt()))


def sign_in(new_page: NewPage, username: str) -> Page:
    """Return a page of the staff's desk, signed in."""
    page = new_page()
    page.goto("/admin/")
    page.fill('[name="username"]', username)
    page.fill('[name="password"]', DEMO_PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Queue")).to_be_visible()
    return page


def link_in(mail_server: MailServer, address: str, number: int) -> str:
    """Return the path of the link in somebody's nth mail, once it has come."""
    eventually(lambda: len(mail_server.sent_to(address)) > number, within=20)
    body = mail_server.sent_to(address)[number].get_body(("plain",))
    assert body is not None
    found = re.search(r"/p/[\w-]+/", body.get_content())
    assert found is not None
    return found[0]


def prescribe(page: Page) -> Order:
    page.goto("/account/login/?next=/prescribe/")
    page.fill('[name="username"]', "chen")
    page.fill('[name="password"]', DEMO_PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Order for a patient")
    fill_medicine(page)
    page.get_by_role("button", name="1.5 mg, 3 mg, 4.5 mg").click()
    expect(page.locator("#plan-panel")).to_contain_text("126 capsules of 1.5\xa0mg")
    page.get_by_role("button", name="Check the order").click()
    page.get_by_label("Type your full name to sign").fill("Lily Chen")
    page.get_by_role("button", name="Sign and send").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("We have your order")
    return Order.objects.get()


def answer(phone: Page, link: str) -> None:
    phone.goto(link)
    give_date_of_birth(phone)
    phone.get_by_role("link", name="Begin").click()
    while "/check/" not in phone.url:
        answer_page(phone)
    phone.get_by_role("link", name="Continue").click()
    phone.get_by_label("Your full name, as your signature").fill("Elena Ruiz")
    answer_page(phone)
    expect(phone.get_by_role("heading", level=1)).to_have_text("We have your answers")


def approve_from_the_queue(page: Page) -> None:
    """Two actions: the queue opens on the next order, and A approves it."""
    page.goto("/admin/")
    expect(page.locator("main")).to_contain_text("Elena Ruiz")
    assert_accessible(page)
    page.keyboard.press("a")
    expect(page.get_by_role("status").or_(page.locator(".alert")).first).to_be_visible()


def plan_and_weigh(page: Page) -> CompoundingRecord:
    page.goto("/admin/make/")
    assert_accessible(page)
    page.get_by_role("button", name="Plan the batch").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("B-")
    record = CompoundingRecord.objects.get()
    page.get_by_role("link", name="Work at the bench").click()
    seen: set[str] = set()
    while page.get_by_text("Nothing is left to do at the bench").count() == 0:
        asked = what_is_asked(page)
        if asked not in seen:
            assert_accessible(page)
        seen.add(asked)
        if page.get_by_label("Scan the container").count():
            scan_and_weigh(page, record)
        else:
            follow_step(page)
    page.get_by_role("link", name="To the batch").click()
    return record


def what_is_asked(page: Page) -> str:
    """Return by which fields the bench asks for what is next: pages that ask the same differ in their words only."""
    fields = page.locator("main form :is(input, select, textarea):not([type=hidden])")
    return str(fields.evaluate_all("fields => fields.map(field => [field.name, field.type])"))


def scan_and_weigh(page: Page, record: CompoundingRecord) -> None:
    lot = page.locator(".bench__wanted span strong").inner_text()
    line = record.lines.select_related("lot").get(lot__lot_number=lot)
    # A scanner types, and ends with Enter.
    page.keyboard.type(lot_symbol_text(line.lot))
    page.keyboard.press("Enter")
    page.locator('[name="weigh-amount"]').fill(format(line.wanted.normalize(), "f"))
    page.get_by_role("button", name="Record", exact=True).click()
    expect(page.locator(".bench__tasks .is-done", has_text=lot)).to_contain_text("done")


def follow_step(page: Page) -> None:
    number = page.locator("#now").inner_text().split()[1]
    entry = page.locator('[name="step-entry"]')
    if entry.count():
        entry.check() if entry.get_attribute("type") == "checkbox" else entry.fill("7")
    page.get_by_role("button", name="Done", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text(f"Step {number} is done.")


def finish_and_check(page: Page, record: CompoundingRecord) -> None:
    page.get_by_label("Good ones").fill(str(sheet_of(record).batch_units))
    page.get_by_label("What it looks like").fill("Clear capsules with a white powder")
    page.get_by_role("button", name="Finish", exact=True).click()
    for place, weight in enumerate(ten_capsules(record), start=1):
        page.get_by_label(f"Capsule {place}", exact=True).fill(format(weight, "f"))
    page.locator('form[action$="/check/fill_weight/"] button[type="submit"]').click()
    appearance = page.locator('form[action$="/check/appearance/"]')
    for yes in appearance.get_by_label("Yes").all():
        yes.check()
    assert_accessible(page)
    appearance.get_by_role("button").click()
    expect(page.locator("main")).to_contain_text("Use until")


def release(page: Page, record: CompoundingRecord) -> None:
    page.goto(f"/admin/batch/{record.pk}/")
    assert_accessible(page)
    page.get_by_label("Your password, once more").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Sign and release").click()
    expect(page.locator("main")).to_contain_text("Lena Brandt")


def print_and_dispense(page: Page, order: Order) -> None:
    page.goto(f"/admin/order/{order.pk}/dispense/")
    with page.expect_popup() as popup:
        page.keyboard.press("p")
    # One press: the new tab waits for the papers and opens them by itself. This browser keeps a PDF as a file.
    papers = popup.value.wait_for_event("download", timeout=60_000)
    assert papers.url.endswith("/papers/pdf/")
    assert papers.path().read_bytes().startswith(b"%PDF-")
    expect(page.get_by_text("Label and leaflet are printed")).to_be_visible(timeout=10_000)
    expect(page.locator(".checks")).to_contain_text("60 mL vial, lot VL-60-2")
    scan_another_vial(page)
    assert_accessible(page)
    page.keyboard.press("d")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ready to dispense")
    page.goto(f"/admin/order/{order.pk}/dispense/")
    expect(page.locator("main")).to_contain_text("Dispensed by Maya Okafor")


def scan_another_vial(page: Page) -> None:
    """Scan the vial in the hand, the focus being nowhere: none of the scanner's letters is a key of the page."""
    taken = IngredientLot.objects.get(lot_number="VL-60-5")
    page.keyboard.type("]d2" + lot_symbol_text(taken))
    page.keyboard.press("Enter")
    expect(page.locator(".checks")).to_contain_text("lot VL-60-5")
    expect(page.locator(".checks")).to_contain_text("The one you scanned")


@pytest.mark.usefixtures("seeded")
def test_an_order_goes_from_the_form_to_the_patient(
    new_page: NewPage, mail_server: MailServer
) -> None:
    order = prescribe(new_page())
    phone = new_page(phone=True)
    answer(phone, link_in(mail_server, "elena@home.example", 0))

    desk = sign_in(new_page, "okafor")
    approve_from_the_queue(desk)
    eventually(lambda: Order.objects.get().state == OrderState.APPROVED)

    bench = sign_in(new_page, "nguyen")
    record = plan_and_weigh(bench)
    finish_and_check(bench, record)
    release(sign_in(new_page, "brandt"), record)
    print_and_dispense(desk, order)

    fill = Fill.objects.get()
    assert (fill.line.order_id, fill.record_id, fill.quantity) == (order.pk, record.pk, 126)
    assert [each.lot.lot_number for each in fill.containers.all() if each.lot] == ["VL-60-5"]
    assert units_at(record, UnitPlace.PATIENT) == Decimal(126)
    assert Order.objects.get().state == OrderState.DISPENSED
    days = FollowUp.objects.filter(kind="check_in").order_by("sequence")
    assert list(days.values_list("sequence", flat=True)) == [7, 28]
    assert verify_chain().intact

    phone.goto(link_in(mail_server, "elena@home.example", 1))
    give_date_of_birth(phone)
    expect(phone.locator("main")).to_contain_text(re.compile("Take one 1.5\\smg capsule"))
    assert_accessible(phone)
    for message in mail_server.sent_to("elena@home.example"):
        assert "naltrexone" not in str(message).lower()


@pytest.mark.usefixtures("seeded")
def test_not_sure_about_opioids_stops_before_anything_is_made(
    new_page: NewPage, mail_server: MailServer
) -> None:
    order = prescribe(new_page())
    phone = new_page(phone=True)
    phone.goto(link_in(mail_server, "elena@home.example", 0))
    give_date_of_birth(phone)
    phone.get_by_role("link", name="Begin").click()
    while "/check/" not in phone.url:
        if phone.url.endswith("/now/"):
            phone.get_by_role("link", name="Go on with the questions").click()
            continue
        answer_page(phone, opioid_now="not_sure")
    phone.get_by_role("link", name="Continue").click()
    phone.get_by_label("Your full name, as your signature").fill("Elena Ruiz")
    answer_page(phone)
    expect(phone.get_by_role("heading", level=1)).to_have_text(
        "A pharmacist needs to talk with you before we can fill this"
    )
    assert_accessible(phone, is_for_patients=True)
    assert Order.objects.get().state == OrderState.ON_HOLD

    desk = sign_in(new_page, "okafor")
    desk.goto(f"/admin/order/{order.pk}/")
    expect(desk.locator("main")).to_contain_text("Not sure: opioid")
    expect(desk.get_by_role("button", name="Approve")).to_have_count(0)
    assert_accessible(desk)
    desk.goto("/admin/make/")
    expect(desk.locator("main")).not_to_contain_text("Elena Ruiz")
