"""The numbers a pharmacist owns: what is in force, what is drafted, who approved it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pharmacy.backoffice.access import StaffRequest, actor, pharmacists_only
from pharmacy.backoffice.pages import StaffForm, Words, done, show
from pharmacy.policies.actions import approve_policy, change_policy_draft, draft_policy
from pharmacy.policies.models import PolicyVersion
from pharmacy.policies.queries import policies_to_decide


class PolicyForm(StaffForm):
    """A new version of a value, or a draft that is changed."""

    value = Words(label=gettext_lazy("Value"), missing=gettext_lazy("Enter the value"), rows=1)
    minimum_override = Words(
        label=gettext_lazy("Lowest value by override"),
        missing="",
        rows=1,
        required=False,
        help_text=gettext_lazy("How far a pharmacist may go below it with a written reason."),
    )
    source = Words(
        label=gettext_lazy("Source"),
        missing=gettext_lazy("Write where the value comes from"),
        help_text=gettext_lazy("A label, a guideline, a decision of this pharmacy with its date."),
    )
    effective_on = forms.DateField(
        label=gettext_lazy("In force from"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": gettext_lazy("Enter the first day"),
            "invalid": gettext_lazy("Enter the first day as a date"),
        },
    )
    note = Words(label=gettext_lazy("Note"), missing="", required=False)


def policies(request: StaffRequest) -> HttpResponse:
    """Show every policy with the version in force and what waits for approval; what stops work comes first."""
    today = timezone.localdate()
    by_key: dict[str, dict[str, Any]] = {}
    for version in PolicyVersion.objects.select_related("approved_by").order_by("key", "version"):
        row = by_key.setdefault(version.key, {"in_force": None, "drafts": [], "newest": version})
        row["newest"] = version
        if version.approved_at is None:
            row["drafts"].append(version)
        elif version.effective_on <= today and _is_newer(version, row["in_force"]):
            row["in_force"] = version
    rows = sorted(by_key.values(), key=lambda row: (row["in_force"] is not None, not row["drafts"]))
    context = {
        "section": "policies",
        "rows": rows,
        "missing": sum(row["in_force"] is None for row in rows),
        "waiting": sum(len(row["drafts"]) for row in rows),
        "first": next((row["drafts"][0] for row in rows if row["drafts"]), None),
    }
    return show(request, "policies.html", context)


def policy(request: StaffRequest, policy_id: int) -> HttpResponse:
    """Show all versions of one policy, and draft a new one, or change the draft that waits."""
    found = get_object_or_404(PolicyVersion, pk=policy_id)
    if request.method != "POST":
        return show(request, "policy.html", _page(found, None))
    return _draft(request, found)


@pharmacists_only(gettext_lazy("change a policy"))
def _draft(request: StaffRequest, found: PolicyVersion) -> HttpResponse:
    form = PolicyForm(request.POST)
    waiting = _newest(found) if _newest(found).approved_at is None else None

    def keep() -> PolicyVersion:
        by, at = actor(request), timezone.now()
        if waiting is not None:
            return change_policy_draft(version=waiting, by=by, at=at, **form.cleaned_data)
        return draft_policy(key=found.key, by=by, at=at, **form.cleaned_data)

    if not done(form, keep):
        return show(request, "policy.html", _page(found, form), refused=form)
    messages.success(request, _("The draft is kept. Another pharmacist approves it."))
    return redirect("admin:policy", found.pk)


@pharmacists_only(gettext_lazy("approve a policy"))
def approve(request: StaffRequest, policy_id: int) -> HttpResponse:
    """Approve a drafted version."""
    found = get_object_or_404(PolicyVersion, pk=policy_id)
    if request.method != "POST":
        return redirect("admin:policy", policy_id)
    form = StaffForm(request.POST)
    if not done(form, lambda: approve_policy(version=found, by=actor(request), at=timezone.now())):
        return show(request, "policy.html", _page(found, None), refused=form)
    messages.success(request, _("“%(title)s” is approved.") % {"title": found.title})
    left = [draft for draft in policies_to_decide() if draft.author_id != request.user.pk]
    if "next" in request.POST and left:
        return redirect("admin:policy", left[0].pk)
    return redirect("admin:policies")


def _newest(found: PolicyVersion) -> PolicyVersion:
    return PolicyVersion.objects.filter(key=found.key).latest("version")


def _filled(newest: PolicyVersion) -> PolicyForm:
    """The form as it should be met: a draft as it is, or a new version from the one before."""
    is_draft = newest.approved_at is None
    return PolicyForm(
        initial={
            "value": newest.value,
            "minimum_override": newest.minimum_override,
            "source": newest.source if is_draft else "",
            "note": newest.note if is_draft else "",
            "effective_on": newest.effective_on if is_draft else timezone.localdate(),
        }
    )


def _is_newer(version: PolicyVersion, than: PolicyVersion | None) -> bool:
    if than is None:
        return True
    return (version.effective_on, version.version) > (than.effective_on, than.version)


def _page(found: PolicyVersion, form: forms.Form | None) -> dict[str, Any]:
    today = timezone.localdate()
    versions = list(
        PolicyVersion.objects.filter(key=found.key)
        .select_related("author", "approved_by")
        .order_by("-version")
    )
    in_force = None
    for version in versions:
        if version.approved_at and version.effective_on <= today and _is_newer(version, in_force):
            in_force = version
    return {
        "section": "policies",
        "policy": found,
        "versions": versions,
        "in_force": in_force,
        "form": form or _filled(versions[0]),
        "draft": versions[0] if versions[0].approved_at is None else None,
        "left": len(policies_to_decide()),
    }
