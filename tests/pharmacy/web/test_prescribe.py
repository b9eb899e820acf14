"""The prescriber's form: everything is checked, nothing typed is lost, nothing is sent twice."""

import re
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from pharmacy.orders.models import Order, Prescription
from tests.pharmacy.web.rows import a_prescriber, typed_order

SIGNED = {"signed_name": "Lin Chen"}


@pytest.fixture
def key() -> str:
    return str(uuid4())


def write(client: Client, key: str, **changes: str) -> tuple[int, str]:
    """Send the form; return the status and the page, or where it leads."""
    answer = client.post(reverse("web:write_prescription", args=[key]), typed_order(**changes))
    return answer.status_code, answer.headers.get("Location") or answer.content.decode()


def check_url(key: str) -> str:
    return reverse("web:check_prescription", args=[key])


def sent_url(key: str) -> str:
    return reverse("web:prescription_sent", args=[key])


class TestTheForm:
    def test_an_empty_form_names_every_fault_once_and_links_to_it(
        self, client: Client, key: str
    ) -> None:
        answer = client.post(reverse("web:write_prescription", args=[key]), {"action": "check"})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "<title>Error: " in page
        assert "There is a problem" in page
        summary = page[
            page.index('id="error-summary"') : page.index("</ul>", page.index("error-summary"))
        ]
        links = re.findall(r'href="#([^"]+)"', summary)
        assert len(links) == 23
        for target in links:
            assert f'id="{target}"' in page, target

    def test_the_summary_follows_the_page_with_the_plan_amid_the_rest(
        self, client: Client, key: str
    ) -> None:
        _status, page = write(client, key, npi="", product="", **{"step-0-dose": ""}, reason="")
        summary = page[page.index('id="error-summary"') :]
        places = [
            summary.index(f"#id_{name}") for name in ("npi", "product", "step-0-dose", "reason_0")
        ]
        assert places == sorted(places)

    def test_what_may_be_left_empty_says_so(self, client: Client) -> None:
        page = client.get(reverse("web:prescribe")).content.decode()
        marked = re.findall(r'for="id_(\w+)">[^<]*<span class="optional">', page)
        assert marked == ["practice_fax", "exclusions", "extra_directions"]
        assert "*" not in re.sub(r"<[^>]*>", "", page)

    def test_a_right_form_leads_to_the_check(self, client: Client, key: str) -> None:
        assert write(client, key) == (302, check_url(key))
        assert not Prescription.objects.exists()

    @pytest.mark.parametrize(
        ("field", "typed", "sentence"),
        [
            ("npi", "1234567890", "is not an NPI: one of its digits is wrong"),
            ("npi", "12345", "An NPI has ten digits"),
            ("date_of_birth_day", "31st", "must be a real day"),
            ("date_of_birth_day", "", "must include a day"),
            ("date_of_birth_year", "2199", "must be in the past"),
            ("date_of_birth_year", "1871", "Check the year"),
            ("patient_email", "elena@", "in the form name@example.com"),
            ("practice_phone", "555 0142", "with its area code"),
            ("zip_code", "O4101", "Enter a ZIP code"),
            ("state", "XX", "Select a valid choice"),
            ("product", "ldn-capsules|9", "Select a valid choice"),
            ("step-0-dose", "1,5", "in digits, like 4.5"),
            ("step-0-dose", "1e1", "in digits, like 4.5"),
            ("step-0-dose", "0", "in digits, like 4.5"),
            ("step-0-dose", "-1", "in digits, like 4.5"),
            ("step-0-dose", "²", "in digits, like 4.5"),
            ("step-0-dose", "2", "cannot be made from capsules of 1.5"),
            ("step-0-days", "fourteen", "whole number, like 14"),
            ("step-0-days", "0", "whole number, like 14"),
            ("step-0-days", "300", "used for 177 days"),
            ("refills", "12", "Select a valid choice"),
            ("says_opioid_free", "", "Confirm that the patient takes no opioid"),
            ("reason", "price", "Select a valid choice"),
            ("patient_name", "x" * 10_000, "200 characters or fewer, not 10000"),
            ("allergies", "x" * 10_000, "1000 characters or fewer, not 10000"),
            ("patient_email", "x" * 10_000 + "@a.example", "in the form name@example.com"),
            ("practice_phone", "2" * 10_000, "with its area code"),
            ("npi", "1" * 10_000, "200 characters or fewer"),
            ("step-0-dose", "1" * 10_000, "in digits, like 4.5"),
            ("zip_code", "1" * 10_000, "Enter a ZIP code"),
        ],
    )
    def test_what_cannot_be_is_said_and_kept(
        self, client: Client, key: str, field: str, typed: str, sentence: str
    ) -> None:
        status, page = write(client, key, **{field: typed})
        page = page.replace("\xa0", " ").replace("&#x27;", "'")
        assert status == 422
        assert sentence in page
        assert "Elena Ruiz" in page or field == "patient_name"
        if typed and not field.startswith(("state", "product", "refills", "reason", "says")):
            assert typed in page
        assert not Prescription.objects.exists()

    def test_another_strength_needs_its_number(self, client: Client, key: str) -> None:
        status, page = write(client, key, product="ldn-capsules|other")
        assert status == 422
        assert "Enter the strength you want" in page

    def test_another_strength_within_the_range_is_taken(self, client: Client, key: str) -> None:
        assert write(client, key, product="ldn-capsules|other", other_strength="0.75")[0] == 302

    def test_another_strength_out_of_the_range_is_refused(self, client: Client, key: str) -> None:
        status, page = write(client, key, product="ldn-capsules|other", other_strength="5")
        assert status == 422
        assert "from 0.1 to 4.5" in page

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"condition_code": "other"}, "Say what the medicine is for"),
            ({"reason": "other"}, "Say in words why it must be compounded"),
        ],
    )
    def test_other_needs_words(
        self, client: Client, key: str, changes: dict[str, str], sentence: str
    ) -> None:
        status, page = write(client, key, **changes)
        assert status == 422
        assert sentence in page

    @pytest.mark.parametrize(
        "name", ["Zoë Ñandú-O’Neill", "Нина Петрова", "王小明", "Ẹ̀bùn Adé", "<b>Elena</b>"]
    )
    def test_every_name_is_taken_and_shown_as_text(
        self, client: Client, key: str, name: str
    ) -> None:
        assert write(client, key, patient_name=name)[0] == 302
        page = client.get(check_url(key)).content.decode()
        assert name.replace("<", "&lt;").replace(">", "&gt;") in page
        assert "<b>Elena" not in page

    def test_a_script_stays_text_in_a_form_with_errors(self, client: Client, key: str) -> None:
        script = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
        _status, page = write(client, key, patient_name=script, allergies=script, npi="")
        assert "<script>alert" not in page
        assert "<img" not in page

    def test_a_null_character_is_refused_with_words(self, client: Client, key: str) -> None:
        status, page = write(client, key, patient_name="Elena\x00Ruiz")
        assert status == 422
        assert "Null characters are not allowed" in page


