"""The contact form: a message is stored once; machines are slowed down, people are not."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core.signing import TimestampSigner
from django.test import Client
from django.urls import reverse
from time_machine import TimeMachineFixture

from pharmacy.contacts.models import Enquiry
from tests.pharmacy.web.rows import NOW, old_key, typed_message

URL = "/contact/"


def send(client: Client, **changes: str) -> tuple[int, str]:
    answer = client.post(URL, typed_message(**changes))
    return answer.status_code, answer.content.decode()


class TestSending:
    def test_a_message_is_stored_and_its_reference_shown(self, client: Client) -> None:
        answer = client.post(URL, typed_message())
        assert answer.status_code == 302
        assert answer.headers["Location"] == reverse("web:contact_sent")
        enquiry = Enquiry.objects.get()
        assert enquiry.message == "Do you make capsules without lactose?"
        assert enquiry.reference in client.get(answer.headers["Location"]).content.decode()

    def test_nothing_that_was_typed_stands_in_an_address(self, client: Client) -> None:
        answer = client.post(URL, typed_message())
        assert urlsplit(answer.headers["Location"]).query == ""

    def test_a_second_press_and_a_resend_store_nothing(self, client: Client) -> None:
        message = typed_message()
        for _press in range(3):
            assert client.post(URL, message).status_code == 302
        assert Enquiry.objects.count() == 1

    def test_the_page_shown_to_a_person_can_be_sent(
        self, client: Client, time_machine: TimeMachineFixture
    ) -> None:
        key = client.get(URL).context["form"]["key"].value()
        time_machine.move_to(NOW + timedelta(seconds=20))
        assert send(client, key=key)[0] == 302

    def test_whoever_only_needs_a_prescriber_need_not_name_a_topic(self, client: Client) -> None:
        assert send(client, needs_prescriber="yes", topic="")[0] == 302
        enquiry = Enquiry.objects.get()
        assert enquiry.needs_prescriber
        assert enquiry.topic == "find_prescriber"

    def test_the_reference_is_shown_to_nobody_else(self, client: Client) -> None:
        send(client)
        answer = Client().get(reverse("web:contact_sent"))
        assert answer.status_code == 302
        assert answer.headers["Location"] == URL

    @pytest.mark.parametrize("words", ["Zażółć gęślą jaźń", "помогите", "痛みがある", "🙂" * 50])
    def test_every_script_is_kept_as_typed(self, client: Client, words: str) -> None:
        assert send(client, message=words, name=words[:40])[0] == 302
        assert Enquiry.objects.get().message == words


class TestFaults:
    def test_an_empty_form(self, client: Client) -> None:
        status, page = send(
            client, needs_prescriber="", topic="", message="", name="", email="", residence_state=""
        )
        assert status == 422
        assert "<title>Error: " in page
        for sentence in (
            "Select yes if you need help finding a prescriber", "Enter your message",
            "Enter your name", "Enter your email address",
        ):  # fmt: skip
            assert page.count(sentence) == 2, sentence
        assert not Enquiry.objects.exists()

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"topic": ""}, "Select what your message is about"),
            ({"topic": "weather"}, "Select a valid choice"),
            ({"email": "sam"}, "in the form name@example.com"),
            ({"email": "sam@people.example\r\nBcc: x@y.example"}, "in the form name@example.com"),
            ({"phone": "call me"}, "with its area code"),
            ({"residence_state": "Maine"}, "Select a valid choice"),
            ({"message": "x" * 10_000}, "4000 characters or fewer, not 10000"),
            ({"name": "x" * 10_000}, "200 characters or fewer, not 10000"),
            ({"email": "x" * 10_000 + "@a.example"}, "in the form name@example.com"),
            ({"message": "a\x00b"}, "Null characters are not allowed"),
            ({"needs_prescriber": "maybe"}, "Select a valid choice"),
        ],
    )
    def test_what_cannot_be_is_said_and_kept(
        self, client: Client, changes: dict[str, str], sentence: str
    ) -> None:
        status, page = send(client, **changes)
        assert status == 422
        assert sentence in page
        assert "Sam Person" in page or "name" in changes
        assert not Enquiry.objects.exists()

    def test_a_script_stays_text(self, client: Client) -> None:
        _status, page = send(client, message="</textarea><script>alert(1)</script>", email="")
        assert "<script>alert" not in page


class TestMachines:
    def test_a_filled_trap_stores_nothing_and_a_person_can_send_again(self, client: Client) -> None:
        status, page = send(client, website="https://spam.example")
        assert status == 422
        assert "Read your message once more" in page
        assert "https://spam.example" not in page
        assert send(client)[0] == 302

    def test_faster_than_people_type(
        self, client: Client, time_machine: TimeMachineFixture
    ) -> None:
        key = client.get(URL).context["form"]["key"].value()
        status, page = send(client, key=key)
        assert status == 422
        assert "Read your message once more" in page
        time_machine.move_to(NOW + timedelta(seconds=10))
        assert send(client, key=key)[0] == 302

    @pytest.mark.parametrize(
        "key",
        [
            "",
            "k" * 32,
            "k" * 32 + ":1abcde:forged",
            "x" * 10_000,
        ],
        ids=["none", "unsigned", "forged", "long"],
    )
    def test_a_key_that_is_not_ours_is_replaced(self, client: Client, key: str) -> None:
        answer = client.post(URL, typed_message(key=key))
        assert answer.status_code == 422
        new = answer.context["form"]["key"].value()
        assert new != key
        assert not Enquiry.objects.exists()

    def test_a_key_signed_for_something_else_is_replaced(self, client: Client) -> None:
        elsewhere = TimestampSigner(salt="elsewhere").sign("k" * 32)
        assert send(client, key=elsewhere)[0] == 422

    def test_many_messages_from_one_address_are_slowed_down(self, client: Client) -> None:
        for number in range(10):
            assert send(client, key=old_key(f"{number:032}"))[0] == 302
        status, page = send(client, key=old_key("z" * 32))
        assert status == 422
        assert "Many messages came from your network" in page
        assert Enquiry.objects.count() == 10

    def test_the_limit_ends(self, client: Client, time_machine: TimeMachineFixture) -> None:
        for number in range(11):
            send(client, key=old_key(f"{number:032}"))
        time_machine.move_to(NOW + timedelta(hours=1, seconds=1))
        assert send(client, key=old_key("z" * 32))[0] == 302
