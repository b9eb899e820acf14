"""The safety questions: one page at a time, every answer saved, read over, signed."""

from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pharmacy.intake.models import IntakeSubmission
from pharmacy.intake.questionnaire import (
    Page,
    QuestionType,
    UnknownPage,
    alerts_for,
    first_unanswered_page,
    is_for_refill,
    next_page,
    page_by_id,
    pages_for,
    previous_page,
    summary,
    validate,
)
from pharmacy.orders.models import LinkPurpose, PatientLink
from pharmacy.people.actors import PATIENT
from pharmacy.web.patient.access import forget_opened, with_link
from pharmacy.web.patient.questions import (
    Sent,
    month_choices,
    question_error_links,
    sent_values,
    shown_questions,
)
from pharmacy.workflow.receive_intake import (
    IntakeClosed,
    QuestionsLeft,
    open_intake,
    save_page,
    submit_intake,
)


@dataclass(frozen=True)
class _Step:
    """One page of one person's intake, while a request is answered."""

    link: PatientLink
    intake: IntakeSubmission
    page: Page
    from_check: bool

    @property
    def signs(self) -> bool:
        """Whether this page ends in the signature."""
        return any(each.type is QuestionType.SIGNATURE for each in self.page.questions)


@require_safe
@with_link(LinkPurpose.INTAKE)
def intake(request: HttpRequest, link: PatientLink) -> HttpResponse:
    """Go on where the patient left off; from the first page when nothing was answered."""
    try:
        opened = open_intake(link=link, at=timezone.now())
    except IntakeClosed:
        return redirect("web:intake_done")
    if not opened.answers:
        first = next_page(opened.answers, None)
        return render(
            request, "web/patient/welcome.html", {"first": first, "pages": len(pages_for({}))}
        )
    return _go_on(opened)


@require_http_methods(["GET", "HEAD", "POST"])
@with_link(LinkPurpose.INTAKE)
def intake_page(request: HttpRequest, link: PatientLink, page_id: str) -> HttpResponse:
    """Show one page; take its answers, save them, and go on."""
    try:
        opened = open_intake(link=link, at=timezone.now())
        page = page_by_id(page_id)
        previous_page(opened.answers, page.id)
    except IntakeClosed:
        return redirect("web:intake_done")
    except UnknownPage:
        return redirect("web:intake")
    step = _Step(link, opened, page, from_check="change" in request.GET)
    if step.signs and (left := _before_signing(step)) is not None:
        return _to(left)
    if request.method != "POST":
        return _ask(request, step)
    return _take(request, step)


@require_safe
@with_link(LinkPurpose.INTAKE)
def intake_now(request: HttpRequest, link: PatientLink, page_id: str) -> HttpResponse:
    """Say at once what an answer on this page calls for: 988, 911, do not take any."""
    try:
        opened = open_intake(link=link, at=timezone.now())
        page = page_by_id(page_id)
    except IntakeClosed:
        return redirect("web:intake_done")
    except UnknownPage:
        return redirect("web:intake")
    alerts = [alert for alert in alerts_for(page, opened.answers) if alert.values]
    if not alerts:
        return redirect("web:intake")
    context = {"alerts": alerts, "next_url": _next_url(opened, page, "change" in request.GET)}
    return render(request, "web/patient/now.html", context)


@require_safe
@with_link(LinkPurpose.INTAKE)
def intake_check(request: HttpRequest, link: PatientLink) -> HttpResponse:
    """Show all answers to be read over; questions still open come first."""
    try:
        opened = open_intake(link=link, at=timezone.now())
    except IntakeClosed:
        return redirect("web:intake_done")
    sign = _signing_page(opened)
    rows = [row for row in summary(opened.answers) if row.page_id != sign.id]
    left = first_unanswered_page(opened.answers)
    context = {
        "rows": rows,
        "sign": sign,
        "left": None if left is None or left.id == sign.id else left,
        "back_url": _page_url(pages_for(opened.answers)[-2]),
    }
    return render(request, "web/patient/check.html", context)


@require_safe
@with_link(LinkPurpose.INTAKE)
def intake_done(request: HttpRequest, link: PatientLink) -> HttpResponse:
    """Say what happens next; and when the order is held, that a pharmacist needs to talk with the patient."""
    order = link.order
    answers = order.intake.answers if order.intake else {}
    alerts = [
        alert for page in pages_for(answers) for alert in alerts_for(page, answers) if alert.values
    ]
    held = order.holds.filter(lifted_at__isnull=True).exists()
    findings = order.findings.exclude(severity="counsel").exclude(patient_text="")
    context = {
        "sent": order.intake is not None and order.intake.submitted_at is not None,
        "held": held,
        "alerts": alerts,
        "texts": list(dict.fromkeys(findings.values_list("patient_text", flat=True)))
        if held
        else [],
    }
    return render(request, "web/patient/done.html", context)


