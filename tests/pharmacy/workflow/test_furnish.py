"""A pharmacy without demonstration data: from an empty database to its first approved order, by what is documented."""

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pharmacy.audit.queries import verify_chain
from pharmacy.formulations.models import MasterFormulationRecord
from pharmacy.leaflets.models import Condition, LeafletEdition, Study
from pharmacy.orders.states import OrderState
from pharmacy.people.actors import GUEST_PRESCRIBER, actor_of
from pharmacy.people.models import User
from pharmacy.policies.models import PolicyVersion
from pharmacy.policies.queries import NoPolicy, policies_to_decide, whole_of
from pharmacy.workflow.demonstration import answer_for
from pharmacy.workflow.receive_prescription import receive_prescription
from pharmacy.workflow.review_order import approve_order, override_finding, verify_prescriber
from pharmacy.workflow.seed.answers import answers
from pharmacy.workflow.seed.orders import GRACE, capsules_form

pytestmark = pytest.mark.django_db


def furnish(by: str | None = None) -> str:
    said = io.StringIO()
    call_command("furnish", by=by, stdout=said)
    return said.getvalue()


def person(username: str, role: str, monkeypatch: pytest.MonkeyPatch) -> User:
    monkeypatch.setattr("sys.stdin", io.StringIO("correct horse battery staple\n"))
    call_command(
        "add_person", username, role=role, name=[username.title(), "Somebody"], stdout=io.StringIO()
    )
    return User.objects.get(username=username)


def test_everything_it_adds_waits_for_a_pharmacist(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "all unapproved" in furnish()
    assert PolicyVersion.objects.count() == len(policies_to_decide()) > 60
    assert not PolicyVersion.objects.exclude(author=None).exists()
    assert not PolicyVersion.objects.filter(source="").exists()
    assert Condition.objects.exists()
    assert Study.objects.filter(read_by=None).count() == Study.objects.count() > 0
    assert not MasterFormulationRecord.objects.exists()
    person("nguyen", "technician", monkeypatch)
    furnish(by="nguyen")
    assert set(MasterFormulationRecord.objects.values_list("state", flat=True)) == {"draft"}
    assert LeafletEdition.objects.get().state == "draft"
    assert verify_chain().intact


def test_a_second_run_adds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    person("nguyen", "technician", monkeypatch)
    furnish(by="nguyen")
    PolicyVersion.objects.filter(key="handling_days").update(value="4")
    counts = PolicyVersion.objects.count(), Study.objects.count(), LeafletEdition.objects.count()
    assert "Added" not in furnish(by="nguyen")
    assert counts == (
        PolicyVersion.objects.count(),
        Study.objects.count(),
        LeafletEdition.objects.count(),
    )
    assert PolicyVersion.objects.get(key="handling_days").value == "4"


def test_nobody_unknown_puts_anything_forward() -> None:
    with pytest.raises(CommandError, match="add_person"):
        furnish(by="nobody")
    assert not LeafletEdition.objects.exists()


def test_from_nothing_to_a_first_approved_order(monkeypatch: pytest.MonkeyPatch) -> None:
    person("nguyen", "technician", monkeypatch)
    okafor = person("okafor", "pharmacist", monkeypatch)
    furnish(by="nguyen")
    now = timezone.now()
    with pytest.raises(NoPolicy):
        whole_of("order_due_days", on=timezone.localdate())

    browser = Client()
    browser.force_login(okafor)
    assert "not in force" in browser.get(reverse("admin:policies")).content.decode()
    approve_every_policy(browser)
    for code in ("ldn-capsules", "ldn-drops"):
        formula = MasterFormulationRecord.objects.get(code=code)
        browser.post(reverse("admin:formula_approve", args=[formula.pk]))
    edition = LeafletEdition.objects.get()
    browser.post(reverse("admin:edition_approve", args=[edition.pk]))

    order = receive_prescription(
        form=capsules_form(patient=GRACE, key="first-order"), by=GUEST_PRESCRIBER, at=now
    )
    by, at = actor_of(okafor), now + timedelta(hours=1)
    answer_for(order, answers(), at=at)
    verify_prescriber(prescriber=order.prescription.prescriber, how="NPPES", by=by, at=at)
    for finding in order.findings.all():
        if finding.is_open:
            override_finding(finding=finding, reason="Called the practice.", by=by, at=at)
    assert approve_order(order=order, by=by, at=at).state == OrderState.APPROVED


def approve_every_policy(browser: Client) -> None:
    """Press the one button, as often as there are policies; each press leads to the next draft."""
    left = policies_to_decide()
    assert all(not draft.in_force for draft in left)  # type: ignore[attr-defined]
    assert len(left) > 60
    page = browser.get(reverse("admin:policy", args=[left[0].pk])).content.decode()
    assert "came with the program" in page
    for draft in left:
        browser.post(reverse("admin:policy_approve", args=[draft.pk]), {"next": "yes"})
    assert policies_to_decide() == []
    assert "not in force" not in browser.get(reverse("admin:policies")).content.decode()
