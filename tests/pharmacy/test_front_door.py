"""What every answer carries, who is let in, and what /healthz says."""

from datetime import timedelta

import pytest
from celery import Celery
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings
from time_machine import TimeMachineFixture

from pharmacy.web import health

PASSWORD = "correct horse battery staple"


@pytest.fixture
def technician(db: None) -> AbstractBaseUser:
    return get_user_model().objects.create_user(
        username="tess", password=PASSWORD, role="technician", is_staff=True
    )


def sign_in(client: Client, password: str, **headers: str) -> int:
    data = {"username": "tess", "password": password}
    return client.post("/admin/login/?next=/admin/", data, **headers).status_code  # type: ignore[arg-type]


class TestHeaders:
    def test_nothing_from_elsewhere_and_nothing_inline(self, client: Client, db: None) -> None:
        policy = client.get("/admin/login/").headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy

    def test_no_frame_no_sniffing_no_referrer(self, client: Client, db: None) -> None:
        headers = client.get("/admin/login/").headers
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"

    def test_https_is_kept_to(self, client: Client, db: None, settings: Settings) -> None:
        settings.SECURE_SSL_REDIRECT = True
        settings.SECURE_HSTS_SECONDS = 60
        assert client.get("/admin/login/").status_code == 301
        assert (
            "max-age=60"
            in client.get("/admin/login/", secure=True).headers["Strict-Transport-Security"]
        )
        assert client.get("/healthz").status_code == 200


class TestSignIn:
    def test_the_right_password_opens(self, client: Client, technician: AbstractBaseUser) -> None:
        assert sign_in(client, PASSWORD) == 302

    def test_the_sixth_try_is_refused_even_with_the_right_password(
        self, client: Client, technician: AbstractBaseUser
    ) -> None:
        assert [sign_in(client, "wrong") for _ in range(4)] == [200] * 4
        assert sign_in(client, "wrong") == 429
        assert sign_in(client, PASSWORD) == 429

    def test_another_address_is_not_locked_with_it(
        self, client: Client, technician: AbstractBaseUser
    ) -> None:
        for _ in range(5):
            sign_in(client, "wrong", REMOTE_ADDR="192.0.2.1")
        assert sign_in(client, PASSWORD, REMOTE_ADDR="192.0.2.2") == 302

    def test_a_forwarded_header_that_anybody_can_write_does_not_help(
        self, client: Client, technician: AbstractBaseUser
    ) -> None:
        for number in range(5):
            sign_in(client, "wrong", HTTP_X_FORWARDED_FOR=f"192.0.2.{number}")
        assert sign_in(client, PASSWORD, HTTP_X_FORWARDED_FOR="192.0.2.99") == 429

    def test_the_lock_opens_by_itself(
        self, client: Client, technician: AbstractBaseUser, time_machine: TimeMachineFixture
    ) -> None:
        time_machine.move_to(timezone.now(), tick=False)
        for _ in range(5):
            sign_in(client, "wrong")
        time_machine.shift(timedelta(minutes=16))
        assert sign_in(client, PASSWORD) == 302


class TestIdle:
    def test_half_an_hour_without_a_click_signs_out(
        self, client: Client, technician: AbstractBaseUser, time_machine: TimeMachineFixture
    ) -> None:
        time_machine.move_to(timezone.now(), tick=False)
        sign_in(client, PASSWORD)
        for _ in range(3):
            time_machine.shift(timedelta(minutes=20))
            assert client.get("/admin/").status_code == 200
        time_machine.shift(timedelta(minutes=31))
        assert client.get("/admin/").status_code == 302


class TestHealth:
    def test_all_is_well(self, client: Client, db: None) -> None:
        answer = client.get("/healthz")
        assert answer.status_code == 200
        assert answer.json() == {"status": "ok", "database": "ok", "broker": "ok"}

    def test_without_the_broker_pages_go_on(
        self, client: Client, db: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        nowhere = Celery("nowhere", broker="redis+socket:///nowhere/redis.sock")
        nowhere.conf.broker_transport_options = {"max_retries": 0, "socket_connect_timeout": 0.5}
        monkeypatch.setattr(health, "app", nowhere)
        answer = client.get("/healthz")
        assert answer.status_code == 200
        assert answer.json() == {"status": "ok", "database": "ok", "broker": "away"}

    @pytest.mark.django_db(transaction=True)
    @pytest.mark.skipif("connection.vendor != 'sqlite'", reason="takes the file away")
    def test_without_the_database_visitors_are_sent_elsewhere(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        connection.close()
        monkeypatch.setitem(connection.settings_dict, "NAME", "/nowhere/db.sqlite3")
        answer = client.get("/healthz")
        connection.close()
        assert answer.status_code == 503
        assert answer.json()["database"] == "away"
