"""Prescribers with a login: signing in, their own orders, and nobody else's."""

import pytest
from django.test import Client

from pharmacy.people.roles import Role
from tests.pharmacy.web.rows import PASSWORD, a_prescriber, a_user, an_order

LOGIN = "/account/login/"
ORDERS = "/orders/"


def sign_in(
    client: Client, username: str = "chen", password: str = PASSWORD, **more: str
) -> object:
    return client.post(LOGIN, {"username": username, "password": password, **more})


class TestSigningIn:
    def test_both_fields_look_like_the_fields_of_every_form(self, client: Client) -> None:
        page = client.get(LOGIN).content.decode()
        assert page.count('class="form-control width-20"') == 2

    def test_leads_to_the_orders(self, client: Client) -> None:
        a_prescriber()
        answer = client.post(LOGIN, {"username": "chen", "password": PASSWORD})
        assert answer.status_code == 302
        assert answer.headers["Location"] == ORDERS

    def test_an_address_elsewhere_is_not_followed(self, client: Client) -> None:
        a_prescriber()
        data = {"username": "chen", "password": PASSWORD, "next": "https://evil.example/"}
        assert client.post(LOGIN, data).headers["Location"] == ORDERS

    @pytest.mark.parametrize(
        ("username", "password", "sentence"),
        [
            ("", "", "Enter your username"),
            ("chen", "", "Enter your password"),
            ("chen", "wrong", "The username or the password is not right"),
            ("nobody", PASSWORD, "The username or the password is not right"),
            ("<script>alert(1)</script>", "x", "The username or the password is not right"),
            ("x" * 10_000, "x" * 10_000, "The username or the password is not right"),
        ],
    )
    def test_faults(self, client: Client, username: str, password: str, sentence: str) -> None:
        a_prescriber()
        answer = client.post(LOGIN, {"username": username, "password": password})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert sentence in page
        assert "<script>alert" not in page

    def test_signing_out_takes_a_form_and_leads_home(self, client: Client) -> None:
        prescriber = a_prescriber()
        assert prescriber.user is not None
        client.force_login(prescriber.user)
        assert client.get("/account/logout/").status_code == 405
        assert client.post("/account/logout/").headers["Location"] == "/"
        assert client.get(ORDERS).status_code == 302


class TestMyOrders:
    def test_without_a_login_it_asks_for_one(self, client: Client) -> None:
        answer = client.get(ORDERS)
        assert answer.status_code == 302
        assert answer.headers["Location"] == f"{LOGIN}?next={ORDERS}"

    @pytest.mark.parametrize("role", [Role.TECHNICIAN, Role.PHARMACIST, Role.PRESCRIBER])
    def test_a_login_without_a_prescriber_sees_no_orders(self, client: Client, role: Role) -> None:
        an_order()
        client.force_login(a_user("somebody", role))
        answer = client.get(ORDERS)
        assert answer.status_code == 403
        assert "Elena" not in answer.content.decode()

    def test_shows_the_orders_with_their_state_in_words(self, client: Client) -> None:
        prescriber = a_prescriber()
        order = an_order()
        assert order.prescription.prescriber == prescriber
        assert prescriber.user is not None
        client.force_login(prescriber.user)
        page = client.get(ORDERS).content.decode()
        assert order.number in page
        assert "Elena Ruiz" in page
        assert "waiting for the patient" in page

    def test_another_prescribers_orders_are_not_shown(self, client: Client) -> None:
        an_order()
        other = a_prescriber("other", npi="1245319599")
        assert other.user is not None
        client.force_login(other.user)
        page = client.get(ORDERS).content.decode()
        assert "Elena" not in page
        assert "No orders yet" in page

    @pytest.mark.parametrize("before", ["x", "-1", "²", "9" * 50, "1;drop"])
    def test_a_damaged_place_in_the_list_shows_the_newest(
        self, client: Client, before: str
    ) -> None:
        prescriber = a_prescriber()
        an_order()
        assert prescriber.user is not None
        client.force_login(prescriber.user)
        assert "Elena Ruiz" in client.get(ORDERS, {"before": before}).content.decode()

    def test_older_orders_are_one_link_away(self, client: Client) -> None:
        prescriber = a_prescriber()
        for number in range(26):
            an_order(idempotency_key=f"key-{number}", patient_name=f"Patient {number:02}")
        assert prescriber.user is not None
        client.force_login(prescriber.user)
        first = client.get(ORDERS)
        assert "Patient 25" in first.content.decode()
        assert "Patient 00" not in first.content.decode()
        older = client.get(ORDERS, {"before": str(first.context["older_than"])}).content.decode()
        assert "Patient 00" in older
        assert "Older orders" not in older
