"""`manage.py generate --orders N`: believable orders in bulk, to see how the pharmacy behaves with many."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand
from django.utils import timezone

from pharmacy.orders.models import Order
from pharmacy.people.actors import person_in
from pharmacy.people.models import User
from pharmacy.people.roles import Role
from pharmacy.workflow.demonstration import (
    answer_for,
    approve,
    finish_and_check,
    order_from,
    plan,
    release,
    weigh,
)
from pharmacy.workflow.generation.batches import Pattern
from pharmacy.workflow.generation.orders import Template, generate_orders
from pharmacy.workflow.receive_prescription import PrescriptionForm
from pharmacy.workflow.seed.answers import answers
from pharmacy.workflow.seed.orders import GRACE, JO, capsules_form, drops_form
from pharmacy.workflow.seed.pharmacy import seed_house


class Command(BaseCommand):
    help = "Write many believable orders, for measuring. Not for a pharmacy that is at work."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--orders", type=int, required=True)
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: object, orders: int, seed: int, **options: object) -> None:
        now = timezone.now()
        start = Order.objects.count()
        templates = [
            self.template(capsules_form(patient=GRACE, key=f"generate-capsules-{start}")),
            self.template(drops_form(patient=JO, key=f"generate-drops-{start}")),
        ]
        for done in generate_orders(orders, templates=templates, now=now, seed=seed):
            self.stdout.write(f"\r{done} of {orders} orders", ending="")
        took = (timezone.now() - now).total_seconds()
        self.stdout.write(f"\r{orders} orders in {took:.0f} s")

    def template(self, form: PrescriptionForm) -> Template:
        """Send one order really through the pharmacy, to be copied."""
        now = timezone.now()
        bench = seed_house(at=now)
        order = order_from(form, bench=bench, at=now)
        answer_for(order, answers(), at=now)
        order = approve(order, bench=bench, at=now)
        record = plan([order], bench=bench, at=now)
        weigh(record, bench=bench, at=now)
        record = release(finish_and_check(record, bench=bench, at=now), bench=bench, at=now)
        pharmacist = User.objects.get(pk=person_in((Role.PHARMACIST,), bench.pharmacist))
        return Template(order=order, pattern=Pattern.of(record), pharmacist=pharmacist)