class TestThePlan:
    def test_the_quantity_is_worked_out_and_never_typed(self, client: Client, key: str) -> None:
        status, page = write(client, key, action="work_out", quantity="5")
        page = page.replace("\xa0", " ")
        assert status == 200
        assert "126 capsules of 1.5 mg" in page
        assert "84 capsules" in page
        assert 'name="quantity"' not in page

    def test_drops_show_millilitres_and_bottles(self, client: Client, key: str) -> None:
        changes = {"step-0-dose": "0.5", "step-1-dose": "1", "step-1-days": "14", "steps": "2"}
        _status, page = write(client, key, action="work_out", product="ldn-drops|1", **changes)
        page = page.replace("\xa0", " ")
        assert "one 30 mL bottle of 1 mg/mL" in page
        assert "21 mL" in page
        assert "0.5 mg (0.5 mL)" in page

    def test_a_dose_that_cannot_be_made_is_said_beside_the_plan(
        self, client: Client, key: str
    ) -> None:
        status, page = write(client, key, action="work_out", **{"step-0-dose": "2"})
        assert status == 200
        assert "cannot be made from capsules" in page

    def test_a_button_of_the_plan_finds_no_fault(self, client: Client, key: str) -> None:
        status, page = write(client, key, action="add_step", npi="", patient_name="")
        assert status == 200
        assert "There is a problem" not in page
        assert 'aria-invalid="true"' not in page

    def test_add_a_step(self, client: Client, key: str) -> None:
        _status, page = write(client, key, action="add_step")
        assert 'name="step-3-dose"' in page
        assert 'name="steps" value="4"' in page

    def test_there_is_an_end_to_adding(self, client: Client, key: str) -> None:
        _status, page = write(client, key, action="add_step", steps="12")
        assert 'name="step-11-dose"' in page
        assert 'name="step-12-dose"' not in page

    @pytest.mark.parametrize("steps", ["0", "-3", "999999999999", "²", "two", ""])
    def test_a_damaged_count_shows_some_steps(self, client: Client, key: str, steps: str) -> None:
        status, page = write(client, key, action="work_out", steps=steps)
        assert status == 200
        assert 'name="step-0-dose"' in page
        assert 'name="step-12-dose"' not in page

    def test_remove_a_step_keeps_the_others(self, client: Client, key: str) -> None:
        _status, page = write(client, key, action="remove_step:0")
        doses = re.findall(r'name="step-\d-dose" value="([^"]*)"', page)
        assert doses == ["3", "4.5"]

    @pytest.mark.parametrize("which", ["9", "-1", "x", "", "²"])
    def test_a_step_that_is_not_there_is_not_removed(
        self, client: Client, key: str, which: str
    ) -> None:
        _status, page = write(client, key, action=f"remove_step:{which}")
        assert len(re.findall(r'name="step-\d-dose"', page)) == 3

    def test_the_last_step_stays(self, client: Client, key: str) -> None:
        _status, page = write(client, key, action="remove_step:0", steps="1")
        assert 'name="step-0-dose"' in page

    def test_a_preset_fills_the_steps_and_keeps_the_rest(self, client: Client, key: str) -> None:
        changes = {"step-0-dose": "", "step-0-days": "", "steps": "1"}
        _status, page = write(client, key, action="preset:standard", **changes)
        assert re.findall(r'name="step-\d-dose" value="([^"]*)"', page) == ["1.5", "3", "4.5"]
        assert "Elena Ruiz" in page

    def test_a_preset_that_is_not_in_force_changes_nothing(self, client: Client, key: str) -> None:
        _status, page = write(client, key, action="preset:../order_due_days")
        assert re.findall(r'name="step-\d-dose" value="([^"]*)"', page) == ["1.5", "3", "4.5"]


