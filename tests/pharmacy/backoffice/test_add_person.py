"""The first pharmacist of a new pharmacy comes in through the terminal."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from pharmacy.audit.models import AuditEvent
from pharmacy.people.models import User

PASSWORD = "correct horse battery staple"


def add(
    monkeypatch: pytest.MonkeyPatch, *, password: str = PASSWORD, role: str = "pharmacist"
) -> str:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
    said = io.StringIO()
    call_command(
        "add_person", "okafor", role=role, name=["Maya", "Okafor"], credentials="RPh", stdout=said
    )
    return said.getvalue()


@pytest.mark.django_db
def test_who_is_added_can_sign_in(monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    assert add(monkeypatch) == "Maya Okafor, RPh may sign in as okafor.\n"
    credentials = {"username": "okafor", "password": PASSWORD}
    assert client.post("/admin/login/?next=/admin/", credentials).status_code == 302
    assert client.get("/admin/").status_code == 200


@pytest.mark.django_db
def test_it_is_kept_who_came_in_and_not_with_what_password(monkeypatch: pytest.MonkeyPatch) -> None:
    add(monkeypatch)
    event = AuditEvent.objects.get(event="user_added")
    assert event.new == {"username": "okafor", "role": "pharmacist"}
    assert event.actor_role == "system"


@pytest.mark.django_db
@pytest.mark.parametrize("password", ["short", "password1234", ""])
def test_a_weak_password_is_refused(monkeypatch: pytest.MonkeyPatch, password: str) -> None:
    with pytest.raises(CommandError, match="password"):
        add(monkeypatch, password=password)
    assert not User.objects.exists()


@pytest.mark.django_db
def test_a_name_is_taken_once(monkeypatch: pytest.MonkeyPatch) -> None:
    add(monkeypatch)
    with pytest.raises(CommandError, match="already exists"):
        add(monkeypatch)


@pytest.mark.django_db
def test_a_role_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError, match="invalid choice"):
        call_command("add_person", "x", "--role", "wizard", "--name", "A", "B")
