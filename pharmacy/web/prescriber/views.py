"""A prescriber orders: write, check, sign, done. Nothing typed is lost, and nothing is sent twice."""

from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from compounding.errors import Refusal
from pharmacy.contacts.models import Prescriber
from pharmacy.contacts.queries import prescriber_with_login
from pharmacy.orders.plans import Plan
from pharmacy.orders.queries import order_to_show
from pharmacy.people.actors import GUEST_PRESCRIBER, Actor, actor_of
from pharmacy.web.forms import ErrorLink, error_links
from pharmacy.web.limits import is_over_limit
from pharmacy.web.plans import shown_plan
from pharmacy.web.prescriber import draft as drafts
from pharmacy.web.prescriber.draft import Draft
from pharmacy.web.prescriber.forms import SignatureForm
from pharmacy.web.prescriber.page import OrderPage, order_page, plan_as_typed
from pharmacy.web.prescriber.presets import plan_presets, preset_steps
from pharmacy.web.prescriber.shown import shown_order, summary_of
from pharmacy.workflow.receive_prescription import NotInTheForm, receive_prescription


@never_cache
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Show an empty order, under a key of its own."""
    return _form_page(request, Draft(key=str(uuid4()), typed={}, is_new=True), checked=False)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, key: UUID) -> HttpResponse:
    """Show an order that is being written; take a button of its form, and go on to the check when all is well."""
    kept = drafts.kept_draft(request.session, str(key))
    if drafts.sent_order_id(request.session, str(key)) is not None:
        return redirect("web:prescription_sent", key=key)
    if request.method != "POST":
        return (
            redirect("web:prescribe") if kept is None else _form_page(request, kept, checked=False)
        )
    draft = drafts.typed_draft(str(key), request.POST)
    action, _colon, detail = request.POST.get("action", "check").partition(":")
    if action != "check":
        changed = _changed(draft, action, detail)
        drafts.keep_draft(request.session, changed)
        return _form_page(request, changed, checked=False)
    drafts.keep_draft(request.session, draft)
    page = _page(request, draft)
    _plan, problem = _checked_plan(page)
    if page.links() or problem:
        return _form_page(request, draft, page=page, problem=problem)
    return redirect("web:check_prescription", key=key)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, key: UUID) -> HttpResponse:
    """Show the whole order once more; send it when it is signed."""
    if drafts.sent_order_id(request.session, str(key)) is not None:
        return redirect("web:prescription_sent", key=key)
    draft = drafts.kept_draft(request.session, str(key))
    if draft is None:
        return redirect("web:prescribe")
    page = _page(request, draft)
    plan, problem = _checked_plan(page)
    if plan is None:
        return _form_page(request, draft, page=page, problem=problem)
    name = page.prescriber_line()["prescriber_name"]
    form = SignatureForm(request.POST or None, prescriber_name=name)
    if request.method == "POST" and form.is_valid():
        return _send(request, page, signed_name=form.cleaned_data["signed_name"])
    return _check_page(request, page, plan, form)


@never_cache
@require_safe
def sent(request: HttpRequest, key: UUID) -> HttpResponse:
    """Show the reference of an order that was sent from this browser, and what happens next."""
    order_id = drafts.sent_order_id(request.session, str(key))
    if order_id is None:
        return redirect("web:prescribe")
    order = order_to_show(order_id)
    return render(
        request, "web/prescriber/sent.html", {"order": shown_order(order), "section": "prescribers"}
    )


def _send(request: HttpRequest, page: OrderPage, *, signed_name: str) -> HttpResponse:
    if is_over_limit(
        request, form="prescription", at_most=settings.ORDER_FORMS_AN_HOUR, seconds=3600
    ):
        sentence = _(
            "Many orders came from your network in the last hour. Wait a little, or call us."
        )
        return _form_page(request, page.draft, page=page, problem=sentence, status=429)
    try:
        order = receive_prescription(
            form=page.to_order(signed_name=signed_name), by=_actor(request), at=timezone.now()
        )
    except NotInTheForm as refusal:
        page.prescription.add_error(
            refusal.field if refusal.field in page.prescription.fields else None, str(refusal)
        )
        return _form_page(request, page.draft, page=page)
    except Refusal as refusal:
        return _form_page(request, page.draft, page=page, problem=str(refusal))
    drafts.mark_sent(request.session, page.draft.key, order.pk)
    return redirect("web:prescription_sent", key=page.draft.key)


def _changed(draft: Draft, action: str, detail: str) -> Draft:
    """The draft after a button that is not "Check": a step more, a step less, a ready-made plan."""
    steps = draft.step_list()
    number = int(detail) if detail.isascii() and detail.isdigit() and len(detail) < 4 else -1
    if action == "add_step" and len(steps) < drafts.MOST_STEPS:
        steps.append({"dose": "", "days": steps[-1]["days"]})
    elif action == "remove_step" and len(steps) > 1 and 0 <= number < len(steps):
        del steps[number]
    elif action == "preset":
        steps = preset_steps(detail, on=timezone.localdate()) or steps
    return draft.with_steps(steps)


def _page(request: HttpRequest, draft: Draft, *, checked: bool = True) -> OrderPage:
    return order_page(draft, known=_known(request), today=timezone.localdate(), checked=checked)


def _checked_plan(page: OrderPage) -> tuple[Plan | None, str]:
    """The plan when the whole form is right; or why it cannot be made; or neither while the form is not right."""
    try:
        plan = page.plan()
    except Refusal as refusal:
        return None, str(refusal)
    return (plan if page.is_valid() else None), ""


def _form_page(
    request: HttpRequest,
    draft: Draft,
    *,
    page: OrderPage | None = None,
    checked: bool = True,
    problem: str = "",
    status: int = 0,
) -> HttpResponse:
    """Render the form; `problem` is a sentence about the plan or the order as a whole."""
    page = page or _page(request, draft, checked=checked)
    links = page.links() + ([ErrorLink(text=problem, href="#plan")] if problem else [])
    plan, plan_problem = plan_as_typed(draft, known=page.known, today=page.today)
    context = {
        "page": page,
        "steps": page.steps,
        "can_add": len(page.steps) < drafts.MOST_STEPS,
        "presets": plan_presets(on=page.today),
        "plan": shown_plan(plan) if plan else None,
        "plan_problem": plan_problem,
        "error_links": links,
        "page_has_errors": bool(links),
        "section": "prescribers",
    }
    return render(
        request, "web/prescriber/write.html", context, status=status or (422 if links else 200)
    )


def _check_page(
    request: HttpRequest, page: OrderPage, plan: Plan, form: SignatureForm
) -> HttpResponse:
    links = error_links(form) if form.is_bound else []
    context: dict[str, Any] = {
        "page": page,
        "form": form,
        "prescriber": page.prescriber_line(),
        "groups": summary_of(page, plan),
        "plan": shown_plan(plan),
        "error_links": links,
        "page_has_errors": bool(links),
        "section": "prescribers",
    }
    return render(request, "web/prescriber/check.html", context, status=422 if links else 200)


def _known(request: HttpRequest) -> Prescriber | None:
    """The prescriber who is signed in, if any."""
    if not request.user.is_authenticated:
        return None
    return prescriber_with_login(request.user)


def _actor(request: HttpRequest) -> Actor:
    return actor_of(request.user) if request.user.is_authenticated else GUEST_PRESCRIBER
