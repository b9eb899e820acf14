"""Somebody writes to the pharmacy, and the pages fit every screen."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from pharmacy.contacts.models import Enquiry
from tests.infrastructure.browser import (
    Complaints,
    assert_accessible,
    assert_no_sideways_scrolling,
)
from tests.infrastructure.house import House, eventually
from tests.infrastructure.mail import MailServer
from tests.journeys.pages import choose
from tests.pharmacy.web.rows import furnish

PUBLIC = [
    "/",
    "/patients/",
    "/research/",
    "/contact/",
    "/prescribe/",
    "/account/login/",
    "/nothing/",
]


@pytest.fixture(autouse=True)
def furnished(house: House) -> None:
    furnish()


def write(page: Page) -> None:
    page.goto("/contact/")
    choose(page, "needs_prescriber", "yes")
    page.get_by_label("Your message", exact=True).fill("I need somebody near Portland.")
    page.get_by_label("Your name").fill("Sam Person")
    page.get_by_label("Email address").fill("sam@people.example")
    page.get_by_label("State you live in").select_option(label="Maine")
    page.wait_for_timeout(4000)  # a person takes longer than a machine


def test_a_message_gets_a_reference_and_an_answer_by_mail(
    page: Page, mail_server: MailServer
) -> None:
    write(page)
    assert_accessible(page)
    page.get_by_role("button", name="Send message").dblclick()
    expect(page.get_by_role("heading", level=1)).to_have_text("We have your message")
    assert_accessible(page)
    enquiry = Enquiry.objects.get()
    assert enquiry.needs_prescriber
    expect(page.locator(".done .reference")).to_have_text(enquiry.reference)
    eventually(lambda: mail_server.sent_to("sam@people.example"))


def test_the_form_answers_while_the_mail_server_is_down(
    page: Page, mail_server: MailServer
) -> None:
    mail_server.stop()
    write(page)
    page.get_by_role("button", name="Send message").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("We have your message")
    assert Enquiry.objects.count() == 1


def test_faults_are_read_first(phone: Page, complaints: Complaints) -> None:
    complaints.expect("422")
    phone.goto("/contact/")
    phone.get_by_role("button", name="Send message").click()
    expect(phone.locator("#error-summary")).to_be_focused()
    assert_accessible(phone)
    assert_no_sideways_scrolling(phone)


@pytest.mark.parametrize("url", PUBLIC)
def test_every_public_page_fits_and_is_accessible(
    page: Page, complaints: Complaints, url: str
) -> None:
    """320 pixels is also what a window of 1280 pixels shows at 400 %."""
    complaints.expect("404")
    page.goto(url)
    for width in (1280, 768, 390, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert_no_sideways_scrolling(page)
        if width in (1280, 320):
            assert_accessible(page)


def test_whoever_jumps_to_the_content_gets_there(page: Page) -> None:
    page.goto("/patients/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_nothing_is_loaded_from_elsewhere(new_page: Callable[..., Page], house: House) -> None:
    page = new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for url in PUBLIC[:6]:
        page.goto(url)
    assert asked
    assert [url for url in asked if not url.startswith((house.url, "data:"))] == []


def test_the_form_answers_while_the_broker_and_the_shared_cache_are_down(
    make_house: Callable[..., House], new_page: Callable[..., Page]
) -> None:
    house = make_house(REDIS_URL="redis://127.0.0.1:1/0")
    house.start_web()
    page = new_page(base_url=house.url)
    write(page)
    page.get_by_role("button", name="Send message").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("We have your message")
    assert Enquiry.objects.count() == 1
