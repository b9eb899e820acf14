"""A patient with the medicine in hand: the plan on a telephone, and three questions."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from pharmacy.followups.models import CheckIn
from pharmacy.orders.models import LinkPurpose
from tests.infrastructure.browser import (
    Complaints,
    assert_accessible,
    assert_no_sideways_scrolling,
)
from tests.infrastructure.house import House
from tests.journeys.pages import choose, give_date_of_birth
from tests.pharmacy.web.rows import a_token, an_order, furnish
from tests.pharmacy.web.test_my_plan import a_leaflet, dispensed


@pytest.fixture
def link(house: House) -> str:
    furnish()
    now = timezone.now()
    order = dispensed(an_order(at=now), start_on=timezone.localdate(now))
    a_leaflet(order)
    return f"/p/{a_token(order, LinkPurpose.PLAN, at=now)}/"


def test_what_to_take_stands_first_on_every_screen(phone: Page, link: str) -> None:
    phone.goto(link)
    give_date_of_birth(phone)
    expect(phone.get_by_role("heading", level=1)).to_have_text(
        "Take one 1.5\xa0mg capsule by mouth at bedtime"
    )
    for width in (320, 390, 768, 1280):
        phone.set_viewport_size({"width": width, "height": 800})
        assert_no_sideways_scrolling(phone)
        assert_accessible(phone, is_for_patients=True)
    top = phone.get_by_role("heading", level=1).bounding_box()
    assert top is not None
    assert top["y"] < 400
    expect(phone.get_by_role("img", name="Your dose, step by step")).to_be_visible()


def test_the_paper_opens(phone: Page, link: str) -> None:
    phone.goto(link)
    give_date_of_birth(phone)
    address = phone.get_by_role("link", name="Open it to print (PDF)").get_attribute("href")
    assert address is not None
    answer = phone.request.get(address)
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/pdf"


def test_three_questions(phone: Page, link: str, complaints: Complaints) -> None:
    complaints.expect("422")
    phone.goto(link)
    give_date_of_birth(phone)
    phone.get_by_role("link", name="Answer three questions").click()
    assert_accessible(phone)
    phone.get_by_role("button", name="Send").click()
    expect(phone.locator("#error-summary")).to_be_focused()
    assert_accessible(phone, is_for_patients=True)
    choose(phone, "feeling", "same")
    choose(phone, "opioid_since", "not_sure")
    phone.get_by_label("Has anything bothered you since you started?").fill("vivid dreams")
    phone.get_by_role("button", name="Send").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Call us before your next dose")
    assert_accessible(phone)
    assert CheckIn.objects.get().side_effects == "vivid dreams"
