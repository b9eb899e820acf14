"""Fixtures: pages in a real browser, at a desk and on a telephone. What the browser complains about fails the test."""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    expect,
    sync_playwright,
)

CHROMIUM = "/usr/bin/chromium-headless-shell"
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
_PATIENCE_MS = 30_000
"""How long a page may take: as long as a machine that others use, too, may stand still."""
_AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# Only violations are read, so only they are described. No rule in use looks at the style sheets' text, so axe need not
# fetch it: it would copy each into the page, too.
_AXE_ECONOMIES = {"resultTypes": ["violations"], "preload": {"assets": ["media"]}}
_RUN_AXE = """async options => {
    const results = await axe.run(document, options);
    return results.violations.map(rule => `${rule.id}: ${rule.help} at ` + JSON.stringify(
        rule.nodes.map(node => [node.target, [...node.any, ...node.all].map(check => check.message)])));
}"""


@dataclass
class Complaints:
    """What the browser complained about: script errors, policy violations, things that did not load."""

    heard: list[str] = field(default_factory=list)
    # Browsers ask for it by themselves, wherever no page names an icon.
    expected: list[str] = field(default_factory=lambda: [r"/favicon\.ico"])

    def expect(self, pattern: str) -> None:
        """Say that a complaint matching the pattern belongs to the test, such as the 404 of a page not found."""
        self.expected.append(pattern)

    def unexpected(self) -> list[str]:
        """Return the complaints that no pattern covers."""
        return [
            c for c in self.heard if not any(re.search(pattern, c) for pattern in self.expected)
        ]

    def listen_to(self, context: BrowserContext) -> None:
        """Hear what the pages of the context complain about."""

        def console(message: ConsoleMessage) -> None:
            # Chromium reports a refusal by the content security policy as an error of the console.
            if message.type == "error":
                self.heard.append(f"{message.text} ({message.location.get('url', '')})")

        def page_error(error: Error) -> None:
            self.heard.append(f"script error: {error.message}")

        context.on("console", console)
        context.on("weberror", lambda web_error: page_error(web_error.error))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Give Chromium, started once."""
    # Playwright keeps an event loop in this thread, and Django would refuse to touch the database beside one.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    expect.set_options(timeout=_PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_ARGUMENTS)
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    """Give what the browser has complained about; what was not expected fails the test at its end."""
    complaints = Complaints()
    yield complaints
    assert complaints.unexpected() == []


@pytest.fixture
def new_page(
    browser: Browser, complaints: Complaints, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Page]]:
    """Give a way to open a page as another person would, with cookies of their own: new_page(phone=True)."""
    contexts: list[BrowserContext] = []

    def open_page(
        *, phone: bool = False, base_url: str | None = None, java_script: bool = True
    ) -> Page:
        if base_url is None and "house" in request.fixturenames:
            base_url = request.getfixturevalue("house").url
        context = browser.new_context(
            base_url=base_url,
            viewport={"width": 390, "height": 844} if phone else {"width": 1280, "height": 900},
            has_touch=phone,
            is_mobile=phone,
            java_script_enabled=java_script,
            locale="en-US",
            timezone_id="America/New_York",
        )
        context.set_default_timeout(_PATIENCE_MS)
        complaints.listen_to(context)
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """Give a page at a desk, 1280 pixels wide."""
    return new_page()


@pytest.fixture
def phone(new_page: Callable[..., Page]) -> Page:
    """Give a page on a telephone, 390 pixels wide."""
    return new_page(phone=True)


def assert_accessible(page: Page, *, is_for_patients: bool = False) -> None:
    """Hold the page to WCAG 2.2 AA and axe's best practices; patients read at a contrast of 7 to 1 (WCAG 1.4.6)."""
    assert violations(page, is_for_patients=is_for_patients) == []


def violations(page: Page, *, is_for_patients: bool = False) -> list[str]:
    """Return what axe finds in the page as it stands: each rule's name, and where."""
    page.wait_for_load_state()
    if not page.evaluate("'axe' in window"):
        # What axe's script evaluates to is itself, which is much to carry over.
        page.evaluate(f"{AXE_SCRIPT};0")
    found: list[str] = page.evaluate(
        _RUN_AXE,
        {
            "runOnly": {"type": "tag", "values": _AXE_TAGS},
            "rules": {"color-contrast-enhanced": {"enabled": is_for_patients}},
            **_AXE_ECONOMIES,
        },
    )
    return found


def assert_no_sideways_scrolling(page: Page) -> None:
    """Hold the page to its window's width: a reader scrolls one way only."""
    width, window = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert width <= window, f"the page is {width} pixels wide in a window of {window}"
