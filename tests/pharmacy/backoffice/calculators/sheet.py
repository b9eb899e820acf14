"""Reading a calculator's page as a person does: the headline, the facts, the tables, what is refused where."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.test import Client
from django.urls import reverse

from pharmacy.backoffice.calculators.families import CALCULATORS

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response


def opened(client: Client, key: str, typed: Mapping[str, str] | None = None) -> "Response":
    """Return the page of a calculator, asked with what is typed."""
    return client.get(reverse("admin:calculator", args=[key]), typed or {})


def example(key: str, **changed: str) -> dict[str, str]:
    """Return the example of a calculator with some fields changed."""
    return {**CALCULATORS[key][1].example, **changed}


@dataclass(frozen=True)
class Sheet:
    """What stands on a page."""

    text: str

    @property
    def headline(self) -> str:
        return self._found(r'calc-result__head">(.*?)</p>')

    @property
    def under(self) -> str:
        return self._found(r'calc-result__under">(.*?)</p>')

    @property
    def facts(self) -> dict[str, str]:
        answer = self.text.split('class="calc-given"')[0]
        found = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", answer, re.DOTALL)
        return dict(found)

    @property
    def rows(self) -> list[list[str]]:
        found = re.findall(r"<tr[^>]*>(<th scope=\"row\">.*?)</tr>", self.text, re.DOTALL)
        return [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in found]

    @property
    def working(self) -> list[str]:
        lines = re.findall(r'calc-working__line">(.*?)</span>', self.text, re.DOTALL)
        return [re.sub(r"<[^>]+>", "", line) for line in lines]

    @property
    def verdict(self) -> str:
        return self._found(r'<p><span class="mark mark--\w+">(.*?)</span>')

    def beside(self, field: str) -> str:
        """Return what is refused beside a field."""
        found = self._found(rf'id="id_{field}_error"[^>]*>(.*?)</p>')
        return re.sub(r"<[^>]+>|\s+", " ", found).replace("Error:", "").strip()

    def _found(self, pattern: str) -> str:
        found = re.search(pattern, self.text, re.DOTALL)
        return found[1].strip() if found else ""


def read(answer: "Response") -> Sheet:
    """Return what a response says, with its entities and held spaces as a person sees them."""
    return Sheet(html.unescape(answer.content.decode()).replace("\N{NO-BREAK SPACE}", " "))
