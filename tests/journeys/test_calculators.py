"""A calculator in a browser: the answer changes while one types, by keys alone, at a desk and on a telephone."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from pharmacy.workflow.seed.pharmacy import seed_house
from tests.infrastructure.browser import Complaints, assert_accessible, assert_no_sideways_scrolling
from tests.infrastructure.house import House
from tests.journeys.test_staff_desk import signed_in

NewPage = Callable[..., Page]
HEADLINE = ".calc-result__head"


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "telephone"])
def test_the_answer_changes_while_one_types(
    phone: bool, new_page: NewPage, house: House, complaints: Complaints
) -> None:
    complaints.expect("422")
    seed_house(at=timezone.now())
    page = signed_in(new_page(phone=phone), "nguyen")
    page.goto("/admin/calculator/salt/")
    page.evaluate("window.samePage = true")
    page.get_by_label("Amount").focus()
    page.keyboard.type("4.5")
    expect(page.locator("#id_amount_error")).to_contain_text("4.5 of what?")
    expect(page.get_by_label("Amount")).to_have_attribute("aria-invalid", "true")
    page.keyboard.type(" mg")
    expect(page.locator("#id_amount_error")).to_have_text("")
    if not phone:  # the same elements, only narrower
        assert_accessible(page)
    expect(page.locator("#answer")).to_contain_text("Still to fill in: Molecular weight")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("341.40")
    expect(page.locator(HEADLINE)).to_have_text("4.0658 mg")
    expect(page.locator("#said")).to_have_text("4.0658 mg")
    expect(page.get_by_label("Molecular weight of the other form")).to_be_focused()
    assert "to_mw=341.40" in page.url
    assert page.evaluate("window.samePage")
    assert_no_sideways_scrolling(page)
    # What stands in the address is the calculation: it can be kept and opened again.
    page.goto(page.url)
    expect(page.locator(HEADLINE)).to_have_text("4.0658 mg")
    page.goto("/admin/calculator/capsule-worksheet/?units=30")
    expect(page.locator("#error-summary")).to_be_visible()
    page.get_by_role("link", name="Example", exact=True).press("Enter")
    expect(page.locator(HEADLINE)).to_have_text("Weigh 197.4 mg of naltrexone hydrochloride")
    assert_accessible(page)
    assert_no_sideways_scrolling(page)


def test_without_scripts_a_button_works_it_out(new_page: NewPage, house: House) -> None:
    seed_house(at=timezone.now())
    page = signed_in(new_page(java_script=False), "nguyen")
    page.goto("/admin/calculator/alligation/")
    for label, typed in (("Higher", "10"), ("Lower", "1"), ("Wanted", "3")):
        page.get_by_label(f"{label} strength, %").fill(typed)
    page.get_by_role("button", name="Work it out").click()
    expect(page.locator(HEADLINE)).to_have_text("2 parts to 7")
