"""What every request and every task pays for."""

import logging

from django.test import Client

from pharmacy.log_lines import JsonLines
from pharmacy.nudges import nudge
from tests.benchmarks.frame import Pair, bench


@bench(what="one log line, redacted, as JSON", against="the standard library's formatter")
def log_line() -> Pair:
    words = "GET /p/9hK3x-YzQ/questions/3 for ana@example.com took 12 ms"
    record = logging.LogRecord("pharmacy.bench", logging.INFO, __file__, 1, words, (), None)
    json_lines, plain = (
        JsonLines(),
        logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"),
    )
    return Pair(ours=lambda: json_lines.format(record), other=lambda: plain.format(record))


@bench(what="hand a task to the broker")
def nudge_worker() -> Pair:
    return Pair(ours=lambda: nudge("pharmacy.followups.tasks.send_message", message_id=1))


@bench(what="/healthz", against="the first page")
def health() -> Pair:
    client = Client()
    return Pair(ours=lambda: client.get("/healthz"), other=lambda: client.get("/"))
