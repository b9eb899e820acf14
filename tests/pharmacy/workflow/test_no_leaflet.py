"""An order for a medicine without an approved leaflet: said at once, and settled by an edition, not by a reason."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from pharmacy.documents.contexts.leaflet import LeafletFacts, leaflet_context
from pharmacy.formulations.models import MasterFormulationRecord
from pharmacy.leaflets.models import LeafletEdition
from pharmacy.orders.models import Order, Severity
from pharmacy.people.models import User
from pharmacy.workflow.check_prescription import NO_LEAFLET
from pharmacy.workflow.demonstration import Bench
from pharmacy.workflow.review_order import (
    FindingsOpen,
    ReasonDoesNotDo,
    approve_order,
    override_finding,
)
from tests.factories.job import AT, answered, fresh, ready, received

pytestmark = pytest.mark.django_db


def ketotifen(bench: Bench) -> Order:
    return received(
        bench,
        key="ketotifen",
        formula_code="ketotifen-capsules",
        strength=Decimal(1),
        steps=((Decimal(1), 30),),
    )


def signed_in(username: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=username))
    return client


def test_the_order_says_so_from_its_first_day(bench: Bench) -> None:
    finding = ketotifen(bench).findings.get(kind=NO_LEAFLET)
    assert (finding.severity, finding.is_open) == (Severity.ABSOLUTE, True)
    with pytest.raises(ReasonDoesNotDo):
        override_finding(finding=finding, reason="Never mind.", by=bench.pharmacist, at=AT)
    assert not received(bench, key="ldn").findings.filter(kind=NO_LEAFLET).exists()


def test_it_is_not_approved_to_be_made(bench: Bench) -> None:
    order = answered(bench)
    Order.objects.filter(pk=order.pk).update(state="in_review")
    without = ketotifen(bench)
    Order.objects.filter(pk=without.pk).update(state="in_review", screened_at=AT)
    with pytest.raises(FindingsOpen, match="No approved leaflet"):
        approve_order(order=without, by=bench.pharmacist, at=AT)


def test_an_edition_is_written_approved_and_settles_it(bench: Bench) -> None:
    order = ketotifen(bench)
    formula = MasterFormulationRecord.objects.get(code="ketotifen-capsules", state="approved")
    writer, approver = signed_in("brandt"), signed_in("okafor")
    substance = formula.strength_substance_id
    assert "Write its leaflet" in writer.get(reverse("admin:leaflets")).content.decode()
    begun = writer.post(reverse("admin:edition_draft"), {"substance": substance})
    edition = LeafletEdition.objects.get(state="draft")
    assert begun["Location"] == reverse("admin:edition_write", args=[edition.pk])
    assert "Your ketotifen" in writer.get(begun["Location"]).content.decode()
    # A second press begins no second draft.
    writer.post(reverse("admin:edition_draft"), {"substance": substance})
    assert LeafletEdition.objects.filter(state="draft").count() == 1

    typed: dict[str, Any] = {
        "slot": ["title", "keeping_it", "driving"],
        "audience": ["patient", "patient", "patient"],
        "heading": ["Your ketotifen", "Keeping it", "Driving"],
        "text": ["For {patient_name}.", "", "Wait until you know how you feel.\n\n- Ask us."],
    }
    wrong = {**typed, "text": ["For {nobody}.", "", "Wait."]}
    refused = writer.post(begun["Location"], wrong)
    assert refused.status_code == 422
    assert "nothing fills: nobody" in refused.content.decode()
    assert "For {nobody}." in refused.content.decode()
    assert writer.post(begun["Location"], typed).status_code == 302
    edition.refresh_from_db()
    assert [block["slot"] for block in edition.blocks] == ["title", "driving"]

    approve = reverse("admin:edition_approve", args=[edition.pk])
    assert writer.post(approve).status_code == 422
    assert approver.post(approve).status_code == 302
    finding = order.findings.get(kind=NO_LEAFLET)
    assert (finding.is_open, finding.override_reason) == (False, "Edition 1 is approved.")


def test_the_paper_of_a_medicine_without_rules_holds_what_its_edition_says(bench: Bench) -> None:
    signed_in("brandt").post(
        reverse("admin:edition_draft"),
        {
            "substance": MasterFormulationRecord.objects.get(
                code="ketotifen-capsules", state="approved"
            ).strength_substance_id
        },
    )
    edition = LeafletEdition.objects.get(state="draft")
    signed_in("okafor").post(reverse("admin:edition_approve", args=[edition.pk]))
    _ldn, record = ready(bench)
    order = fresh(ketotifen(bench))
    said = leaflet_context(LeafletFacts(order, [record], date(2026, 11, 22), date(2026, 11, 22)))
    assert said["blocks"]["title"]["heading"] == "Your ketotifen"
    assert "opioid_stop_box" not in said["blocks"]
    assert "how_to_take_drops" not in said["blocks"]
