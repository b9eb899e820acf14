"""The patient's own page: what to take today comes first, in the words of the papers."""

import hashlib
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.test import Client
from time_machine import TimeMachineFixture

from pharmacy.documents.models import Document, DocumentFile
from pharmacy.followups.models import CheckIn
from pharmacy.orders.models import LinkPurpose, Order
from pharmacy.people.models import User
from tests.pharmacy.web.rows import NOW, a_token, an_order

BORN = {"date_of_birth_month": "3", "date_of_birth_day": "14", "date_of_birth_year": "1971"}
START = date(2026, 11, 22)
SAID = {"feeling": "better", "opioid_since": "no", "side_effects": "", "wants_call": ""}


def dispensed(order: Order, *, start_on: date | None = START) -> Order:
    """Put an order where dispensing leaves it."""
    by = User.objects.get(username="approver")
    Order.objects.filter(pk=order.pk).update(
        state="dispensed",
        approved_at=NOW,
        approved_by=by,
        dispensed_at=NOW,
        dispensed_by=by,
        start_on=start_on,
    )
    order.refresh_from_db()
    return order


def open_pages(client: Client, order: Order) -> Client:
    client.get(f"/p/{a_token(order, LinkPurpose.PLAN, days=90)}/")
    assert client.post("/p/", BORN).headers["Location"] == "/my/"
    return client


@pytest.fixture
def order() -> Order:
    return dispensed(an_order())


@pytest.fixture
def patient(client: Client, order: Order) -> Client:
    return open_pages(client, order)


def shown(patient: Client, url: str = "/my/") -> str:
    return patient.get(url).content.decode().replace("\xa0", " ")


class TestToday:
    @pytest.mark.parametrize(
        ("days", "when", "what"),
        [
            (0, "Tonight, and every night until 5 December", "Take one 1.5 mg capsule by mouth at bedtime"),
            (13, "Tonight, the last of this step", "Take one 1.5 mg capsule by mouth at bedtime"),
            (14, "Tonight, and every night until 19 December", "Take two 1.5 mg capsules by mouth at bedtime"),
            (28, "Tonight, and every night until 16 January", "Take three 1.5 mg capsules by mouth at bedtime"),
            (55, "Tonight, the last of this step", "Take three 1.5 mg capsules by mouth at bedtime"),
            (56, "Your plan ended on 16 January", "Call us before you go on"),
            (-3, "From 22 November, every night until 5 December", "Take one 1.5 mg capsule by mouth at bedtime"),
        ],
    )  # fmt: skip
    def test_the_first_thing_is_what_to_take(
        self,
        client: Client,
        order: Order,
        time_machine: TimeMachineFixture,
        days: int,
        when: str,
        what: str,
    ) -> None:
        time_machine.move_to(NOW + timedelta(days=days))
        open_pages(client, order)
        page = shown(client)
        assert when in page
        assert f'<h1 class="today__dose">{what}</h1>' in page

    def test_the_day_is_the_pharmacys_own(
        self, client: Client, order: Order, time_machine: TimeMachineFixture
    ) -> None:
        """At three in the morning in London it is still the evening before in New York."""
        time_machine.move_to("2026-12-06T03:00:00+00:00")
        open_pages(client, order)
        assert "the last of this step" in shown(client)

    def test_in_the_morning(self, client: Client) -> None:
        open_pages(client, dispensed(an_order(time_of_day="morning")))
        page = shown(client)
        assert "Today, and every morning until 5 December" in page
        assert "by mouth in the morning" in page

    def test_a_measured_dose_has_its_syringe_filled_to_todays_mark(
        self, client: Client, time_machine: TimeMachineFixture
    ) -> None:
        steps = ((Decimal("0.5"), 14), (Decimal(1), 14))
        order = an_order(formula_code="ldn-drops", strength=Decimal(1), steps=steps)
        time_machine.move_to(NOW + timedelta(days=14))
        open_pages(client, dispensed(order))
        page = shown(client)
        assert "Place 1 mg (1 mL) under the tongue at bedtime" in page
        assert "Fill the syringe to 1 mL for 1 mg" in page

    def test_capsules_have_no_syringe(self, patient: Client) -> None:
        assert "syringe" not in shown(patient)

    def test_without_a_first_day_it_says_to_call(self, client: Client) -> None:
        open_pages(client, dispensed(an_order(), start_on=None))
        page = shown(client)
        assert "Not sure which day?" in page
        assert "days 1 to 14" in page

    def test_the_whole_plan_is_a_picture_and_the_same_in_words(self, patient: Client) -> None:
        page = shown(patient)
        assert (
            "1.5 mg from 22 November to 5 December, then 3 mg from 6 December to 19 December"
            in page
        )
        assert "20 December to 16 January" in page
        assert page.count('aria-current="date"') == 1

    def test_a_number_is_never_parted_from_its_unit(self, patient: Client) -> None:
        page = patient.get("/my/").content.decode()
        for part in ('class="today"', "<tbody"):
            words = page[page.index(part) :][:600]
            assert "1.5\xa0mg" in words
            assert "1.5 mg" not in words