@require_POST
@with_link(LinkPurpose.INTAKE)
def intake_later(request: HttpRequest, link: PatientLink) -> HttpResponse:
    """Close the questions in this browser. What was answered is saved; the link in the email opens them again."""
    forget_opened(request)
    return render(request, "web/patient/saved.html", {"link": link})


def _take(request: HttpRequest, step: _Step) -> HttpResponse:
    """Save what can be read, then show what is wrong, or go on."""
    sent = sent_values(dict(request.POST.lists()))
    read = validate(step.page, sent, today=timezone.localdate())
    try:
        saved = save_page(intake=step.intake, page=step.page, read=read, at=timezone.now())
    except IntakeClosed:
        return redirect("web:intake_done")
    step = replace(step, intake=saved)
    if request.POST.get("action") == "later":
        return intake_later(request)
    if read.errors:
        return _ask(request, step, sent=sent, errors=dict(read.errors))
    if step.signs:
        return _sign(step, saved)
    if any(alert.values for alert in alerts_for(step.page, saved.answers)):
        return redirect(
            _with_change(reverse("web:intake_now", args=[step.page.id]), step.from_check)
        )
    return redirect(_next_url(saved, step.page, step.from_check))


def _sign(step: _Step, saved: IntakeSubmission) -> HttpResponse:
    name = next(each.id for each in step.page.questions if each.type is QuestionType.SIGNATURE)
    try:
        submit_intake(
            intake=saved, signed_name=str(saved.answers[name]), by=PATIENT, at=timezone.now()
        )
    except QuestionsLeft:
        return redirect("web:intake_check")
    except IntakeClosed:
        return redirect("web:intake_done")
    return redirect("web:intake_done")


def _ask(
    request: HttpRequest,
    step: _Step,
    *,
    sent: Sent | None = None,
    errors: dict[str, str] | None = None,
) -> HttpResponse:
    answers = step.intake.answers
    pages = pages_for(answers)
    links = question_error_links(step.page, answers, errors or {})
    context: dict[str, Any] = {
        "page": step.page,
        "questions": shown_questions(step.page, answers, sent=sent, errors=errors),
        "months": month_choices(),
        "notes": [alert for alert in alerts_for(step.page, answers) if not alert.values],
        "place": pages.index(step.page) + 1,
        "of": len(pages),
        "back_url": _back_url(step),
        "signs": step.signs,
        "error_links": links,
        "page_has_errors": bool(links),
    }
    return render(request, "web/patient/question.html", context, status=422 if links else 200)


def _before_signing(step: _Step) -> Page | None:
    """The page that has to be answered before this person can sign, if any."""
    left = first_unanswered_page(step.intake.answers)
    return None if left is None or left.id == step.page.id else left


def _signing_page(opened: IntakeSubmission) -> Page:
    return pages_for(opened.answers)[-1]


def _go_on(opened: IntakeSubmission) -> HttpResponse:
    """The first page that is not answered; the check when all are."""
    left = first_unanswered_page(opened.answers)
    if left is None or left.id == _signing_page(opened).id:
        return redirect("web:intake_check")
    return _to(left)


def _next_url(opened: IntakeSubmission, page: Page, from_check: bool) -> str:
    """The page after this one; the check before the signature, and after a change once nothing is open.

    Before a refill only what is open is asked; what was carried over stands on the check.
    """
    following = next_page(opened.answers, page.id)
    if from_check or is_for_refill(opened.answers):
        following = first_unanswered_page(opened.answers)
    if following is None or following.id == _signing_page(opened).id:
        return reverse("web:intake_check")
    return _page_url(following)


def _back_url(step: _Step) -> str:
    if step.from_check or step.signs:
        return reverse("web:intake_check")
    before = previous_page(step.intake.answers, step.page.id)
    return reverse("web:intake") if before is None else _page_url(before)


def _with_change(url: str, from_check: bool) -> str:
    return f"{url}?change" if from_check else url


def _page_url(page: Page) -> str:
    return reverse("web:intake_page", args=[page.id])


def _to(page: Page) -> HttpResponse:
    return redirect(_page_url(page))
