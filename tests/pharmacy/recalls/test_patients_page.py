"""The patient's own page: as soon as what they had is recalled, it says no dose any more."""

from datetime import timedelta

import time_machine
from django.test import Client
from django.urls import reverse

from pharmacy.orders.links import new_link
from pharmacy.orders.models import LinkPurpose
from pharmacy.recalls.actions import open_recall
from pharmacy.recalls.models import Urgency
from pharmacy.recalls.walk import Subject
from pharmacy.workflow.demonstration import Bench
from pharmacy.workflow.dispense_order import dispense_order
from pharmacy.workflow.recall import approve_recall
from tests.factories.job import AT, fresh, printed


def test_no_dose_is_said_any_more(bench: Bench, db: None) -> None:
    order, record = printed(bench, key="recall-plan")
    dispense_order(order=fresh(order), by=bench.pharmacist, at=AT)
    _link, token = new_link(
        order=fresh(order), purpose=LinkPurpose.PLAN, lifetime=timedelta(days=14), at=AT
    )
    born = order.prescription.patient.date_of_birth
    client = Client()
    with time_machine.travel(AT + timedelta(hours=1), tick=False):
        typed = {
            "date_of_birth_month": born.month,
            "date_of_birth_day": born.day,
            "date_of_birth_year": born.year,
        }
        client.get(reverse("web:patient_link", args=[token]))
        client.post(reverse("web:identity"), typed)
        before = client.get(reverse("web:my_plan")).content.decode()
        recall = open_recall(
            subject=Subject(batch=record),
            urgency=Urgency.CLASS_1,
            reason="Wrong strength",
            by=bench.verifier,
            at=AT,
        )
        drafted = client.get(reverse("web:my_plan")).content.decode()
        approve_recall(recall=recall, by=bench.pharmacist, at=AT, stopwatch=lambda: 0)
        after = client.get(reverse("web:my_plan")).content.decode()
    assert "The whole plan" in before
    assert "The whole plan" in drafted
    assert "Take no more of it. Call us today" in after
    assert "The whole plan" not in after
    assert "capsule at bedtime" not in after
