"""Every template can be read, and every address in it leads somewhere."""

import re

import pytest
from django.template import engines
from django.template.backends.django import DjangoTemplates
from django.urls import get_resolver

from pharmacy.followups.models import FollowUpKind
from tests.architecture.source import ROOT

TEMPLATES = sorted(
    str(path.relative_to(ROOT / "templates"))
    for path in (ROOT / "templates").rglob("*")
    if path.suffix in {".html", ".txt", ".svg"}
)
_URL = re.compile(r"{%-?\s*url\s+(['\"])(?P<name>[^'\"]+)\1")
_FORBIDDEN = re.compile(r"<[^>]+\s(?P<what>style|on[a-z]+)\s*=", re.IGNORECASE)
_BARE_SCRIPT = re.compile(r"<(script|style)(?![^>]*\b(src|nonce)=)[^>]*>", re.IGNORECASE)


def known_addresses() -> set[str]:
    """Return the name of every address, with its namespace."""

    def names(resolver: object, prefix: str) -> set[str]:
        found = {f"{prefix}{name}" for name in resolver.reverse_dict if isinstance(name, str)}  # type: ignore[attr-defined]
        for namespace, (_, inner) in resolver.namespace_dict.items():  # type: ignore[attr-defined]
            found |= names(inner, f"{prefix}{namespace}:")
        return found

    return names(get_resolver(), "")


@pytest.mark.parametrize("name", TEMPLATES)
def test_it_parses(name: str) -> None:
    engine = engines["django"]
    assert isinstance(engine, DjangoTemplates)
    engine.get_template(name)


@pytest.mark.parametrize("name", TEMPLATES)
def test_its_addresses_exist(name: str) -> None:
    text = (ROOT / "templates" / name).read_text(encoding="utf-8")
    wanted = {match["name"] for match in _URL.finditer(text)}
    assert wanted - known_addresses() == set()


@pytest.mark.parametrize(
    "name", [name for name in TEMPLATES if name.startswith(("web/", "admin/", "base", "4", "5"))]
)
def test_it_keeps_to_the_content_security_policy(name: str) -> None:
    """The policy refuses styles and handlers written into a tag, and scripts that carry no nonce."""
    text = (ROOT / "templates" / name).read_text(encoding="utf-8")
    assert [match.group(0) for match in _FORBIDDEN.finditer(text)] == []
    assert [match.group(0) for match in _BARE_SCRIPT.finditer(text)] == []


@pytest.mark.parametrize("kind", FollowUpKind.values)
@pytest.mark.parametrize("part", ["subject.txt", "body.txt", "body.html"])
def test_every_message_has_its_templates(kind: str, part: str) -> None:
    assert f"messages/{kind}/{part}" in TEMPLATES
