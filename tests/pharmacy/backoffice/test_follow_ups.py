"""Enquiries, check-ins and failed messages: answered, ticked off, sent again."""

from datetime import timedelta

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pharmacy.contacts.models import Enquiry
from pharmacy.followups.models import CheckIn, FollowUp, OutgoingMessage
from pharmacy.workflow.demonstration import Bench
from tests.factories.job import answered
from tests.pharmacy.backoffice.rows import a_check_in, a_failed_message, an_enquiry


def post(client: Client, name: str, *args: object, **typed: object) -> HttpResponse:
    return client.post(reverse(f"admin:{name}", args=args), typed)  # type: ignore[return-value]


def page(client: Client, name: str, *args: object) -> str:
    return client.get(reverse(f"admin:{name}", args=args)).content.decode()


def test_an_enquiry_is_answered(bench: Bench, technician: Client) -> None:
    enquiry = an_enquiry()
    assert enquiry.reference in page(technician, "enquiries")
    text = page(technician, "enquiry", enquiry.pk)
    assert "Who near Portland prescribes this?" in text
    assert "name no medicine and no condition" in text
    answer = post(
        technician, "enquiry", enquiry.pk, answer="Dr Chen in Portland. Call us for the number."
    )
    assert answer["Location"] == reverse("admin:enquiries")
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.answered_by.username) == ("answered", "nguyen")  # type: ignore[union-attr]
    assert FollowUp.objects.filter(enquiry=enquiry, kind="answer_enquiry").exists()
    assert "Every enquiry is answered." in page(technician, "enquiries")
    assert "Dr Chen in Portland" in page(technician, "enquiry", enquiry.pk)


def test_an_answer_is_kept_when_it_cannot_be_sent(bench: Bench, technician: Client) -> None:
    enquiry = an_enquiry()
    assert post(technician, "enquiry", enquiry.pk, answer=" ").status_code == 422
    post(technician, "enquiry_close", enquiry.pk)
    answer = post(technician, "enquiry", enquiry.pk, answer="A long answer worth keeping")
    assert answer.status_code == 422
    assert Enquiry.objects.get(pk=enquiry.pk).answer == ""


def test_the_answer_stays_in_the_box_after_a_refusal(bench: Bench, technician: Client) -> None:
    enquiry = an_enquiry()
    typed = "x" * 4001
    answer = post(technician, "enquiry", enquiry.pk, answer=typed)
    assert answer.status_code == 422
    assert typed in answer.content.decode()


def test_closing_without_an_answer(bench: Bench, technician: Client) -> None:
    enquiry = an_enquiry()
    assert post(technician, "enquiry_close", enquiry.pk).status_code == 302
    assert Enquiry.objects.get().state == "closed"
    answer = post(technician, "enquiry_close", enquiry.pk)
    assert answer.status_code == 422


def test_many_enquiries_are_cut_and_say_so(bench: Bench, technician: Client) -> None:
    for number in range(101):
        an_enquiry(f"Question {number}")
    text = page(technician, "enquiries")
    assert "Only the first hundred are shown." in text
    assert "Question 99" in text
    assert "Question 100" not in text


def test_a_check_in_is_seen_once(bench: Bench, pharmacist: Client, technician: Client) -> None:
    check_in = a_check_in(answered(bench))
    text = page(technician, "check_ins")
    for said in ("Opioid since", "Wants a call", "Worse", "Vivid dreams", "Grace Okonkwo"):
        assert said in text
    assert post(technician, "check_in_seen", check_in.pk).status_code == 302
    assert CheckIn.objects.get().seen_by.username == "nguyen"  # type: ignore[union-attr]
    assert "Nothing asks for a look." in page(technician, "check_ins")
    answer = post(pharmacist, "check_in_seen", check_in.pk)
    assert answer.status_code == 422
    assert "ticked this check-in off already" in answer.content.decode()


def test_not_sure_about_an_opioid_is_as_loud(bench: Bench, technician: Client) -> None:
    a_check_in(answered(bench), opioid="not_sure", side_effects="")
    assert "Not sure: opioid" in page(technician, "check_ins")


def test_a_failed_message_goes_again(bench: Bench, technician: Client) -> None:
    order = answered(bench)
    message = a_failed_message(order)
    text = page(technician, "messages")
    assert "550 no such mailbox" in text
    assert order.number in text
    assert post(technician, "message_retry", message.pk).status_code == 302
    assert OutgoingMessage.objects.get(pk=message.pk).state == "queued"
    answer = post(technician, "message_retry", message.pk)
    assert answer.status_code == 422
    assert "No message has failed." in page(technician, "messages")


def test_mail_that_does_not_go_out_is_seen(bench: Bench, technician: Client) -> None:
    message = a_failed_message(answered(bench))
    OutgoingMessage.objects.update(state="queued", queued_at=timezone.now())
    assert "more than 15 minutes" not in page(technician, "messages")
    OutgoingMessage.objects.update(queued_at=timezone.now() - timedelta(minutes=16))
    assert "1 e-mail has waited for more than 15 minutes." in page(technician, "messages")
    OutgoingMessage.objects.filter(pk=message.pk).update(state="failed")
    assert "more than 15 minutes" not in page(technician, "messages")
