"""Fixture: a real mail server that keeps what it is handed, and can refuse, or be gone, for a while."""

import asyncio
import email
import email.policy
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from script.processes import free_port


class MailServer:
    """A mail server on this machine. `inbox` holds every message it took."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.inbox: list[EmailMessage] = []
        self.refused = 0
        self.refuses = False
        self.recipients_get = ""
        """The answer to every recipient, when it is not "250 OK": "550 5.1.1 No such mailbox"."""
        self.hangs = False
        """Says nothing more from the sender's name on, until this is False again."""
        self.held = 0
        """How many senders have been left waiting."""
        self._controller: Controller | None = None

    @property
    def url(self) -> str:
        """The value for MAIL_URL."""
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take the sender's name, or let the sender wait."""
        if self.hangs:
            self.held += 1
            while self.hangs:
                await asyncio.sleep(0.02)
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a recipient's name, or refuse it."""
        if self.recipients_get:
            self.refused += 1
            return self.recipients_get
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take a message, or refuse it as a busy server does."""
        if self.refuses:
            self.refused += 1
            return "451 4.3.0 Try again later"
        content: Any = envelope.content
        message = email.message_from_bytes(content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        self.inbox.append(message)
        return "250 OK"

    def sent_to(self, address: str) -> list[EmailMessage]:
        """Return the messages to the address, oldest first."""
        return [message for message in self.inbox if address in str(message["To"])]

    def start(self) -> None:
        """Listen."""
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def stop(self) -> None:
        """Be gone: connections are refused."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    def reset(self) -> None:
        """Start afresh for the next test."""
        self.inbox.clear()
        self.refused = 0
        self.refuses = False
        self.recipients_get = ""
        self.hangs = False
        self.held = 0
        if self._controller is None:
            self.start()


@pytest.fixture(scope="session")
def _mail_server() -> Iterator[MailServer]:
    server = MailServer(free_port())
    server.start()
    yield server
    server.stop()


@pytest.fixture
def mail_server(_mail_server: MailServer) -> MailServer:
    """Give a mail server with an empty inbox: `inbox`, `sent_to()`, `refuses = True`, `stop()`, `start()`."""
    _mail_server.reset()
    return _mail_server
