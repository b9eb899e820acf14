"""The patient's questions: one page at a time, everything saved, read over, signed once."""

import pytest
from django.conf import settings
from django.test import Client

from pharmacy.intake.models import IntakeSubmission
from pharmacy.intake.questionnaire import page_by_id, pages_for, validate
from pharmacy.orders.models import LinkPurpose, Order
from pharmacy.orders.states import OrderState
from pharmacy.workflow.receive_intake import save_page
from tests.pharmacy.web.rows import NOW, a_token, an_order

ANSWERS: dict[str, dict[str, str | list[str]]] = {
    "opioid-now": {"opioid_now": "no"},
    "opioid-last": {"opioid_last_date": "never"},
    "opioid-like": {"opioid_like_supplement": "no"},
    "opioid-treatment": {"oud_treatment": "no", "oud_history": "no"},
    "withdrawal": {"opioid_withdrawal_symptoms": "no"},
    "medicines": {"medicines": "Zoloft 50 mg daily", "medicines_complete": "all"},
    "supplements": {"supplements_complete": "none"},
    "medicine-kinds": {"thyroid_med": "no", "immunosuppressant": "no"},
    "allergies": {"allergy": ["none"]},
    "about-you": {"species": "me", "sex_at_birth": "male"},
    "liver-kidneys": {"liver": "none", "lft_raised": "no", "kidney": "none"},
    "transplant-cancer": {"transplant": "no", "cancer": "none"},
    "pregnancy": {"pregnant": "no", "trying": "no", "breastfeeding": "no"},
    "surgery": {"surgery_planned": "no"},
    "alcohol": {"alcohol": "light"},
    "mood": {"mood_severe": "no"},
    "ldn-before": {"ldn_before": "no"},
}
SIGNING = {
    "ack_offlabel": "yes",
    "ack_opioid": "yes",
    "ack_contact": "yes",
    "signed_by": "me",
    "signature": "Elena Ruiz",
}
CHECK, DONE, SIGN = "/intake/check/", "/intake/done/", "/intake/agreement/"


@pytest.fixture
def order() -> Order:
    return an_order()


@pytest.fixture
def patient(client: Client, order: Order) -> Client:
    """Give the browser of the patient, with the link opened."""
    client.get(f"/p/{a_token(order, LinkPurpose.INTAKE)}/")
    born = {"date_of_birth_month": "3", "date_of_birth_day": "14", "date_of_birth_year": "1971"}
    assert client.post("/p/", born).headers["Location"] == "/intake/"
    return client


def page_url(page_id: str) -> str:
    return f"/intake/{page_id}/"


def say(patient: Client, page_id: str, **answers: str | list[str]) -> tuple[int, str]:
    answer = patient.post(page_url(page_id), answers or ANSWERS[page_id])
    return answer.status_code, answer.headers.get("Location") or answer.content.decode()


def say_all(patient: Client, **differently: dict[str, str | list[str]]) -> str:
    """Answer every page that is shown, in its order; return where the last one led."""
    url = patient.get("/intake/").headers.get("Location") or page_url("opioid-now")
    while url not in (CHECK, DONE):
        if url.endswith("/now/"):
            url = patient.get(url).context["next_url"]
            continue
        page_id = url.split("/")[2]
        _status, url = say(patient, page_id, **differently.get(page_id.replace("-", "_"), {}))
    return url


def saved() -> dict[str, object]:
    answers: dict[str, object] = IntakeSubmission.objects.get().answers
    return answers


