"""Why an e-mail did not go, and what that means for it."""

import smtplib
from dataclasses import dataclass
from enum import Enum, auto

_SERVICE_NOT_AVAILABLE = 421  # RFC 5321, 3.8: the server may say so at any moment and hang up
_PERMANENT = 500
_LONGEST = 300


class Verdict(Enum):
    """What a refusal means for the message."""

    SERVER_AWAY = auto()
    """Nobody has looked at the message. It waits, and no try is used up."""
    NOT_NOW = auto()
    """The server has refused this message for the moment."""
    NEVER = auto()
    """The server has refused this message for good."""


@dataclass(frozen=True)
class Refused:
    """A refusal: what it means, and the server's own words for the staff."""

    verdict: Verdict
    words: str


def why_refused(error: OSError | ValueError) -> Refused:
    """Return what an error while sending means. Every error of smtplib is an OSError.

    4yz is for now and 5yz for good (RFC 5321, 4.2.1). A sender refused for good is our own setting, to be mended
    without losing the message, so it counts as "not now". What fails before a message is offered counts as "away".
    """
    match error:
        case smtplib.SMTPRecipientsRefused():
            code, words = next(iter(error.recipients.values()))
            return _judged(code, _text(words), for_good=Verdict.NEVER)
        case smtplib.SMTPDataError():
            return _judged(error.smtp_code, _text(error.smtp_error), for_good=Verdict.NEVER)
        case smtplib.SMTPSenderRefused():
            return _judged(error.smtp_code, _text(error.smtp_error), for_good=Verdict.NOT_NOW)
        case OSError():
            said = f"The mail server did not answer: {error}"
            return Refused(Verdict.SERVER_AWAY, _shortened(said))
        case ValueError():
            said = f"This cannot be written as an e-mail: {error}"
            return Refused(Verdict.NEVER, _shortened(said))


def _judged(code: int, words: str, *, for_good: Verdict) -> Refused:
    said = _shortened(f"{code} {words}")
    if code == _SERVICE_NOT_AVAILABLE:
        return Refused(Verdict.SERVER_AWAY, said)
    return Refused(for_good if code >= _PERMANENT else Verdict.NOT_NOW, said)


def _text(words: bytes | str) -> str:
    return words.decode(errors="replace") if isinstance(words, bytes) else words


def _shortened(words: str) -> str:
    return " ".join(words.split())[:_LONGEST]
