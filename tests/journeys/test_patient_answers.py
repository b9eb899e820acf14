"""A patient opens the mailed link, answers on a telephone, and signs."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from pharmacy.orders.models import LinkPurpose, Order
from tests.infrastructure.browser import (
    Complaints,
    assert_accessible,
    assert_no_sideways_scrolling,
)
from tests.infrastructure.house import House
from tests.journeys.pages import answer_page, choose, give_date_of_birth
from tests.pharmacy.web.rows import a_token, an_order, furnish


@pytest.fixture
def order(house: House) -> Order:
    furnish()
    return an_order(at=timezone.now())


@pytest.fixture
def link(order: Order) -> str:
    return f"/p/{a_token(order, LinkPurpose.INTAKE, at=timezone.now())}/"


def test_every_page_is_usable_by_everybody(phone: Page, link: str, complaints: Complaints) -> None:
    complaints.expect("422")
    phone.goto(link)
    assert urlsplit(phone.url).path == "/p/"
    assert_accessible(phone)
    give_date_of_birth(phone, year="1970")
    expect(phone.locator("#error-summary")).to_be_focused()
    assert_accessible(phone)
    give_date_of_birth(phone)
    assert_accessible(phone)
    phone.get_by_role("link", name="Begin").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("opioid")
    while "/check/" not in phone.url:
        assert_accessible(phone, is_for_patients=True)
        assert_no_sideways_scrolling(phone)
        # A press within 600 ms of the last page's counts as the second half of a double press.
        phone.wait_for_timeout(600)
        phone.locator("main button.btn-primary").click()
        expect(phone.locator("#error-summary")).to_be_focused()
        assert_accessible(phone, is_for_patients=True)
        answer_page(phone)
    assert_accessible(phone)
    phone.get_by_role("link", name="Continue").click()
    assert_accessible(phone)
    phone.get_by_label("Your full name, as your signature").fill("Elena Ruiz")
    answer_page(phone)
    expect(phone.get_by_role("heading", level=1)).to_have_text("We have your answers")
    assert_accessible(phone)


def test_988_comes_at_once(phone: Page, link: str) -> None:
    phone.goto(link)
    give_date_of_birth(phone)
    phone.goto("/intake/mood/")
    answer_page(phone, mood_severe="yes")
    expect(phone.locator(".notice--stop")).to_contain_text("988")
    assert_accessible(phone)


def test_a_day_belongs_to_its_card(phone: Page, link: str) -> None:
    phone.goto(link)
    give_date_of_birth(phone)
    phone.goto("/intake/opioid-last/")
    choose(phone, "opioid_last_date", "date")
    day = timezone.localdate() - timedelta(days=3)
    phone.get_by_label("Month").select_option(value=str(day.month))
    phone.get_by_label("Day", exact=True).fill(str(day.day))
    phone.get_by_label("Year", exact=True).fill(str(day.year))
    phone.locator('[name="opioid_last_name"]').fill("tramadol")
    phone.get_by_role("button", name="Continue").click()
    phone.goto("/intake/opioid-last/")
    expect(phone.get_by_label("Day", exact=True)).to_have_value(str(day.day))


def test_stop_and_go_on_another_day_without_scripts(
    new_page: Callable[..., Page], link: str
) -> None:
    first = new_page(phone=True, java_script=False)
    first.goto(link)
    give_date_of_birth(first)
    first.get_by_role("link", name="Begin").click()
    answer_page(first)
    first.get_by_role("button", name="Save and finish later").click()
    expect(first.get_by_role("heading", level=1)).to_have_text("Your answers are saved")
    later = new_page(java_script=False)
    later.goto(link)
    give_date_of_birth(later)
    expect(later.get_by_role("heading", level=1)).to_contain_text(
        "When did you last take an opioid"
    )


def test_the_keyboard_alone_answers_a_question(page: Page, link: str) -> None:
    page.goto(link)
    give_date_of_birth(page)
    page.goto("/intake/opioid-now/")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "opioid_now":
            break
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator('[name="opioid_now"][value="not_sure"]')).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("When did you last")


def test_a_double_press_neither_skips_nor_scolds(
    phone: Page, link: str, complaints: Complaints
) -> None:
    complaints.expect("422")
    phone.goto(link)
    give_date_of_birth(phone)
    phone.get_by_role("link", name="Begin").click()
    choose(phone, "opioid_now", "no")
    phone.locator("main button.btn-primary").dblclick()
    phone.wait_for_url("**/opioid-last/")
    # The second half of the press, on the page that has just come.
    phone.locator("main button.btn-primary").click()
    expect(phone.locator("#error-summary")).to_have_count(0)
    assert urlsplit(phone.url).path == "/intake/opioid-last/"
    phone.wait_for_timeout(700)
    phone.locator("main button.btn-primary").click()
    expect(phone.locator("#error-summary")).to_be_focused()
    phone.go_back()
    phone.go_back()
    expect(phone.locator('input[name="opioid_now"][value="no"]')).to_be_checked()