class TestOnePageAtATime:
    def test_begins_with_a_welcome_and_then_the_opioid_question(self, patient: Client) -> None:
        page = patient.get("/intake/").content.decode()
        assert page_url("opioid-now") in page
        assert pages_for({})[0].id == "opioid-now"

    @pytest.mark.parametrize("page_id", list(ANSWERS))
    def test_every_page_shows_its_questions_with_labels(
        self, patient: Client, page_id: str
    ) -> None:
        say(patient, "about-you", species="me", sex_at_birth="female")
        page = patient.get(page_url(page_id)).content.decode()
        assert page.count("<h1") == 1
        for name in ANSWERS[page_id]:
            assert f'name="{name}"' in page
        assert "Save and finish later" in page
        assert settings.PHARMACY_PHONE in page

    def test_an_answer_is_saved_before_the_next_page_is_shown(self, patient: Client) -> None:
        assert say(patient, "opioid-now") == (302, page_url("opioid-last"))
        assert saved() == {"opioid_now": "no"}

    @pytest.mark.parametrize("page_id", list(ANSWERS))
    def test_an_empty_page_is_not_passed(self, patient: Client, page_id: str) -> None:
        say(patient, "about-you", species="me", sex_at_birth="female")
        answer = patient.post(page_url(page_id), {"action": "continue"})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "<title>Error: " in page
        assert "There is a problem" in page

    def test_errors_link_to_inputs_that_are_there(self, patient: Client) -> None:
        for page_id in ANSWERS.keys() - {"pregnancy"}:
            answer = patient.post(page_url(page_id), {"action": "continue"})
            page = answer.content.decode()
            for link in answer.context["error_links"]:
                assert f'id="{link.href[1:]}"' in page, link

    def test_what_was_typed_stays_when_something_is_wrong(self, patient: Client) -> None:
        _status, page = say(patient, "medicines", medicines="Zoloft 50 mg\nvitamin D")
        assert "Zoloft 50 mg\nvitamin D</textarea>" in page

    def test_too_long_is_said_and_nothing_is_cut_off(self, patient: Client) -> None:
        long = "Zoloft " * 1500
        status, page = say(patient, "medicines", medicines=long, medicines_complete="all")
        assert status == 422
        assert "characters too long" in page
        assert long.strip() in page

    def test_every_script_and_sign_is_kept_as_text(self, patient: Client) -> None:
        typed = '<script>alert(1)</script>\nпарацетамол\n痛み止め\nZoë’s tea & "more"'
        assert say(patient, "medicines", medicines=typed, medicines_complete="all")[0] == 302
        page = patient.get(page_url("medicines")).content.decode()
        assert "<script>alert" not in page
        assert "парацетамол" in page
        assert "<script>alert" not in patient.get(CHECK).content.decode()

    def test_a_choice_that_was_not_offered_is_refused(self, patient: Client) -> None:
        assert say(patient, "opioid-now", opioid_now="maybe")[0] == 422
        assert saved() == {}

    def test_a_day_is_asked_by_month_name_and_kept_as_typed(self, patient: Client) -> None:
        typed = {
            "opioid_last_date": "date",
            "opioid_last_date_month": "2",
            "opioid_last_date_day": "31",
            "opioid_last_date_year": "2026",
        }
        status, page = say(patient, "opioid-last", **typed, opioid_last_name="codeine")
        assert status == 422
        assert 'value="31"' in page
        assert '<option value="2" selected>February</option>' in page
        assert "codeine" in page

    def test_back_leads_to_the_page_before(self, patient: Client) -> None:
        say(patient, "opioid-now")
        assert (
            f'class="back" href="{page_url("opioid-now")}"'
            in patient.get(page_url("opioid-last")).content.decode()
        )

    @pytest.mark.parametrize("page_id", ["nothing", "pregnancy"])
    def test_a_page_that_is_not_this_persons_leads_back_to_the_questions(
        self, patient: Client, page_id: str
    ) -> None:
        say(patient, "about-you")
        answer = patient.get(page_url(page_id))
        assert (answer.status_code, answer.headers["Location"]) == (302, "/intake/")


class TestLater:
    def test_saves_what_was_answered_and_closes_the_pages(self, patient: Client) -> None:
        answer = patient.post(page_url("opioid-now"), {"opioid_now": "no", "action": "later"})
        assert answer.status_code == 200
        page = answer.content.decode()
        assert "Your answers are saved" in page
        assert "6 December" in page
        assert patient.get("/intake/").status_code == 403
        assert saved() == {"opioid_now": "no"}

    def test_an_empty_page_can_be_left_too(self, patient: Client) -> None:
        assert patient.post(page_url("opioid-now"), {"action": "later"}).status_code == 200

    def test_coming_back_goes_on_at_the_first_open_page(
        self, patient: Client, order: Order
    ) -> None:
        say(patient, "opioid-now")
        later = Client()
        later.get(f"/p/{a_token(order, LinkPurpose.INTAKE)}/")
        born = {"date_of_birth_month": "3", "date_of_birth_day": "14", "date_of_birth_year": "1971"}
        later.post("/p/", born)
        assert later.get("/intake/").headers["Location"] == page_url("opioid-last")


class TestAtOnce:
    def test_a_dark_mood_is_met_with_988_at_once(self, patient: Client) -> None:
        status, url = say(patient, "mood", mood_severe="yes")
        assert (status, url) == (302, "/intake/mood/now/")
        page = patient.get(url).content.decode()
        assert "988" in page
        assert "911" in page
        assert settings.PHARMACY_PHONE in page

    def test_it_then_goes_on(self, patient: Client) -> None:
        _status, url = say(patient, "mood", mood_severe="private")
        assert patient.get(url).context["next_url"] == page_url("ldn-before")

    def test_without_such_an_answer_there_is_nothing_to_say(self, patient: Client) -> None:
        say(patient, "mood", mood_severe="no")
        assert patient.get("/intake/mood/now/").headers["Location"] == "/intake/"

    def test_988_stands_on_the_page_itself(self, patient: Client) -> None:
        assert "988" in patient.get(page_url("mood")).content.decode()


