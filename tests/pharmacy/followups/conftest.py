"""Fixtures: e-mails that go to a real mail server."""

import pytest
from pytest_django import Settings

from tests.infrastructure.mail import MailServer


@pytest.fixture
def mail(mail_server: MailServer, settings: Settings) -> MailServer:
    """Give the mail server that this process sends to."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = mail_server.port
    settings.MESSAGE_RETRY_SECONDS = [30, 120, 600]
    return mail_server
