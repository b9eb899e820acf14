"""Log lines: one JSON object a line, and nothing in them that tells who a patient is.

Links that we mail carry a token in their path (/p/TOKEN/...); whoever holds the token is let in. People write their
e-mail address and telephone number into forms, and an exception may quote what they wrote; PostgreSQL quotes the whole
refused row in the DETAIL of a broken constraint. All of these are taken out before a line is written.
"""

import json
import logging
import re
from datetime import UTC, datetime

_REDACTIONS = (
    (re.compile(r"(?im)^\s*(DETAIL|CONTEXT):.*$"), r"\1: [removed]"),
    (re.compile(r"(/p/)[^/\s?#\"']+"), r"\1[token]"),
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "[e-mail]"),
    (
        re.compile(r"(?<![\w.])(?:\+?1[\s.-]?)?\(?\d{3}\)?[\s.-]?\d{3}[\s.-]?\d{4}(?![\w])"),
        "[phone]",
    ),
    (re.compile(r"(?<![\w.])\+\d{8,15}(?!\w)"), "[phone]"),
)


def redact(text: str) -> str:
    """Return the text with link tokens, e-mail addresses, telephone numbers and quoted database rows taken out."""
    for pattern, replacement in _REDACTIONS:
        text = pattern.sub(replacement, text)
    return text


class JsonLines(logging.Formatter):
    """One JSON object a line: at, level, logger, message, and the traceback when there is one."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": redact(record.getMessage()),
        }
        if record.exc_info:
            line["traceback"] = redact(self.formatException(record.exc_info))
        if record.stack_info:
            line["stack"] = redact(record.stack_info)
        return json.dumps(line, ensure_ascii=False)


def logging_config(level: str) -> dict[str, object]:
    """Return the dictConfig of every process: all lines to standard error, through JsonLines."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "pharmacy.log_lines.JsonLines"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Django and gunicorn bring handlers of their own; theirs would pass the redaction by.
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.server": {"handlers": [], "level": level, "propagate": True},
            "gunicorn.error": {"handlers": [], "level": level, "propagate": True},
            "gunicorn.access": {"handlers": [], "level": "WARNING", "propagate": True},
            "fontTools": {"level": "WARNING"},
            "kombu.connection": {
                "level": "ERROR"
            },  # says at each start that a broker of files has no host name
            "weasyprint": {"level": "ERROR"},
        },
    }
