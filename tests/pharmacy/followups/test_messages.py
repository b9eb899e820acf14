"""What is said: every kind has its e-mail, and no e-mail tells what nobody else may know."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from pharmacy.followups.actions import schedule
from pharmacy.followups.messages import Letter, with_secret, write_letter
from pharmacy.followups.models import FollowUp, FollowUpKind
from pharmacy.orders.links import find_link
from pharmacy.orders.models import LinkPurpose
from pharmacy.workflow.answer_enquiry import answer_enquiry
from tests.pharmacy.followups.rows import (
    ASKER_EMAIL,
    CONDITION,
    DRUG,
    NOW,
    PATIENT_EMAIL,
    a_pharmacist_actor,
    a_policy,
    an_enquiry,
    an_order,
)

pytestmark = pytest.mark.django_db
OF_ENQUIRY = [
    FollowUpKind.ACKNOWLEDGE_ENQUIRY,
    FollowUpKind.TELL_STAFF,
    FollowUpKind.REMIND_STAFF,
    FollowUpKind.ANSWER_ENQUIRY,
]
OF_PATIENT = [
    FollowUpKind.INVITE_PATIENT,
    FollowUpKind.FRESH_LINK,
    FollowUpKind.SEND_PLAN,
    FollowUpKind.CHECK_IN,
    FollowUpKind.RECALL_PATIENT,
]
OF_ORDER = [*OF_PATIENT, FollowUpKind.RECALL_PRESCRIBER]
TO_SOMEBODY = [*((k, False) for k in OF_ENQUIRY), *((k, True) for k in OF_ORDER)]
CHECK_IN_NOTICE = (FollowUpKind.TELL_STAFF, True)


def _letter(kind: FollowUpKind, about_order: bool) -> Letter:
    a_policy("patient_link_days", "14")
    if about_order:
        followup = schedule(kind=kind, due_at=NOW, order=an_order(dispensed=True), sequence=7)
        return write_letter(followup=followup, at=NOW)
    enquiry = an_enquiry()
    if kind == FollowUpKind.ANSWER_ENQUIRY:
        answer_enquiry(enquiry=enquiry, answer="Call us.", by=a_pharmacist_actor(), at=NOW)
    return write_letter(followup=FollowUp.objects.get(kind=kind, enquiry=enquiry), at=NOW)


def test_every_kind_is_tried_here() -> None:
    assert {kind for kind, _about_order in TO_SOMEBODY} == set(FollowUpKind)


def test_every_folder_of_templates_belongs_to_a_kind() -> None:
    folders = {
        p.name for p in Path(settings.BASE_DIR, "templates/messages").iterdir() if p.is_dir()
    }
    assert folders == {*FollowUpKind.values, "tell_staff_of_check_in"}


@pytest.mark.parametrize(("kind", "about_order"), [*TO_SOMEBODY, CHECK_IN_NOTICE])
def test_no_email_names_a_medicine_a_condition_or_a_person(
    kind: FollowUpKind, about_order: bool
) -> None:
    letter = _letter(kind, about_order)
    for word in (DRUG, "naltrexone", "LDN", CONDITION, "capsule", "Elena", "Ruiz", "Sam", "opioid"):
        for said in (letter.subject, letter.text, letter.html):
            assert word.lower() not in said.lower()


@pytest.mark.parametrize(("kind", "about_order"), [*TO_SOMEBODY, CHECK_IN_NOTICE])
def test_every_link_is_written_out_and_leads_to_our_own_site(
    kind: FollowUpKind, about_order: bool
) -> None:
    letter = _letter(kind, about_order)
    shown_in_html = re.findall(r'<a href="([^"]+)">([^<]+)</a>', letter.html)
    assert shown_in_html
    assert letter.html.count("href=") == len(shown_in_html)
    for address, shown in shown_in_html:
        assert address == shown
        assert address == settings.SITE_URL or address.startswith(f"{settings.SITE_URL}/")
        assert address in letter.text
    assert "style=" not in letter.html
    assert "src=" not in letter.html  # no picture tells us, or anybody, that it was opened


@pytest.mark.parametrize(("kind", "about_order"), [*TO_SOMEBODY, CHECK_IN_NOTICE])
def test_the_text_says_what_the_html_says(kind: FollowUpKind, about_order: bool) -> None:
    letter = _letter(kind, about_order)
    body = letter.html.partition("<body>")[2]
    words_in_html = re.sub(r"<[^>]+>", "", body.replace("<p", " <p")).split()
    assert sorted(set(letter.text.split())) == sorted(set(words_in_html))


@pytest.mark.parametrize(("kind", "about_order"), [*TO_SOMEBODY, CHECK_IN_NOTICE])
def test_the_subject_is_one_short_line(kind: FollowUpKind, about_order: bool) -> None:
    subject = _letter(kind, about_order).subject
    assert subject
    assert "\n" not in subject
    assert len(subject) <= 78
    assert "!" not in subject


@pytest.mark.parametrize(
    ("kind", "about_order", "recipient"),
    [
        (FollowUpKind.ACKNOWLEDGE_ENQUIRY, False, ASKER_EMAIL),
        (FollowUpKind.ANSWER_ENQUIRY, False, ASKER_EMAIL),
        (FollowUpKind.TELL_STAFF, False, settings.STAFF_NOTIFICATION_ADDRESS),
        (FollowUpKind.REMIND_STAFF, False, settings.STAFF_NOTIFICATION_ADDRESS),
        (FollowUpKind.TELL_STAFF, True, settings.STAFF_NOTIFICATION_ADDRESS),
        *((kind, True, PATIENT_EMAIL) for kind in OF_PATIENT),
        (FollowUpKind.RECALL_PRESCRIBER, True, "chen@example.org"),
    ],
)
def test_it_goes_to_the_right_person(kind: FollowUpKind, about_order: bool, recipient: str) -> None:
    assert _letter(kind, about_order).recipient == recipient


@pytest.mark.parametrize(
    ("kind", "purpose"),
    [
        (FollowUpKind.INVITE_PATIENT, LinkPurpose.INTAKE),
        (FollowUpKind.SEND_PLAN, LinkPurpose.PLAN),
        (FollowUpKind.CHECK_IN, LinkPurpose.PLAN),
    ],
)
def test_the_mailed_link_opens_and_says_until_when(
    kind: FollowUpKind, purpose: LinkPurpose
) -> None:
    letter = _letter(kind, True)
    assert letter.secret is not None
    for body in (letter.text, letter.html):
        assert letter.secret not in body
        assert f"/p/{letter.secret}/" in with_secret(body, letter.secret)
    assert find_link(token=letter.secret, at=NOW).purpose == purpose
    assert "15 December" in letter.text


def test_the_acknowledgement_says_within_what_time_we_answer_as_the_policy_has_it() -> None:
    enquiry = an_enquiry()
    followup = FollowUp.objects.get(kind=FollowUpKind.ACKNOWLEDGE_ENQUIRY, enquiry=enquiry)
    assert "within" not in write_letter(followup=followup, at=NOW).text
    a_policy("enquiry_first_reply_hours", "24")
    assert "by email within 24 hours." in write_letter(followup=followup, at=NOW).text


def test_an_answer_is_plain_in_text_and_harmless_in_html() -> None:
    enquiry = an_enquiry()
    answer = 'We\'re open & glad to <script>alert("x")</script>'
    answer_enquiry(enquiry=enquiry, answer=answer, by=a_pharmacist_actor(), at=NOW)
    letter = write_letter(followup=FollowUp.objects.get(kind=FollowUpKind.ANSWER_ENQUIRY), at=NOW)
    assert answer in letter.text
    assert "<script>" not in letter.html