class TestCheckAndSign:
    def test_the_check_shows_what_will_be_sent_and_links_to_change_it(
        self, client: Client, key: str
    ) -> None:
        write(client, key)
        page = client.get(check_url(key)).content.decode().replace("\xa0", " ")
        for said in (
            "14 March 1971", "(207) 555-0177", "126 capsules of 1.5 mg", "Fibromyalgia",
            "Take one 1.5 mg capsule by mouth at bedtime for 14 days, then two 1.5 mg capsules for 14 days",
            "<desc", "1.5 mg from day 1 to day 14, then 3 mg from day 15 to day 28",
        ):  # fmt: skip
            assert said in page
        form = client.get(reverse("web:write_prescription", args=[key])).content.decode()
        for anchor in re.findall(
            rf'{reverse("web:write_prescription", args=[key])}#([^"]+)"', page
        ):
            assert f'id="{anchor}"' in form, anchor

    def test_going_back_shows_what_was_typed_without_faults(self, client: Client, key: str) -> None:
        write(client, key)
        page = client.get(reverse("web:write_prescription", args=[key])).content.decode()
        assert 'value="Elena Ruiz"' in page
        assert "There is a problem" not in page

    def test_signing_sends_one_order(self, client: Client, key: str) -> None:
        write(client, key)
        answer = client.post(check_url(key), SIGNED)
        assert answer.status_code == 302
        assert answer.headers["Location"] == sent_url(key)
        prescription = Prescription.objects.get()
        assert prescription.idempotency_key == key
        assert prescription.signed_name == "Lin Chen"
        assert prescription.as_typed["patient_name"] == "Elena Ruiz"
        assert not prescription.prescriber.is_verified
        page = client.get(sent_url(key)).content.decode()
        assert prescription.orders.get().number in page
        assert "We check who you are" in page

    def test_a_second_press_and_a_resend_after_back_send_nothing(
        self, client: Client, key: str
    ) -> None:
        write(client, key)
        for _press in range(3):
            assert client.post(check_url(key), SIGNED).headers["Location"] == sent_url(key)
        assert write(client, key) == (302, sent_url(key))
        assert client.get(check_url(key)).headers["Location"] == sent_url(key)
        assert Order.objects.count() == 1

    def test_the_same_key_from_a_lost_session_is_the_same_order(
        self, client: Client, key: str
    ) -> None:
        """The first answer never arrived: the browser's session does not know that the order was made."""
        write(client, key)
        client.post(check_url(key), SIGNED)
        other = Client()
        write(other, key)
        assert other.post(check_url(key), SIGNED).headers["Location"] == sent_url(key)
        assert Order.objects.count() == 1

    def test_two_tabs_with_two_patients_never_mix(self, client: Client) -> None:
        one, two = str(uuid4()), str(uuid4())
        write(client, one, patient_name="Elena Ruiz")
        write(client, two, patient_name="Per Lindqvist")
        client.post(check_url(one), SIGNED)
        assert Prescription.objects.get().patient.full_name == "Elena Ruiz"
        assert "Per Lindqvist" in client.get(check_url(two)).content.decode()

    @pytest.mark.parametrize("name", ["", "   ", "Somebody Else", "x" * 10_000])
    def test_nobody_else_signs(self, client: Client, key: str, name: str) -> None:
        write(client, key)
        answer = client.post(check_url(key), {"signed_name": name})
        assert answer.status_code == 422
        assert "<title>Error: " in answer.content.decode()
        assert not Order.objects.exists()

    def test_case_and_spaces_of_a_signature_do_not_matter(self, client: Client, key: str) -> None:
        write(client, key)
        assert client.post(check_url(key), {"signed_name": " lin  CHEN "}).status_code == 302

    def test_a_form_with_faults_is_never_sent(self, client: Client, key: str) -> None:
        write(client, key, npi="")
        answer = client.post(check_url(key), SIGNED)
        assert answer.status_code == 422
        assert not Order.objects.exists()

    def test_somebody_elses_order_shows_nothing(self, client: Client, key: str) -> None:
        write(client, key)
        client.post(check_url(key), SIGNED)
        stranger = Client()
        for url in (check_url(key), sent_url(key), reverse("web:write_prescription", args=[key])):
            answer = stranger.get(url)
            assert answer.status_code == 302
            assert answer.headers["Location"] == reverse("web:prescribe")

    def test_no_more_than_a_few_drafts_are_kept(self, client: Client) -> None:
        keys = [str(uuid4()) for _ in range(8)]
        for each in keys:
            write(client, each)
        assert client.get(check_url(keys[0])).status_code == 302
        assert client.get(check_url(keys[-1])).status_code == 200

    def test_many_orders_from_one_address_are_slowed_down(
        self, client: Client, settings: Settings
    ) -> None:
        settings.ORDER_FORMS_AN_HOUR = 3
        answers = []
        for _ in range(4):
            key = str(uuid4())
            write(client, key)
            answers.append(client.post(check_url(key), SIGNED).status_code)
        assert answers == [302, 302, 302, 429]


class TestSignedIn:
    def test_a_prescriber_who_is_signed_in_types_nothing_about_themselves(
        self, client: Client, key: str
    ) -> None:
        prescriber = a_prescriber()
        assert prescriber.user is not None
        client.force_login(prescriber.user)
        page = client.get(reverse("web:prescribe")).content.decode()
        assert "Ordering as" in page
        assert 'name="npi"' not in page
        write(client, key, npi="", prescriber_name="")
        client.post(check_url(key), {"signed_name": "Lily Chen"})
        assert Prescription.objects.get().prescriber == prescriber

    def test_what_is_typed_cannot_make_them_somebody_else(self, client: Client, key: str) -> None:
        prescriber = a_prescriber()
        assert prescriber.user is not None
        client.force_login(prescriber.user)
        write(client, key, npi="1999999992", prescriber_name="Somebody Else")
        client.post(check_url(key), {"signed_name": "Lily Chen"})
        assert Prescription.objects.get().prescriber == prescriber
