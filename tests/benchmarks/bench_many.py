"""What many orders cost: the staff's pages over a thousand orders, then over many more in the same database.

`script/bench many` writes 10,000; `MANY_ORDERS=100000 script/bench many` takes some ten minutes longer.
"""

import os
import time
from collections.abc import Mapping
from io import StringIO
from statistics import median

from django.core.management import call_command
from django.test import Client

from pharmacy.orders.models import Order
from pharmacy.people.models import User
from tests.benchmarks.bench_orders import _house
from tests.benchmarks.frame import Pair, bench

FEW = 1000
MANY = int(os.environ.get("MANY_ORDERS", "10000"))
PAGES = ("", "make/", "batch/", "lot/", "enquiry/", "check-in/", "call/", "message/")
ROUNDS = 5


def _signed_in() -> Client:
    client = Client()
    client.force_login(
        User.objects.get(username="okafor"), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


def _seconds(client: Client) -> Mapping[str, float]:
    """The median of each page, after one look that warms it."""
    found = {}
    for page in PAGES:
        times = []
        for _ in range(ROUNDS + 1):
            began = time.perf_counter()
            assert client.get(f"/admin/{page}").status_code == 200, page
            times.append(time.perf_counter() - began)
        found[page] = median(times[1:])
    return found


def _up_to(wanted: int) -> None:
    missing = wanted - Order.objects.count()
    if missing > 0:
        call_command("generate", orders=missing, stdout=StringIO())


@bench(what=f"eight staff pages over {MANY:,} orders", against="the first page")
def many() -> Pair:
    _house()
    _up_to(FEW)
    client = _signed_in()
    few = _seconds(client)
    _up_to(MANY)

    def all_pages() -> None:
        for page in PAGES:
            client.get(f"/admin/{page}")

    def grown() -> str:
        now = _seconds(client)
        worst = max(PAGES, key=lambda page: now[page] / few[page])
        ratio = sum(now.values()) / sum(few.values())
        return (
            f"{ratio:.2f} times as long as over {FEW:,} orders; "
            f"most /admin/{worst}, {now[worst] / few[worst]:.2f}"
        )

    return Pair(ours=all_pages, other=lambda: Client().get("/"), ours_times=len(PAGES), note=grown)