class TestCheckAndSign:
    def test_all_answers_are_read_over_in_words(self, patient: Client) -> None:
        assert say_all(patient) == CHECK
        page = patient.get(CHECK).content.decode()
        assert "Zoloft 50 mg daily" in page
        assert "A few drinks a week" in page
        assert f"{page_url('medicines')}?change" in page

    def test_a_change_comes_back_to_the_check(self, patient: Client) -> None:
        say_all(patient)
        answer = patient.post(f"{page_url('alcohol')}?change", {"alcohol": "none"})
        assert answer.headers["Location"] == CHECK
        assert saved()["alcohol"] == "none"

    def test_a_change_that_opens_a_question_asks_it_first(self, patient: Client) -> None:
        say_all(patient)
        answer = patient.post(
            f"{page_url('about-you')}?change", {"species": "me", "sex_at_birth": "female"}
        )
        assert answer.headers["Location"] == page_url("pregnancy")

    def test_nobody_signs_before_all_is_answered(self, patient: Client, order: Order) -> None:
        say(patient, "opioid-now")
        answer = patient.post(SIGN, SIGNING)
        assert answer.headers["Location"] == page_url("opioid-last")
        assert "Some questions have no answer yet" in patient.get(CHECK).content.decode()
        order.refresh_from_db()
        assert order.state == OrderState.RECEIVED

    @pytest.mark.parametrize("missing", list(SIGNING))
    def test_every_consent_and_the_signature_are_needed(
        self, patient: Client, missing: str
    ) -> None:
        say_all(patient)
        answer = patient.post(SIGN, {**SIGNING, missing: ""})
        assert answer.status_code == 422
        assert IntakeSubmission.objects.get().submitted_at is None

    def test_signing_sends_the_order_to_a_pharmacist(self, patient: Client, order: Order) -> None:
        say_all(patient)
        assert patient.post(SIGN, SIGNING).headers["Location"] == DONE
        order.refresh_from_db()
        assert order.state == OrderState.IN_REVIEW
        page = patient.get(DONE).content.decode()
        assert "We have your answers" in page
        assert "A pharmacist needs to talk with you" not in page

    def test_a_second_press_changes_nothing(self, patient: Client) -> None:
        say_all(patient)
        for _press in range(3):
            assert patient.post(SIGN, SIGNING).headers["Location"] == DONE
        assert IntakeSubmission.objects.get().signed_name == "Elena Ruiz"
        assert patient.post(page_url("alcohol"), {"alcohol": "heavy"}).headers["Location"] == DONE
        assert saved()["alcohol"] == "light"
        for url in ("/intake/", CHECK, page_url("alcohol")):
            assert patient.get(url).headers["Location"] == DONE

    @pytest.mark.parametrize("answer", ["yes", "not_sure"])
    def test_an_opioid_or_a_doubt_holds_the_order_and_says_so(
        self, patient: Client, order: Order, answer: str
    ) -> None:
        say_all(patient, opioid_now={"opioid_now": answer})
        patient.post(SIGN, SIGNING)
        order.refresh_from_db()
        assert order.state == OrderState.ON_HOLD
        page = patient.get(DONE).content.decode()
        assert "A pharmacist needs to talk with you before we can fill this" in page
        assert settings.PHARMACY_PHONE in page

    def test_an_urgent_answer_shows_988_at_the_end_again(self, patient: Client) -> None:
        say_all(patient, mood={"mood_severe": "yes"})
        patient.post(SIGN, SIGNING)
        page = patient.get(DONE).content.decode()
        assert "988" in page
        assert "we will call you today" in page

    def test_before_the_answers_are_sent_the_last_page_says_nothing_was(
        self, patient: Client
    ) -> None:
        page = patient.get(DONE).content.decode()
        assert "We have your answers" not in page


class TestPressingTwice:
    def test_the_same_page_sent_twice_is_the_same_answer(self, patient: Client) -> None:
        first = say(patient, "opioid-now")
        assert say(patient, "opioid-now") == first == (302, page_url("opioid-last"))
        assert saved() == {"opioid_now": "no"}

    def test_an_empty_press_on_the_next_page_skips_nothing(self, patient: Client) -> None:
        say(patient, "opioid-now")
        assert patient.post(page_url("opioid-last"), {}).status_code == 422
        assert patient.get("/intake/").headers["Location"] == page_url("opioid-last")
        assert saved() == {"opioid_now": "no"}

    def test_signing_twice_signs_once(self, patient: Client) -> None:
        say_all(patient)
        for _ in range(2):
            answer = patient.post(SIGN, SIGNING)
            assert (answer.status_code, answer.headers["Location"]) == (302, DONE)
        assert IntakeSubmission.objects.get().consents.count() == 3

    def test_going_back_and_on_again_keeps_every_answer(self, patient: Client) -> None:
        say(patient, "opioid-now")
        say(patient, "opioid-last")
        shown = patient.get(page_url("opioid-now")).content.decode()
        assert "checked" in shown
        assert say(patient, "opioid-now")[1] == page_url("opioid-last")
        assert saved() == {"opioid_now": "no", "opioid_last_date": "never"}

    def test_a_second_window_does_not_take_back_what_the_first_saved(
        self, patient: Client, order: Order
    ) -> None:
        """Both windows were opened before either was sent."""
        say(patient, "opioid-now")
        intake = IntakeSubmission.objects.get()
        say(patient, "opioid-last")
        page = page_by_id("alcohol")
        read = validate(page, {"alcohol": "light"}, today=NOW.date())
        save_page(intake=intake, page=page, read=read, at=NOW)
        assert saved() == {"opioid_now": "no", "opioid_last_date": "never", "alcohol": "light"}
