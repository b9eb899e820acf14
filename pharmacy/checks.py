"""What is wrong with the set-up, said before the first patient comes: `manage.py check`, and every start.

A pharmacy that people reach is one whose SITE_URL is https. There, what would hurt somebody is an error, and nothing
starts; on a machine of one's own the same set-up is fine.
"""

from collections.abc import Sequence
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.checks import CheckMessage, Error, Warning, register

SHORTEST_SECRET = 50
HERE = {"localhost", "127.0.0.1"}
NOT_SENDING = {"filebased", "console", "dummy", "locmem"}


@register("pharmacy")
def check_secrets(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    """Return what is wrong with the secret key and with DEBUG."""
    found: list[CheckMessage] = []
    if settings.SITE_IS_HTTPS and settings.SECRET_KEY_IS_GENERATED:
        found.append(
            Error(
                "SECRET_KEY is not set.",
                hint="Links and sessions would stop working with the folder it was made in. Set one of 50 characters.",
                id="pharmacy.E001",
            )
        )
    if len(settings.SECRET_KEY) < SHORTEST_SECRET:
        found.append(
            Error(
                f"SECRET_KEY has fewer than {SHORTEST_SECRET} characters.",
                hint='python -c "import secrets; print(secrets.token_urlsafe(50))" makes one.',
                id="pharmacy.E002",
            )
        )
    if settings.SITE_IS_HTTPS and settings.DEBUG:
        found.append(
            Error(
                "DEBUG is on.",
                hint="Error pages would show what patients wrote. Set DEBUG=false.",
                id="pharmacy.E003",
            )
        )
    return found


@register("pharmacy")
def check_address(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    """Return what is wrong with SITE_URL and with what stands in front of it."""
    found: list[CheckMessage] = []
    if not settings.SITE_IS_HTTPS and urlsplit(settings.SITE_URL).hostname not in HERE:
        found.append(
            Warning(
                f"SITE_URL is {settings.SITE_URL}: pages would travel readable by anybody between.",
                hint="Put a proxy with a certificate in front and set SITE_URL to its https:// address.",
                id="pharmacy.W004",
            )
        )
    if settings.SITE_IS_HTTPS and not settings.TRUSTED_PROXIES:
        found.append(
            Error(
                "SITE_URL is https, and no proxy is trusted: every page would be sent to itself for ever.",
                hint="The proxy that holds the certificate must set X-Forwarded-Proto. Then set TRUSTED_PROXIES=1.",
                id="pharmacy.E005",
            )
        )
    return found


@register("pharmacy")
def check_letterhead(
    app_configs: Sequence[AppConfig] | None, **kwargs: object
) -> list[CheckMessage]:
    """Return which of the pharmacy's particulars are still the example's, or empty, and whether its logo is there."""
    found: list[CheckMessage] = []
    for name, example in settings.EXAMPLE_PHARMACY.items():
        value = getattr(settings, name).strip()
        if not value or (settings.SITE_IS_HTTPS and value == example):
            what = "is empty" if not value else f"is still the example's ({example})"
            found.append(
                Error(
                    f"{name} {what}. It stands on every label.",
                    hint=f"Set {name}; see docs/settings.md.",
                    id="pharmacy.E006",
                )
            )
    if settings.PHARMACY_LOGO and finders.find(settings.PHARMACY_LOGO) is None:
        found.append(
            Error(
                f"PHARMACY_LOGO is {settings.PHARMACY_LOGO}, and there is no such file below static/.",
                hint="Give the path from static/ on, such as web/logo.svg.",
                id="pharmacy.E007",
            )
        )
    return found


@register("pharmacy")
def check_messages(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    """Return what would keep messages from being sent, or send them twice."""
    found: list[CheckMessage] = []
    if settings.SITE_IS_HTTPS and set(settings.EMAIL_BACKEND.split(".")) & NOT_SENDING:
        found.append(
            Error(
                "MAIL_URL names no mail server: nobody would get a message.",
                hint="MAIL_URL=smtp+tls://user:password@host:587",
                id="pharmacy.E008",
            )
        )
    if settings.MESSAGE_LEASE_SECONDS <= 2 * settings.EMAIL_TIMEOUT:
        found.append(
            Error(
                f"MESSAGE_LEASE_SECONDS is {settings.MESSAGE_LEASE_SECONDS}: a slow mail server would be handed "
                "the same message twice.",
                hint=f"A message takes up to {2 * settings.EMAIL_TIMEOUT} seconds. Allow more.",
                id="pharmacy.E009",
            )
        )
    waits = settings.MESSAGE_RETRY_SECONDS
    if not waits or min(waits) <= 0:
        found.append(
            Error(
                "MESSAGE_RETRY_SECONDS must be one or more waits in seconds, with commas between.",
                hint="MESSAGE_RETRY_SECONDS=30,120,600,3600,14400",
                id="pharmacy.E010",
            )
        )
    return found