class TestLeaflet:
    def test_there_is_no_link_before_there_is_a_leaflet(self, patient: Client) -> None:
        assert "Your leaflet" not in shown(patient)
        assert patient.get("/my/leaflet/").status_code == 404
        assert patient.get("/my/leaflet.pdf").status_code == 404

    def test_the_paper_is_given_as_it_was_printed(self, patient: Client, order: Order) -> None:
        document = a_leaflet(order)
        answer = patient.get("/my/leaflet.pdf")
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.content == PDF
        assert "no-store" in answer.headers["Cache-Control"]
        assert "Elena" not in answer.headers["Content-Disposition"]
        assert document.prints.get().by is None
        assert "/my/leaflet.pdf" in shown(patient)

    def test_a_paper_that_was_tampered_with_is_not_given(
        self, patient: Client, order: Order
    ) -> None:
        a_leaflet(order, sha256="0" * 64)
        answer = patient.get("/my/leaflet.pdf")
        assert answer.status_code == 409
        assert settings.PHARMACY_PHONE in answer.content.decode()

    def test_the_stop_list_is_the_leaflets_own(self, patient: Client, order: Order) -> None:
        a_leaflet(order)
        page = shown(patient)
        assert "Do not take it, and call us, if you" in page
        assert "take an opioid" in page
        assert page.index("take an opioid") < page.index("The whole plan")


PDF = b"%PDF-1.7 leaflet"


def a_leaflet(order: Order, *, sha256: str = hashlib.sha256(PDF).hexdigest()) -> Document:
    """Return a leaflet of the order as a worker leaves it."""
    stop = {
        "heading": "Do not take it, and call us, if you",
        "items": [{"kind": "list", "texts": ["take an opioid"]}],
    }
    document = Document.objects.create(
        kind="leaflet",
        state="ready",
        order=order,
        context={"blocks": {"opioid_stop_box": stop}},
        template_version="1",
        context_sha256="0" * 64,
        requested_at=NOW,
        requested_by=User.objects.get(username="approver"),
        rendered_at=NOW,
        sha256=sha256,
    )
    DocumentFile.objects.create(document=document, pdf=PDF)
    return document


class TestCheckIn:
    def test_three_questions_are_stored_once(self, patient: Client) -> None:
        for _press in range(2):
            answer = patient.post("/my/check-in/", SAID)
            assert answer.headers["Location"] == "/my/check-in/sent/"
        stored = CheckIn.objects.get()
        assert (stored.feeling, stored.opioid_since, stored.wants_call) == ("better", "no", False)
        assert "We have your answers" in shown(patient, "/my/check-in/sent/")

    @pytest.mark.parametrize("opioid", ["yes", "not_sure"])
    def test_an_opioid_or_a_doubt_says_call_before_the_next_dose(
        self, patient: Client, opioid: str
    ) -> None:
        patient.post("/my/check-in/", {**SAID, "opioid_since": opioid})
        page = shown(patient, "/my/check-in/sent/")
        assert "Call us before your next dose" in page
        assert settings.PHARMACY_PHONE in page

    def test_a_wish_to_be_called_is_kept(self, patient: Client) -> None:
        patient.post("/my/check-in/", {**SAID, "wants_call": "on"})
        assert CheckIn.objects.get().wants_call
        assert "will call you" in shown(patient, "/my/check-in/sent/")

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"feeling": ""}, "Select how you are"),
            ({"opioid_since": ""}, "Select no, yes or"),
            ({"feeling": "wonderful"}, "Select a valid choice"),
            ({"side_effects": "x" * 10_000}, "4000 characters or fewer, not 10000"),
        ],
    )
    def test_faults_are_said_and_nothing_is_stored(
        self, patient: Client, changes: dict[str, str], sentence: str
    ) -> None:
        answer = patient.post("/my/check-in/", {**SAID, "side_effects": "vivid dreams", **changes})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert sentence in page
        assert "vivid dreams" in page or "side_effects" in changes
        assert not CheckIn.objects.exists()

    def test_words_are_kept_as_typed_and_shown_as_text(self, patient: Client) -> None:
        patient.post("/my/check-in/", {**SAID, "side_effects": "<script>alert(1)</script> ñ 痛"})
        assert CheckIn.objects.get().side_effects == "<script>alert(1)</script> ñ 痛"
        page = patient.post(
            "/my/check-in/", {"side_effects": "</textarea><script>alert(1)</script>"}
        )
        assert "<script>alert" not in page.content.decode()

    def test_before_the_medicine_is_there_is_nothing_to_say(self, client: Client) -> None:
        open_pages(client, an_order())
        assert "three questions" not in shown(client)
        answer = client.post("/my/check-in/", SAID)
        assert answer.status_code == 422
        assert "once you have your medicine" in answer.content.decode()
