"""A lab that the journeys of a module share, and what its people do at the bench: by keys, as a scanner types."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect
from pytest_django import DjangoDbBlocker

from pharmacy.batches.models import BatchLine, CompoundingRecord
from pharmacy.inventory.lot_codes import lot_symbol_text
from pharmacy.orders.models import Order
from pharmacy.people.models import User
from pharmacy.workflow.demonstration import Bench, answer_for, approve, order_from
from pharmacy.workflow.seed.answers import answers
from pharmacy.workflow.seed.orders import GRACE, capsules_form, drops_form
from pharmacy.workflow.seed.people import DEMO_PASSWORD
from pharmacy.workflow.seed.pharmacy import seed_house
from tests.infrastructure.house import House
from tests.infrastructure.pristine import PRISTINE

MOST_TABS = 80


@pytest.fixture(scope="module")
def seeded_lab(_house: House, django_db_blocker: DjangoDbBlocker) -> Iterator[Bench]:
    """The pharmacy with its formulas and lots, made once; each journey of the module begins with it as it was."""
    with django_db_blocker.unblock():
        bench = seed_house(at=timezone.now() - timedelta(days=30))
        hasher = Argon2PasswordHasher()  # the running web server knows no quick hashes
        User.objects.update(password=hasher.encode(DEMO_PASSWORD, hasher.salt()))
        with PRISTINE.as_it_is_now():
            yield bench


@pytest.fixture
def lab(seeded_lab: Bench, house: House) -> Bench:
    """Give the people of the lab and their balance, in the running house."""
    return seeded_lab


def approved_order(
    bench: Bench, key: str, *, kind: str = "capsules", strength: str = "1.5"
) -> Order:
    """Return an order that waits to be made: capsules of a strength, or drops."""
    at = timezone.now() - timedelta(hours=3)
    form = drops_form(patient=GRACE, key=key)
    if kind == "capsules":
        steps = ((Decimal(strength), 30),)
        form = capsules_form(patient=GRACE, key=key, steps=steps, strength=Decimal(strength))
    order = order_from(form, bench=bench, at=at)
    answer_for(order, answers(), at=at)
    return approve(Order.objects.get(pk=order.pk), bench=bench, at=at)


def drawn(page: Page) -> None:
    """Wait until the page was drawn: only then has the browser put the focus where the page wants it."""
    page.evaluate(
        "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )


def press(page: Page, key: str = "Enter") -> None:
    """Press a key that leads to another page."""
    with page.expect_navigation():
        page.keyboard.press(key)
    drawn(page)


def tab_to(page: Page, wanted: Locator) -> None:
    """Go by the Tab key to what is wanted, as somebody without a mouse does."""
    element = wanted.element_handle()
    for _tab in range(MOST_TABS):
        if element.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{MOST_TABS} tabs do not lead to {wanted}")


def scan(page: Page, line: BatchLine) -> None:
    """Scan the label of the container that the line names, wherever the focus is."""
    page.keyboard.type(lot_symbol_text(line.lot))
    press(page)


def line_now(page: Page, record: CompoundingRecord) -> BatchLine:
    """Return the line that the bench asks for now."""
    lot = page.locator(".bench__wanted span strong").inner_text()
    return record.lines.select_related("lot").get(lot__lot_number=lot, weighing=None)


def work_at_the_bench(page: Page, record: CompoundingRecord, *, read: Sequence[str] = ()) -> None:
    """Scan, weigh and follow by keys alone until nothing is left; `read` is what measured steps ask for."""
    readings = iter(read)
    while page.get_by_text("Nothing is left to do at the bench").count() == 0:
        entry = page.locator('[name="step-entry"]')
        if page.locator('[name="weigh-amount"]').count():
            page.keyboard.type(format(line_now(page, record).wanted.normalize(), "f"))
        elif page.get_by_label("Scan the container").count():
            page.keyboard.type(lot_symbol_text(line_now(page, record).lot))
        elif entry.count():
            ticked = entry.get_attribute("type") == "checkbox"
            page.keyboard.press("Space") if ticked else page.keyboard.type(next(readings, "7"))
        press(page)
        expect(page.locator("[role=alert], .field--error")).to_have_count(0)


def finish(page: Page, *, made: int | None = None, wasted: int = 0) -> None:
    """Say what came out; without a number, everything that was planned."""
    if made is not None:
        page.get_by_label("Good ones").fill(str(made))
    page.get_by_label("Wasted").fill(str(wasted))
    page.get_by_label("What it looks like").fill("As the formula says")
    with page.expect_navigation():
        page.get_by_role("button", name="Finish", exact=True).click()


def all_yes(page: Page, check: str) -> None:
    """Answer every trait of a check with yes."""
    form = page.locator(f'form[action$="/check/{check}/"]')
    for yes in form.get_by_label("Yes").all():
        yes.check()
    with page.expect_navigation():
        form.get_by_role("button").click()


def type_weights(page: Page, weights: Sequence[Decimal]) -> None:
    """Type the ten weights as a balance with a cable does: each ends with Enter, and the last one sends them."""
    page.wait_for_load_state()  # until then Enter sends the first weight alone
    page.get_by_label("Capsule 1", exact=True).focus()
    for weight in weights[:-1]:
        page.keyboard.type(format(weight, "f"))
        page.keyboard.press("Enter")
    page.keyboard.type(format(weights[-1], "f"))


def sign(page: Page, password: str = DEMO_PASSWORD) -> None:
    """Sign with the password, and Enter."""
    page.get_by_label("Your password, once more").fill(password)
    press(page)
