"""A recall drill in a browser, by somebody who has never seen the page: type the lot, read the numbers, practise."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page, expect

from pharmacy.followups.models import FollowUp
from pharmacy.inventory.models import IngredientLot, StockMove
from pharmacy.recalls.models import Recall
from pharmacy.workflow.seed.pharmacy import seed_day, seed_house
from tests.infrastructure.browser import (
    Complaints,
    assert_accessible,
    assert_no_sideways_scrolling,
)
from tests.infrastructure.house import House
from tests.journeys.test_staff_desk import signed_in


@pytest.fixture
def working_day(house: House) -> None:
    """The demonstration pharmacy on a working day, with some orders dispensed."""
    bench = seed_house(at=timezone.now() - timedelta(days=30))
    seed_day(bench=bench, at=timezone.now())
    call_command("generate", orders=40, stdout=StringIO())


@pytest.mark.usefixtures("working_day")
def test_from_a_typed_lot_to_the_report_of_a_drill(page: Page, complaints: Complaints) -> None:
    complaints.expect("422")
    before = (StockMove.objects.count(), FollowUp.objects.filter(kind__startswith="recall").count())
    signed_in(page, "nguyen").goto("/admin/recall/")
    page.get_by_label("Lot or batch").fill("nx-2201")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("lot NX-2201")
    expect(page.locator(".figures")).to_contain_text("patients")
    expect(page.get_by_role("heading", name="Patients who had it")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Only practise").click()
    expect(page.locator("#error-summary")).to_contain_text("Choose how bad it may be")
    page.get_by_label("Class II:").check()
    page.get_by_label("What is wrong").fill("Exercise of the month")
    page.get_by_role("button", name="Only practise").click()
    expect(page.get_by_role("heading", name="Nothing was moved, nobody was told")).to_be_visible()
    expect(page.locator(".now")).to_contain_text("seconds")
    page.get_by_text("What the e-mails say").click()
    expect(page.locator(".letter").first).to_contain_text("take no more of it")
    assert_accessible(page)
    page.set_viewport_size({"width": 390, "height": 844})
    assert_no_sideways_scrolling(page)
    drill = Recall.objects.get()
    assert drill.state == "drilled"
    assert (drill.letters or 0) > (drill.patients_found or 0) > 0
    assert IngredientLot.objects.get(lot_number="NX-2201").state == "released"
    assert before == (
        StockMove.objects.count(),
        FollowUp.objects.filter(kind__startswith="recall").count(),
    )
