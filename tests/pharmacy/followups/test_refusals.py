"""What a mail server's answer means for a message. The servers' own answers are tried in test_sending.py."""

import smtplib
import ssl

import pytest

from pharmacy.followups.refusals import Verdict, why_refused


@pytest.mark.parametrize(
    ("error", "verdict"),
    [
        (ConnectionRefusedError(111, "Connection refused"), Verdict.SERVER_AWAY),
        (TimeoutError("timed out"), Verdict.SERVER_AWAY),
        (ssl.SSLCertVerificationError("self-signed certificate"), Verdict.SERVER_AWAY),
        (smtplib.SMTPConnectError(554, b"No SMTP service here"), Verdict.SERVER_AWAY),
        (smtplib.SMTPServerDisconnected("Connection unexpectedly closed"), Verdict.SERVER_AWAY),
        (smtplib.SMTPAuthenticationError(535, b"Wrong password"), Verdict.SERVER_AWAY),
        (smtplib.SMTPHeloError(501, b"Who are you"), Verdict.SERVER_AWAY),
        (smtplib.SMTPDataError(421, b"Shutting down"), Verdict.SERVER_AWAY),
        (smtplib.SMTPDataError(451, b"Try later"), Verdict.NOT_NOW),
        (smtplib.SMTPDataError(554, b"Looks like spam"), Verdict.NEVER),
        (smtplib.SMTPSenderRefused(550, b"Not yours", "us@x.example"), Verdict.NOT_NOW),
        (smtplib.SMTPRecipientsRefused({"a@x.example": (450, b"Greylisted")}), Verdict.NOT_NOW),
        (smtplib.SMTPRecipientsRefused({"a@x.example": (550, b"Unknown")}), Verdict.NEVER),
        (ValueError("Header values can't contain newlines"), Verdict.NEVER),
    ],
)
def test_what_it_means(error: OSError | ValueError, verdict: Verdict) -> None:
    assert why_refused(error).verdict is verdict


def test_the_servers_words_are_kept_on_one_line_and_not_at_any_length() -> None:
    refused = why_refused(smtplib.SMTPDataError(554, b"5.7.1 Refused\r\n" + b"x" * 1000))
    assert refused.words.startswith("554 5.7.1 Refused x")
    assert len(refused.words) == 300
