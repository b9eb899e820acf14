"""A mailed link: its secret leaves the address, the date of birth opens it, and the wrong person learns nothing."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from time_machine import TimeMachineFixture

from pharmacy.orders.models import LinkPurpose, PatientLink
from tests.pharmacy.web.rows import NOW, a_token, an_order

IDENTITY = "/p/"
RIGHT = {"date_of_birth_month": "3", "date_of_birth_day": "14", "date_of_birth_year": "1971"}
WRONG = {**RIGHT, "date_of_birth_year": "1972"}


def open_with(client: Client, token: str, typed: dict[str, str] = RIGHT) -> tuple[int, str]:
    client.get(f"/p/{token}/")
    answer = client.post(IDENTITY, typed)
    return answer.status_code, answer.headers.get("Location") or answer.content.decode()


@pytest.fixture
def token() -> str:
    return a_token(an_order(), LinkPurpose.INTAKE)


class TestOpening:
    def test_the_secret_leaves_the_address_at_once(self, client: Client, token: str) -> None:
        answer = client.get(f"/p/{token}/")
        assert answer.status_code == 302
        assert answer.headers["Location"] == IDENTITY
        page = client.get(IDENTITY).content.decode()
        assert token not in page
        assert "Elena" not in page

    def test_looking_uses_nothing_up(self, client: Client, token: str) -> None:
        """Mail programs open links before people do."""
        for _ in range(10):
            Client().get(f"/p/{token}/")
            Client().head(f"/p/{token}/")
        assert PatientLink.objects.get().opened_at is None
        assert open_with(client, token) == (302, "/intake/")

    def test_the_purpose_says_where_it_leads(self, client: Client) -> None:
        token = a_token(an_order(), LinkPurpose.PLAN)
        assert open_with(client, token) == (302, "/my/")

    def test_it_opens_again_until_its_last_day(
        self, client: Client, token: str, time_machine: TimeMachineFixture
    ) -> None:
        assert open_with(client, token)[0] == 302
        time_machine.move_to(NOW + timedelta(days=13))
        assert open_with(Client(), token)[0] == 302

    def test_the_session_gets_a_new_key(self, client: Client, token: str) -> None:
        client.get(f"/p/{token}/")
        before = client.session.session_key
        client.post(IDENTITY, RIGHT)
        assert client.session.session_key != before


class TestTheWrongPerson:
    def test_a_wrong_date_of_birth_says_how_many_tries_are_left(
        self, client: Client, token: str
    ) -> None:
        status, page = open_with(client, token, WRONG)
        assert status == 422
        assert "You can try 4 more times" in page
        assert "Elena" not in page
        assert client.get("/intake/").status_code == 403

    def test_after_five_it_is_closed_for_good_even_for_the_right_one(
        self, client: Client, token: str
    ) -> None:
        assert [open_with(client, token, WRONG)[0] for _ in range(5)] == [422, 422, 422, 422, 403]
        answer = client.get(f"/p/{token}/")
        assert answer.status_code == 403
        assert "closed it to keep your answers safe" in answer.content.decode()
        assert settings.PHARMACY_PHONE in answer.content.decode()

    def test_many_tries_from_one_address_are_slowed_down(self, client: Client) -> None:
        order = an_order()
        statuses = [open_with(client, a_token(order, LinkPurpose.INTAKE), WRONG) for _ in range(31)]
        assert "Many tries came from your network" in statuses[-1][1]
        token = a_token(order, LinkPurpose.INTAKE)
        assert open_with(client, token, RIGHT)[0] == 422

    @pytest.mark.parametrize(
        "url", ["/intake/", "/intake/opioid-now/", "/intake/check/", "/intake/done/"]
    )
    def test_the_questions_open_to_nobody_without_the_link(self, client: Client, url: str) -> None:
        answer = client.get(url)
        assert answer.status_code == 403
        assert "Open the link in our email" in answer.content.decode()

    @pytest.mark.parametrize(
        "url", ["/my/", "/my/leaflet/", "/my/leaflet.pdf", "/my/check-in/", "/my/check-in/sent/"]
    )
    def test_the_plan_does_not_open_with_a_link_to_the_questions(
        self, client: Client, token: str, url: str
    ) -> None:
        open_with(client, token)
        assert client.get(url).status_code == 403

    def test_an_opened_page_closes_on_the_links_last_day(
        self, client: Client, time_machine: TimeMachineFixture
    ) -> None:
        token = a_token(an_order(), LinkPurpose.INTAKE, days=1)
        open_with(client, token)
        time_machine.move_to(NOW + timedelta(days=1))
        assert client.get("/intake/").status_code == 403

    def test_a_session_of_another_link_does_not_open_this_order(self, client: Client) -> None:
        mine = a_token(an_order(), LinkPurpose.INTAKE)
        other = an_order(
            idempotency_key="key-2", patient_name="Per Lindqvist", patient_email="per@home.example"
        )
        theirs = a_token(other, LinkPurpose.INTAKE)
        open_with(client, mine)
        client.get(f"/p/{theirs}/")
        client.post(IDENTITY, WRONG)
        client.get("/intake/")
        assert PatientLink.objects.get(order=other).opened_at is None


class TestLinksThatDoNotOpen:
    @pytest.mark.parametrize("token", ["x", "x" * 43, "%00", "<script>", "..%2f..", "x" * 2000])
    def test_a_link_that_is_not_ours(self, client: Client, token: str) -> None:
        answer = client.get(f"/p/{token}/")
        page = answer.content.decode()
        assert answer.status_code == 404
        assert settings.PHARMACY_PHONE in page
        assert "<script>x" not in page

    def test_an_old_link_says_so_and_gives_the_number(
        self, client: Client, token: str, time_machine: TimeMachineFixture
    ) -> None:
        time_machine.move_to(NOW + timedelta(days=14))
        answer = client.get(f"/p/{token}/")
        page = answer.content.decode()
        assert answer.status_code == 410
        assert "This link is too old" in page
        assert settings.PHARMACY_PHONE in page

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            ({}, "Enter the date of birth"),
            ({**RIGHT, "date_of_birth_day": ""}, "must include a day"),
            (
                {**RIGHT, "date_of_birth_day": "31", "date_of_birth_month": "2"},
                "must be a real day",
            ),
            ({**RIGHT, "date_of_birth_day": "x" * 10_000}, "must be a real day"),
            ({**RIGHT, "date_of_birth_year": "７1"}, "must be a real day"),
            ({**RIGHT, "date_of_birth_day": "<script>"}, "must be a real day"),
        ],
    )
    def test_what_is_no_date_uses_up_no_try(
        self, client: Client, token: str, typed: dict[str, str], sentence: str
    ) -> None:
        status, page = open_with(client, token, typed)
        assert status == 422
        assert sentence in page
        assert PatientLink.objects.get().failed_attempts == 0
