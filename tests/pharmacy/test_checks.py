"""What `manage.py check` says about a set-up."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.checks import run_checks
from pytest_django import Settings

from script.processes import BIN, ROOT

PRODUCTION = {
    "SITE_URL": "https://pharmacy.test",
    "TRUSTED_PROXIES": "1",
    "SECRET_KEY": "0123456789" * 5 + "abcdefghijklm",
    "MAIL_URL": "smtp+tls://user:password@mail.test:587",
    "PHARMACY_NAME": "Hollis Compounding",
    "PHARMACY_ADDRESS": "1 Hollis Street, Albany, NY 12207",
    "PHARMACY_PHONE": "(518) 555-0110",
    "PHARMACY_AFTER_HOURS_PHONE": "(518) 555-0111",
    "PHARMACY_EMAIL": "hello@pharmacy.test",
    "PHARMACY_LICENSE_NUMBER": "NY-012345",
}


@pytest.fixture
def production(settings: Settings) -> Settings:
    """A set-up with nothing wrong, as patients reach it."""
    for name, value in PRODUCTION.items():
        setattr(settings, name, value)
    settings.SITE_IS_HTTPS = True
    settings.SECRET_KEY_IS_GENERATED = False
    settings.TRUSTED_PROXIES = 1
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    return settings


def ids() -> list[str]:
    return [message.id or "" for message in run_checks(tags=["pharmacy"])]


def test_nothing_is_said_on_a_machine_of_ones_own() -> None:
    assert ids() == []


def test_nothing_is_said_where_nothing_is_wrong(production: Settings) -> None:
    assert ids() == []


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("SECRET_KEY_IS_GENERATED", True, "pharmacy.E001"),
        ("SECRET_KEY", "short", "pharmacy.E002"),
        ("DEBUG", True, "pharmacy.E003"),
        ("TRUSTED_PROXIES", 0, "pharmacy.E005"),
        ("PHARMACY_NAME", "Example Compounding Pharmacy", "pharmacy.E006"),
        ("PHARMACY_PHONE", "", "pharmacy.E006"),
        ("PHARMACY_LOGO", "no/such/logo.svg", "pharmacy.E007"),
        ("EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend", "pharmacy.E008"),
        ("MESSAGE_LEASE_SECONDS", 20, "pharmacy.E009"),
        ("MESSAGE_RETRY_SECONDS", [], "pharmacy.E010"),
        ("MESSAGE_RETRY_SECONDS", [30, 0], "pharmacy.E010"),
    ],
)
def test_each_mistake_has_its_word(
    production: Settings, name: str, value: object, expected: str
) -> None:
    setattr(production, name, value)
    assert ids() == [expected]


def test_pages_in_the_clear_are_warned_of(settings: Settings) -> None:
    settings.SITE_URL = "http://pharmacy.test"
    assert ids() == ["pharmacy.W004"]


def test_every_word_comes_with_a_hint(production: Settings) -> None:
    production.PHARMACY_NAME = ""
    production.SECRET_KEY = "short"
    found = run_checks(tags=["pharmacy"])
    assert len(found) == 2
    assert all(message.hint for message in found)


@pytest.fixture
def check(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """A way to run `manage.py check --deploy` under an environment."""

    def run(**variables: str) -> subprocess.CompletedProcess[str]:
        environment = {
            "PATH": os.environ["PATH"],
            "VAR_DIR": str(tmp_path),
            "SETTINGS_FILE": os.devnull,
            **variables,
        }
        command = [str(BIN / "python"), "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
        return subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )

    return run


def test_djangos_own_deployment_checks_have_nothing_to_add(
    check: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    done = check(**PRODUCTION)
    assert done.returncode == 0, done.stderr


def test_the_environment_reaches_the_checks(
    check: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    done = check(**PRODUCTION | {"PHARMACY_PHONE": "(212) 555-0100", "DEBUG": "true"})
    assert done.returncode == 1
    assert "pharmacy.E003" in done.stderr
    assert "PHARMACY_PHONE is still the example's" in done.stderr
