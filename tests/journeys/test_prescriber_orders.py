"""A prescriber orders: at a desk, on a telephone, with and without scripts."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from playwright.sync_api import Page, expect

from pharmacy.orders.models import Order, Prescription
from tests.infrastructure.browser import (
    Complaints,
    assert_accessible,
    assert_no_sideways_scrolling,
)
from tests.infrastructure.house import House
from tests.journeys.pages import fill_order
from tests.pharmacy.web.rows import PASSWORD, a_prescriber, furnish


@pytest.fixture(autouse=True)
def furnished(house: House) -> None:
    furnish()


def sign(page: Page, name: str = "Lin Chen") -> None:
    page.get_by_label("Type your full name to sign").fill(name)


class TestAtADesk:
    def test_from_an_empty_form_to_a_reference(self, page: Page, complaints: Complaints) -> None:
        complaints.expect("422")
        page.goto("/prescribe/")
        assert_accessible(page)
        page.get_by_role("button", name="Check the order").click()
        summary = page.locator("#error-summary")
        expect(summary).to_be_focused()
        expect(page).to_have_title("Error: Order for a patient · Example Compounding Pharmacy")
        assert_accessible(page)
        summary.get_by_role("link", name="Enter the patient's full name").click()
        expect(page.locator("#id_patient_name")).to_be_focused()

        fill_order(page)
        page.get_by_role("button", name="1.5 mg, 3 mg, then 4.5 mg").click()
        panel = page.locator("#plan-panel")
        expect(panel).to_contain_text("126 capsules of 1.5\xa0mg")
        expect(page.locator("#id_patient_name")).to_have_value("Elena Ruiz")
        assert_accessible(page)
        page.get_by_role("button", name="Check the order").click()

        expect(page.get_by_role("heading", level=1)).to_have_text("Check the order")
        expect(page.locator("main")).to_contain_text("14\xa0March 1971")
        assert_accessible(page)
        assert_no_sideways_scrolling(page)
        sign(page)
        page.get_by_role("button", name="Sign and send").dblclick()
        expect(page.get_by_role("heading", level=1)).to_have_text("We have your order")
        assert_accessible(page)
        order = Order.objects.get()
        expect(page.locator(".done .reference")).to_have_text(order.number)
        steps = order.prescription.steps.order_by("position").values_list("dose_mg", "days")
        assert list(steps) == [(Decimal("1.5"), 14), (Decimal(3), 14), (Decimal("4.5"), 28)]

    def test_the_quantity_follows_the_typing(self, page: Page) -> None:
        page.goto("/prescribe/")
        page.select_option('[name="product"]', "ldn-capsules|1.5")
        page.get_by_label("Dose a day, mg").fill("3")
        page.get_by_label("For how many days").fill("10")
        expect(page.locator("#plan-panel")).to_contain_text("20 capsules of 1.5\xa0mg")
        page.get_by_role("button", name="Add a step").click()
        expect(page.locator("#id_step-1-dose")).to_be_focused()
        expect(page.locator("#id_step-0-dose")).to_have_value("3")
        page.locator("#id_step-1-dose").fill("2")
        expect(page.locator("#plan-panel")).to_contain_text("cannot be made from capsules")
        page.get_by_role("button", name="Remove step 2").click()
        expect(page.locator("#id_step-1-dose")).to_have_count(0)

    def test_the_enter_key_checks_the_order_and_removes_nothing(
        self, page: Page, complaints: Complaints
    ) -> None:
        complaints.expect("422")
        page.goto("/prescribe/")
        page.get_by_role("button", name="1.5 mg, 3 mg, then 4.5 mg").click()
        expect(page.locator("#id_step-2-dose")).to_have_value("4.5")
        page.locator("#id_city").press("Enter")
        expect(page.locator("#error-summary")).to_be_visible()
        expect(page.locator("#id_step-2-dose")).to_have_value("4.5")

    def test_back_and_change_keep_everything(self, page: Page) -> None:
        page.goto("/prescribe/")
        fill_order(page)
        page.get_by_role("button", name="1.5 mg, 3 mg, then 4.5 mg").click()
        expect(page.locator("#id_step-2-dose")).to_have_value("4.5")
        page.get_by_role("button", name="Check the order").click()
        page.get_by_role("link", name="Change address").click()
        page.locator("#id_city").fill("Bangor")
        expect(page.locator("#id_allergies")).to_have_value("none known")
        page.get_by_role("button", name="Check the order").click()
        expect(page.locator("main")).to_contain_text("Bangor, Maine 04101")
        sign(page)
        page.get_by_role("button", name="Sign and send").click()
        expect(page.locator(".done")).to_be_visible()
        page.go_back()
        page.goto(page.url)
        expect(page.locator(".done")).to_be_visible()
        assert Prescription.objects.get().patient.city == "Bangor"


class TestWithoutScripts:
    def test_a_telephone_without_scripts_orders_as_well(
        self, new_page: Callable[..., Page], complaints: Complaints
    ) -> None:
        complaints.expect("422")
        page = new_page(phone=True, java_script=False)
        page.goto("/prescribe/")
        page.locator("form.order-form .actions button").click()
        expect(page.locator("#error-summary")).to_contain_text("There is a problem")
        fill_order(page)
        page.locator("#id_step-0-dose").fill("1.5")
        page.locator("#id_step-0-days").fill("14")
        page.get_by_role("button", name="Add a step").click()
        page.locator("#id_step-1-dose").fill("3")
        page.get_by_role("button", name="Work out the quantity").click()
        expect(page.locator("#plan-panel")).to_contain_text("42 capsules of 1.5\xa0mg")
        page.locator("form.order-form .actions button").click()
        sign(page)
        page.get_by_role("button", name="Sign and send").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("We have your order")
        assert Order.objects.get().lines.get().quantity == 42


class TestSignedIn:
    def test_signs_in_orders_and_finds_the_order(self, page: Page) -> None:
        user = a_prescriber().user
        assert user is not None
        # The tests' own hasher is quick; the pharmacy's does not know it.
        user.password = Argon2PasswordHasher().encode(PASSWORD, "some salt")
        user.save()
        page.goto("/account/login/")
        assert_accessible(page)
        page.get_by_label("Username").fill("chen")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page.locator("main")).to_contain_text("No orders yet")
        assert_accessible(page)
        page.get_by_role("link", name="Order for a patient").click()
        expect(page.locator("main")).to_contain_text("Ordering as Lily Chen, MD")
        expect(page.locator('[name="npi"]')).to_have_count(0)
        assert_accessible(page)
