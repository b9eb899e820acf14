"""Nothing in a log line tells who a patient is."""

import json
import logging
import sys

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from pharmacy.audit.models import AuditEvent, ChainHead
from pharmacy.log_lines import JsonLines, redact


def line(message: str, *args: object, exc_info: bool = False) -> dict[str, str]:
    """Return the line as it would be written."""
    record = logging.LogRecord(
        "pharmacy.test",
        logging.ERROR,
        __file__,
        1,
        message,
        args,
        sys.exc_info() if exc_info else None,
    )
    written: dict[str, str] = json.loads(JsonLines().format(record))
    return written


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("GET /p/9hK3_x-YzQ/questions/3", "GET /p/[token]/questions/3"),
        ("https://pharmacy.test/p/abc?next=1", "https://pharmacy.test/p/[token]?next=1"),
        ("refused for ana.maria+ldn@mail.example.com today", "refused for [e-mail] today"),
        ("called (518) 555-0110", "called [phone]"),
        ("called 518-555-0110.", "called [phone]."),
        ("called 5185550110", "called [phone]"),
        ("called +1 518 555 0110", "called [phone]"),
        ("called +442079460000", "called [phone]"),
        ("DETAIL:  Failing row contains (1, Ana, 1980-02-03).", "DETAIL: [removed]"),
        ("order 1042 moved to ready in 250 ms", "order 1042 moved to ready in 250 ms"),
        ("lot 20260101 of 100.000000 mg", "lot 20260101 of 100.000000 mg"),
    ],
)
def test_redact(said: str, written: str) -> None:
    assert redact(said) == written


@given(
    local=st.from_regex(r"[a-z][a-z0-9._+-]{0,20}", fullmatch=True),
    domain=st.from_regex(r"[a-z][a-z0-9-]{0,10}\.(com|org|co\.uk)", fullmatch=True),
)
def test_no_address_survives(local: str, domain: str) -> None:
    assert "@" not in redact(f"mail to <{local}@{domain}> refused")


@given(token=st.from_regex(r"[A-Za-z0-9_-]{8,60}", fullmatch=True))
def test_no_token_survives(token: str) -> None:
    assert token not in redact(f'"GET /p/{token}/ HTTP/1.1" 200')


def test_arguments_are_redacted_too() -> None:
    written = line("Not found: %s for %s", "/p/secret-token/", "ana@example.com")
    assert written["message"] == "Not found: /p/[token]/ for [e-mail]"


def test_a_traceback_is_redacted() -> None:
    try:
        raise ValueError("ana@example.com has no order")
    except ValueError:
        written = line("It failed", exc_info=True)
    assert "ana@example.com" not in json.dumps(written)
    assert "ValueError: [e-mail] has no order" in written["traceback"]


@pytest.mark.postgres
@pytest.mark.django_db
def test_the_row_that_a_database_quotes_is_taken_out() -> None:
    """PostgreSQL tells the whole refused row in an error's DETAIL."""
    event = {
        "at": timezone.now(),
        "actor_role": "patient",
        "actor_name": "Ana Maria Prado",
        "hash": "1",
    }
    ChainHead.objects.create(hash="0")
    AuditEvent.objects.create(**event, previous_hash="0")
    try:
        with transaction.atomic():
            AuditEvent.objects.create(**event | {"record_id": None}, previous_hash="1")
    except IntegrityError:
        written = line("It failed", exc_info=True)
    assert "Prado" not in json.dumps(written)
    assert "IntegrityError" in written["traceback"]
