"""The staff's pages in a browser: keys alone, no scripts at all, a desk and a telephone, nobody left out."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from pharmacy.batches.models import CompoundingRecord
from pharmacy.contacts.models import Enquiry
from pharmacy.formulations.models import MasterFormulationRecord
from pharmacy.inventory.lot_codes import lot_symbol_text
from pharmacy.inventory.models import IngredientLot
from pharmacy.leaflets.models import LeafletEdition, Study
from pharmacy.orders.models import Order
from pharmacy.orders.states import OrderState
from pharmacy.people.models import User
from pharmacy.policies.models import PolicyVersion
from pharmacy.workflow.demonstration import answer_for, order_from
from pharmacy.workflow.print_papers import print_papers
from pharmacy.workflow.seed.answers import answers
from pharmacy.workflow.seed.orders import GRACE, capsules_form
from pharmacy.workflow.seed.pharmacy import seed_day, seed_house
from tests.infrastructure.browser import (
    Complaints,
    assert_accessible,
    assert_no_sideways_scrolling,
)
from tests.infrastructure.house import House
from tests.pharmacy.backoffice.rows import a_check_in, a_failed_message, more_orders_like

NewPage = Callable[..., Page]
LONG_NAME = (
    "Maximiliana Konstantinopoulou-Featherstonehaugh von Hohenlohe-Langenburg-Schillingsfürst"
)


@pytest.fixture
def working_day(house: House) -> None:
    """The demonstration pharmacy on a working day."""
    bench = seed_house(at=timezone.now() - timedelta(days=30))
    seed_day(bench=bench, at=timezone.now())


def signed_in(page: Page, username: str = "okafor") -> Page:
    """Return the page with this person's session, as after a sign-in."""
    client = Client()
    client.force_login(User.objects.get(username=username))
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.goto("/healthz")
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": page.url}]
    )
    return page


def a_clean_order(key: str = "clean") -> Order:
    bench = seed_house(at=timezone.now())
    order = order_from(capsules_form(patient=GRACE, key=key), bench=bench, at=timezone.now())
    answer_for(order, answers(), at=timezone.now())
    return Order.objects.get(pk=order.pk)


def chosen(page: Page) -> str:
    return page.locator("tr.is-chosen .rows__pick").inner_text()


@pytest.mark.usefixtures("working_day")
def test_two_keys_approve_a_clean_order(page: Page) -> None:
    more_orders_like(a_clean_order(), 2)
    signed_in(page).goto("/admin/")
    numbers = page.locator(".rows__pick").all_inner_texts()
    assert chosen(page) == numbers[0]
    page.keyboard.press("j")
    expect(page.locator("#panel .panel__title")).to_contain_text(numbers[1])
    assert chosen(page) == numbers[1]
    page.keyboard.press("a")
    expect(page.locator(".said")).to_contain_text(f"{numbers[1]} is approved")
    # The next one of the list stands ready.
    assert chosen(page) == numbers[2]
    assert (
        Order.objects.filter(state=OrderState.APPROVED, approved_by__username="okafor").count() == 2
    )


@pytest.mark.usefixtures("working_day")
def test_the_panel_is_never_another_orders(page: Page) -> None:
    """While the next panel is on its way, the keys of the one before it are gone."""
    more_orders_like(a_clean_order(), 5)
    signed_in(page).goto("/admin/")
    page.route("**/panel/*", lambda route: None)
    page.keyboard.press("j")
    expect(page.locator("#panel form")).to_have_count(0)
    page.keyboard.press("a")
    page.wait_for_timeout(300)
    assert page.url.endswith("/admin/")
    assert Order.objects.filter(state=OrderState.IN_REVIEW).count() == 7


@pytest.mark.usefixtures("working_day")
def test_a_hold_by_keys_alone(page: Page) -> None:
    signed_in(page).goto("/admin/")
    number = chosen(page)
    page.keyboard.press("h")
    expect(page.locator("#panel textarea, #panel input:not([type=hidden])").first).to_be_focused()
    page.keyboard.type("Two plans disagree")
    page.keyboard.press("Tab")
    page.keyboard.type("Dr Chen says which")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".said")).to_contain_text(f"{number} is on hold")


