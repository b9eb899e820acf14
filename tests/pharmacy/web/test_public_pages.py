"""Pages anybody may read, and the pages for when something is wrong."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from pharmacy.leaflets.models import Condition, Study
from pharmacy.people.models import User
from tests.pharmacy.web.rows import NOW

TEMPLATES = [
    *Path(settings.BASE_DIR, "templates/web").rglob("*.html"),
    *Path(settings.BASE_DIR, "templates").glob("*.html"),
]


@pytest.mark.parametrize(
    "name", ["home", "for_patients", "research", "contact", "prescribe", "login"]
)
def test_a_public_page_opens_and_says_where_to_call(client: Client, name: str) -> None:
    answer = client.get(reverse(f"web:{name}"))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert settings.PHARMACY_PHONE in page
    assert 'href="tel:+1' in page
    assert page.count("<h1") == 1


def test_the_first_page_has_three_doors(client: Client) -> None:
    page = client.get("/").content.decode()
    doors = re.findall(r'class="door" href="([^"]+)"', page)
    assert doors == [reverse("web:prescribe"), reverse("web:for_patients"), reverse("web:contact")]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_needs_what_the_policy_forbids(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", text)


def a_study(
    code: str, *, read: bool = True, relevance: str = "direct-ldn", direction: str = "null"
) -> None:
    reader = User.objects.get(username="approver")
    study = Study.objects.create(
        code=code,
        rule_set="naltrexone-hydrochloride",
        authors=f"Author of {code}",
        year=2024,
        title=f"Title of {code}",
        finding=f"Finding of {code}",
        grade="B",
        direction=direction,
        relevance=relevance,
        read_by=reader if read else None,
        read_at=NOW if read else None,
    )
    study.conditions.add(Condition.objects.get(code="fibromyalgia"))


class TestResearch:
    def test_studies_that_found_nothing_stand_beside_those_that_found_something(
        self, client: Client
    ) -> None:
        a_study("helped", direction="positive")
        a_study("did-not")
        page = client.get(reverse("web:research")).content.decode()
        assert "Finding of helped" in page
        assert "Found a benefit" in page
        assert "Finding of did-not" in page
        assert "Found no benefit" in page
        assert "2 studies" in page

    def test_what_nobody_has_read_is_not_shown(self, client: Client) -> None:
        a_study("unread", read=False)
        assert "unread" not in client.get(reverse("web:research")).content.decode()

    def test_what_is_about_something_else_is_not_shown(self, client: Client) -> None:
        a_study("other-drug", relevance="other")
        assert "other-drug" not in client.get(reverse("web:research")).content.decode()

    def test_a_condition_of_which_nothing_may_be_said_is_not_listed(self, client: Client) -> None:
        Condition.objects.create(code="gout", name="Gout")
        assert "Gout" not in client.get(reverse("web:research")).content.decode()


class TestErrors:
    def test_a_page_that_is_not_there(self, client: Client) -> None:
        answer = client.get("/nothing/here/")
        assert answer.status_code == 404
        page = answer.content.decode()
        assert "This page is not here" in page
        assert settings.PHARMACY_PHONE in page
        assert "/nothing/here/" not in page

    def test_a_forged_form(self) -> None:
        answer = Client(enforce_csrf_checks=True).post(reverse("web:contact"), {"name": "Sam"})
        assert answer.status_code == 403
        page = answer.content.decode()
        assert settings.PHARMACY_PHONE in page
        assert "CSRF" not in page

    def test_our_own_fault_shows_the_telephone_and_nothing_else(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*args: object, **kwargs: object) -> None:
            raise RuntimeError("Elena Ruiz takes naltrexone")

        monkeypatch.setattr("pharmacy.web.public.views.conditions_to_show", fail)
        client.raise_request_exception = False
        answer = client.get(reverse("web:research"))
        page = answer.content.decode()
        assert answer.status_code == 500
        assert settings.PHARMACY_PHONE in page
        assert "Elena" not in page
        assert "naltrexone" not in page
