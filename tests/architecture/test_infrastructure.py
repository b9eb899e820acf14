"""The tests' own tools do what they say: a database put back, a house that runs, a browser that tells."""

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from playwright.sync_api import Page

from tests.infrastructure.browser import Complaints
from tests.infrastructure.house import House


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
class TestPutBack:
    """A committed test leaves nothing, not even in a table whose rows cannot be deleted."""

    @pytest.mark.parametrize("time", ["first", "second"])
    def test_nothing_is_left_of_the_other_run(self, time: str) -> None:
        assert not get_user_model().objects.filter(username="left over").exists()
        get_user_model().objects.create_user(username="left over", role="technician")
        with connection.cursor() as cursor:
            cursor.execute("SELECT COUNT(*) FROM django_migrations")
            assert cursor.fetchone()[0] > 0


def test_the_house_serves_pages(house: House, page: Page) -> None:
    page.goto("/admin/login/")
    assert page.get_by_label("Password").is_visible()


def test_a_refusal_of_the_policy_is_heard(house: House, page: Page, complaints: Complaints) -> None:
    page.goto("/admin/login/")
    page.evaluate(
        "document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"alert(1)\">')"
    )
    page.wait_for_timeout(300)
    assert any("Content Security Policy" in heard for heard in complaints.heard)
    complaints.expect(".")
