"""Enquiries, check-ins and failed messages: answered, ticked off, sent again."""

import re
from datetime import timedelta

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from pharmacy.audit.actions import writing
from pharmacy.backoffice.counts import counted, in_words
from pharmacy.contacts.models import Enquiry
from pharmacy.followups.actions import create_check_in
from pharmacy.followups.models import CheckIn, FollowUp, OutgoingMessage
from pharmacy.followups.queries import check_ins_to_see
from pharmacy.orders.links import new_link
from pharmacy.orders.models import LinkPurpose, Order, PatientLink
from pharmacy.workflow.demonstration import Bench
from tests.factories.job import AT, answered, received
from tests.pharmacy.backoffice.rows import a_call, a_check_in, a_failed_message, an_enquiry


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


def test_what_needs_no_look_is_history_and_does_not_count(bench: Bench, technician: Client) -> None:
    order = answered(bench, key="fine")
    for _number in range(30):
        with writing():
            create_check_in(
                order=order,
                feeling="same",
                opioid_since="no",
                side_effects="",
                wants_call=False,
                at=AT,
            )
    assert not check_ins_to_see().exists()
    text = page(technician, "check_ins")
    assert "Nothing asks for a look." in text
    assert text.count("not needed") == 25
    older = technician.get(reverse("admin:check_ins") + re.findall(r"\?before=\d+", text)[0])
    assert older.content.decode().count("not needed") == 5
    assert "?before=" not in older.content.decode()


def test_a_call_is_made_and_ticked_off_with_what_came_of_it(
    bench: Bench, technician: Client
) -> None:
    call = a_call(answered(bench, key="call"))
    assert "One check-in without an answer" in page(technician, "calls")
    refused = post(technician, "call_done", call.pk)
    assert refused.status_code == 422
    assert "Write what came of the call" in refused.content.decode()
    typed = {f"call-{call.pk}-outcome": "Reached her: sleeps well, no opioid."}
    assert technician.post(reverse("admin:call_done", args=[call.pk]), typed).status_code == 302
    assert "Nobody is to be called." in page(technician, "calls")
    assert "Reached her: sleeps well" in page(technician, "order", call.order_id)
    again = technician.post(reverse("admin:call_done", args=[call.pk]), typed)
    assert again.status_code == 422


def test_many_rows_are_counted_as_many_and_no_further(bench: Bench) -> None:
    assert [in_words(count) for count in (0, 12, 999, 1000)] == ["0", "12", "999", "999+"]
    with CaptureQueriesContext(connection) as queries:
        counted(Enquiry.objects.order_by("received_at"))
    assert "LIMIT 1000" in queries[0]["sql"]


def test_a_fresh_link_is_offered_where_the_old_one_does_not_open(
    bench: Bench, technician: Client
) -> None:
    order = received(bench, key="link")
    assert "Send a fresh link" not in page(technician, "order", order.pk)
    link, _secret = new_link(
        order=order, purpose=LinkPurpose.INTAKE, lifetime=timedelta(days=14), at=AT
    )
    assert "never opened" in page(technician, "order", order.pk)
    PatientLink.objects.filter(pk=link.pk).update(opened_at=AT)
    assert "Send a fresh link" not in page(technician, "order", order.pk)
    PatientLink.objects.filter(pk=link.pk).update(failed_attempts=5)
    assert "too many wrong dates of birth" in page(technician, "order", order.pk)
    answer = post(technician, "order_fresh_link", order.pk)
    assert answer["Location"] == reverse("admin:order", args=[order.pk])
    text = page(technician, "order", order.pk)
    assert "A fresh link is on its way." in text
    assert "A fresh link was sent to the patient" in text
    assert post(technician, "order_fresh_link", order.pk).status_code == 422


def test_a_refill_is_started_from_the_order_page(bench: Bench, technician: Client) -> None:
    order = answered(bench, key="refill")
    assert "Start a refill" not in page(technician, "order", order.pk)
    long_ago, by = AT - timedelta(days=60), bench.pharmacist.user_id
    Order.objects.filter(pk=order.pk).update(
        state="dispensed",
        approved_at=AT,
        approved_by=by,
        dispensed_at=long_ago,
        dispensed_by=by,
    )
    text = page(technician, "order", order.pk)
    assert "Refills left: 2 of 2." in text
    assert post(technician, "order_refill", order.pk).status_code == 302
    refill = Order.objects.get(prescription=order.prescription, fill_number=1)
    text = page(technician, "order", order.pk)
    assert reverse("admin:order", args=[refill.pk]) in text
    assert "Start a refill" not in text
    refused = post(technician, "order_refill", order.pk)
    assert refused.status_code == 422
    assert "is under way" in refused.content.decode()
