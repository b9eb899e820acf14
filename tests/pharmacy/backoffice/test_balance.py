"""A balance sends readings over HTTP, and the bench takes the newest one: tared, settled and fresh."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from pharmacy.batches.models import BalanceReading, BalanceToken, CompoundingRecord, Weighing
from pharmacy.inventory.lot_codes import lot_symbol_text
from pharmacy.inventory.models import Balance
from pharmacy.workflow.balance_readings import new_token
from pharmacy.workflow.demonstration import Bench, plan
from tests.factories.job import AT, approved
from tests.factories.policies import decide

NOW = AT + timedelta(hours=1)
READING = {"reading": "197.4", "unit": "mg", "stable": True}


@pytest.fixture
def token(bench: Bench, db: None) -> str:
    return new_token(balance=bench.balance, by=bench.pharmacist, at=AT)


def send(balance: Balance, token: str, **said: Any) -> Any:
    headers = {"authorization": f"Bearer {token}"}
    return Client().post(
        reverse("balance_reading", args=[balance.pk]),
        {**READING, **said},
        content_type="application/json",
        headers=headers,
    )


def test_a_reading_is_kept_in_milligrams(bench: Bench, token: str) -> None:
    answer = send(bench.balance, token, reading="19.352", unit="g", at=NOW.isoformat())
    kept = BalanceReading.objects.get()
    assert answer.status_code == 201
    assert answer.json() == {"id": kept.pk, "mg": "19352", "stable": True}
    assert (kept.measured_at, kept.received_at) == (NOW, NOW)


@pytest.mark.parametrize(
    "said",
    [
        {"reading": "abc"},
        {"reading": None},
        {"reading": True},
        {"reading": "NaN"},
        {"reading": "1e30"},
        {"reading": "0.0000001"},
        {"unit": "lb"},
        {"unit": ["mg"]},
        {"stable": "yes"},
        {"at": "yesterday"},
        {"at": "2026-11-22T10:00:00"},
        {"at": "2026-13-45T10:00:00Z"},
        {"at": (NOW + timedelta(minutes=1)).isoformat()},
    ],
    ids=str,
)
def test_what_cannot_be_read_is_told(bench: Bench, token: str, said: dict[str, Any]) -> None:
    answer = send(bench.balance, token, **said)
    assert answer.status_code == 400
    assert answer.json()["error"].endswith((".", "Z."))
    assert not BalanceReading.objects.exists()


def test_what_is_no_json_is_told(bench: Bench, token: str) -> None:
    address = reverse("balance_reading", args=[bench.balance.pk])
    for body in ("", "[1]", "{", "[" * 5000):
        answer = Client().post(
            address,
            body,
            content_type="application/json",
            headers={"authorization": f"Bearer {token}"},
        )
        assert answer.status_code == 400
    assert Client().get(address).status_code == 405


def test_only_the_balances_own_token_opens(bench: Bench, token: str) -> None:
    other = Balance.objects.exclude(pk=bench.balance.pk).get()
    assert send(bench.balance, "").status_code == 401
    assert send(bench.balance, token + "x").status_code == 401
    assert send(other, token).status_code == 401
    newer = new_token(balance=bench.balance, by=bench.pharmacist, at=AT)
    assert send(bench.balance, token).status_code == 401
    assert send(bench.balance, newer).status_code == 201


def test_a_pharmacist_makes_the_token_and_sees_it_once(
    bench: Bench, pharmacist: Client, technician: Client
) -> None:
    page, make = (reverse(f"admin:{n}", args=[bench.balance.pk]) for n in ("balance", "balance_token"))  # fmt: skip
    assert technician.post(make).status_code == 403
    shown = pharmacist.post(make).content.decode()
    kept = BalanceToken.objects.get()
    assert "shown this once" in shown
    assert kept.digest not in shown
    assert "shown this once" not in pharmacist.get(page).content.decode()
    pharmacist.post(reverse("admin:balance_disconnect", args=[bench.balance.pk]))
    assert not BalanceToken.objects.filter(withdrawn_at__isnull=True).exists()


def scanned(bench: Bench, client: Client) -> CompoundingRecord:
    record = plan([approved(bench)], bench=bench, at=AT)
    scan_again(record, client)
    return record


def scan_again(record: CompoundingRecord, client: Client) -> None:
    line = record.lines.select_related("lot").get(position=1)
    address = reverse("admin:bench_scan", args=[record.pk, line.pk])
    assert client.post(address, {"scan-scanned": lot_symbol_text(line.lot)}).status_code == 302


def take(record: CompoundingRecord, bench: Bench, client: Client) -> Any:
    line = record.lines.get(position=1)
    address = reverse("admin:bench_read", args=[record.pk, line.pk])
    return client.post(address, {"read-balance": bench.balance.pk})


def test_where_no_weight_is_typed_there_is_no_field_for_it(
    bench: Bench, technician: Client
) -> None:
    record = scanned(bench, technician)
    address = f"{reverse('admin:bench', args=[record.pk])}?line={record.lines.get(position=1).pk}"
    assert 'name="weigh-amount"' in technician.get(address).content.decode()
    decide("bench.typed_weights", "no")
    page = technician.get(address).content.decode()
    assert 'name="weigh-amount"' not in page
    assert "Weights are not typed here" in page
    new_token(balance=bench.balance, by=bench.pharmacist, at=AT)
    page = technician.get(address).content.decode()
    assert 'name="weigh-amount"' not in page
    assert "Record the balance" in page


def test_zero_then_the_weight_is_recorded_once(
    bench: Bench, token: str, technician: Client
) -> None:
    record = scanned(bench, technician)
    send(bench.balance, token, reading=0)
    send(bench.balance, token)
    line = record.lines.get(position=1)
    polled = reverse("admin:bench_reading", args=[record.pk, line.pk, bench.balance.pk])
    shown = technician.get(polled).content.decode()
    assert "197.4 mg" in shown
    assert "within its limits" in shown

    assert take(record, bench, technician).status_code == 302
    weighing = Weighing.objects.get()
    assert (str(weighing.amount), weighing.reading) == (
        "197.400000",
        BalanceReading.objects.latest("pk"),
    )
    assert weighing.scan is not None


@pytest.mark.parametrize(
    ("sent", "later", "said"),
    [
        ([], 0, "has sent no new reading"),
        ([{"reading": "12.3"}, {}], 0, "The first reading after the scan is 12.3 mg, not zero."),
        ([{"reading": 0}, {"stable": False}], 0, "has not settled yet"),
        ([{"reading": 0}, {}], 11, "older than 10 seconds"),
        ([{"reading": 0}, {"at": (NOW - timedelta(seconds=30)).isoformat()}], 0, "older than 10"),
        ([{"reading": 0}, {"reading": "19.74"}], 0, "is outside 193.42 to 201.3 mg"),
        ([{"reading": 0}], 0, "is too little for this balance"),
    ],
)
def test_a_reading_that_may_not_be_used(
    bench: Bench,
    token: str,
    technician: Client,
    sent: list[dict[str, Any]],
    later: int,
    said: str,
) -> None:
    record = scanned(bench, technician)
    for each in sent:
        send(bench.balance, token, **each)
    with time_machine.travel(NOW + timedelta(seconds=later), tick=False):
        answer = take(record, bench, technician)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Weighing.objects.exists()


def test_scanning_again_begins_a_new_session(bench: Bench, token: str, technician: Client) -> None:
    record = scanned(bench, technician)
    send(bench.balance, token, reading="5")
    with time_machine.travel(NOW + timedelta(seconds=20), tick=False):
        scan_again(record, technician)
        send(bench.balance, token, reading="0.01")
        send(bench.balance, token)
        assert take(record, bench, technician).status_code == 302


def test_looking_for_a_reading_does_not_keep_somebody_signed_in(
    bench: Bench, technician: Client
) -> None:
    record = scanned(bench, technician)
    line = record.lines.get(position=1)
    polled = reverse("admin:bench_reading", args=[record.pk, line.pk, bench.balance.pk])
    ends = [_signed_in_until(technician)]
    with time_machine.travel(NOW + timedelta(minutes=10), tick=False):
        technician.get(polled, headers={"x-polled": "yes"})
        ends.append(_signed_in_until(technician))
        technician.get(polled)
        ends.append(_signed_in_until(technician))
    assert ends[0] == ends[1] == ends[2] - timedelta(minutes=10)


def _signed_in_until(client: Client) -> datetime:
    return Session.objects.get(pk=client.session.session_key).expire_date