@pytest.mark.usefixtures("working_day")
def test_enter_opens_and_a_slash_finds(page: Page) -> None:
    signed_in(page).goto("/admin/")
    number = chosen(page)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(number)
    page.keyboard.press("/")
    page.keyboard.type("B-")
    page.keyboard.type(CompoundingRecord.objects.get().number.removeprefix("B-"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("B-")
    assert "what=" not in page.url


@pytest.mark.usefixtures("working_day")
def test_a_scanned_label_presses_no_key_and_finds_what_it_is_of(page: Page) -> None:
    signed_in(page).goto("/admin/")
    lot = IngredientLot.objects.get(lot_number="NX-2201")
    page.keyboard.type("]ah" + lot_symbol_text(lot))
    expect(page.locator("#find")).to_have_value("]ah" + lot_symbol_text(lot))
    assert Order.objects.filter(state=OrderState.IN_REVIEW).exists()
    page.locator("#find").fill("")
    page.locator("#find").blur()
    page.keyboard.type("]d2" + lot_symbol_text(lot))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("NX-2201")


@pytest.mark.usefixtures("working_day")
def test_keys_can_be_switched_off(page: Page) -> None:
    signed_in(page).goto("/admin/")
    page.locator(".bar__me summary").click()
    page.get_by_role("button", name="Switch the keys off").click()
    page.goto("/admin/")
    number = chosen(page)
    page.keyboard.press("a")
    page.wait_for_timeout(300)
    assert chosen(page) == number
    expect(page.locator("#panel kbd").first).to_be_hidden()
    assert (
        Order.objects.get(prescription__number=number.split("-")[0]).state == OrderState.IN_REVIEW
    )


@pytest.mark.usefixtures("working_day")
def test_without_scripts_the_same_work_is_done(new_page: NewPage, complaints: Complaints) -> None:
    complaints.expect("422")
    more_orders_like(a_clean_order(), 1)
    page = signed_in(new_page(java_script=False))
    page.goto("/admin/")
    numbers = page.locator(".rows__pick").all_inner_texts()
    page.get_by_role("link", name=numbers[1], exact=True).click()
    assert chosen(page) == numbers[1]
    page.locator("#panel").get_by_role("button", name="Approve").click()
    expect(page.locator(".said")).to_contain_text(f"{numbers[1]} is approved")
    page.locator("#panel summary").click()
    page.locator("#panel").get_by_label("Why it waits").fill("Two plans disagree")
    page.locator("#panel").get_by_role("button", name="Put on hold").click()
    expect(page.locator("#error-summary")).to_contain_text("Write what would lift the hold")
    expect(page.get_by_label("Why it waits")).to_have_value("Two plans disagree")


@pytest.mark.usefixtures("working_day")
def test_a_refusal_is_read_first(page: Page, complaints: Complaints) -> None:
    complaints.expect("422")
    order = Order.objects.filter(state=OrderState.ON_HOLD).first()
    assert order is not None
    signed_in(page).goto(reverse("admin:order", args=[order.pk]))
    page.locator('form[action$="/lift/"]').get_by_role("button").click()
    expect(page.locator("#error-summary")).to_be_focused()
    assert page.title().startswith("Error:")
    page.get_by_role("link", name="Write what you found out").click()
    expect(page.get_by_label("What you found out")).to_be_focused()
    assert_accessible(page)


def addresses() -> Iterator[str]:
    """Return one address of every kind of staff page."""
    held = Order.objects.filter(state=OrderState.ON_HOLD).first()
    ready = Order.objects.filter(state=OrderState.READY).first()
    assert held is not None
    assert ready is not None
    papers = print_papers(
        order=ready, start_on=None, by=seed_house(at=timezone.now()).pharmacist, at=timezone.now()
    )
    record = CompoundingRecord.objects.get()
    yield "/admin/"
    yield from (f"/admin/?list={name}" for name in ("on_hold", "needs_answer", "ready"))
    yield reverse("admin:order", args=[held.pk])
    yield reverse("admin:dispense", args=[ready.pk])
    yield from (reverse(f"admin:{name}") for name in ("to_make", "batches", "lots", "lot_receive"))
    yield reverse("admin:batch", args=[record.pk])
    yield reverse("admin:batch_lots", args=[record.pk])
    yield from (reverse("admin:paper", args=[paper.pk]) for paper in papers)
    yield reverse("admin:lot", args=[IngredientLot.objects.first().pk])  # type: ignore[union-attr]
    yield reverse("admin:formulas")
    yield reverse("admin:formula", args=[MasterFormulationRecord.objects.first().pk])  # type: ignore[union-attr]
    yield reverse("admin:leaflets")
    yield reverse("admin:edition", args=[LeafletEdition.objects.first().pk])  # type: ignore[union-attr]
    yield reverse("admin:study", args=[Study.objects.first().pk])  # type: ignore[union-attr]
    yield reverse("admin:policies")
    yield reverse("admin:policy", args=[PolicyVersion.objects.first().pk])  # type: ignore[union-attr]
    yield from (reverse(f"admin:{name}") for name in ("enquiries", "check_ins", "messages", "find"))
    yield reverse("admin:enquiry", args=[Enquiry.objects.get().pk])


@pytest.mark.usefixtures("working_day")
@pytest.mark.parametrize("phone", [False, True], ids=["desk", "telephone"])
def test_every_page_fits_and_leaves_nobody_out(phone: bool, new_page: NewPage) -> None:
    order = Order.objects.filter(state=OrderState.READY).get()
    patient = order.prescription.patient
    patient.full_name = LONG_NAME
    patient.save()
    a_check_in(order)
    a_failed_message(order)
    page = signed_in(new_page(phone=phone))
    for address in addresses():
        page.goto(address)
        if not phone:  # the same elements, only narrower
            assert_accessible(page)
        assert_no_sideways_scrolling(page)


@pytest.mark.usefixtures("working_day")
@pytest.mark.parametrize("phone", [False, True], ids=["desk", "telephone"])
def test_the_records_fit_too(phone: bool, new_page: NewPage) -> None:
    page = signed_in(new_page(phone=phone))
    order = Order.objects.first()
    assert order is not None
    for address in (
        reverse("admin:records"),
        reverse("admin:orders_order_changelist"),
        reverse("admin:orders_order_change", args=[order.pk]),
        reverse("admin:orders_order_history", args=[order.pk]),
        reverse("admin:people_user_add"),
        reverse("admin:inventory_balance_add"),
        reverse("admin:intake_patient_change", args=[order.prescription.patient_id]),
        reverse("admin:password_change"),
    ):
        page.goto(address)
        if not phone:
            assert_accessible(page)
        assert_no_sideways_scrolling(page)


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "telephone"])
def test_a_pharmacy_with_nothing_in_it(phone: bool, new_page: NewPage, house: House) -> None:
    seed_house(at=timezone.now())
    page = signed_in(new_page(phone=phone))
    for address, said in (
        ("/admin/", "Nothing waits here."),
        (reverse("admin:to_make"), "Nothing waits to be made."),
        (reverse("admin:batches"), "No batch stands here."),
        (reverse("admin:enquiries"), "Every enquiry is answered."),
        (reverse("admin:check_ins"), "Nothing asks for a look."),
        (reverse("admin:messages"), "No message has failed."),
    ):
        page.goto(address)
        expect(page.locator("main")).to_contain_text(said)
        if not phone:
            assert_accessible(page)
        assert_no_sideways_scrolling(page)


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "telephone"])
def test_the_sign_in_says_what_is_wrong(phone: bool, new_page: NewPage, house: House) -> None:
    seed_house(at=timezone.now())
    page = new_page(phone=phone)
    page.goto("/admin/")
    assert_accessible(page)
    page.get_by_label("User name").fill("okafor")
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("#error-summary")).to_be_focused()
    expect(page.locator("#error-summary")).to_contain_text("do not go together")
    expect(page.get_by_label("User name")).to_have_value("okafor")
    assert_accessible(page)
    assert_no_sideways_scrolling(page)
