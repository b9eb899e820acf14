"""A worker ends between claiming a message and sending it; another one sends it."""

from collections.abc import Callable

import pytest
from django.db import connection

from pharmacy.followups.models import OutgoingMessage
from script.processes import PrivateRedis
from tests.faults.people import all_is_sent, check_each_arrived_once, write_to_us
from tests.infrastructure.house import House, eventually
from tests.infrastructure.mail import MailServer

pytestmark = [pytest.mark.faults, pytest.mark.postgres]


def test_a_worker_killed_while_it_sends_is_replaced_and_the_message_goes_out_once(
    make_house: Callable[..., House], redis_server: PrivateRedis, mail_server: MailServer
) -> None:
    # SQLite with a broker of files, as it comes; PostgreSQL with Redis, as a larger pharmacy runs it.
    broker = {"REDIS_URL": redis_server.url} if connection.vendor == "postgresql" else {}
    quick = {"MESSAGE_SWEEP_SECONDS": "1", "MESSAGE_LEASE_SECONDS": "3"}
    house = make_house(**quick, **broker)
    house.start_web()
    house.start_worker("first")
    mail_server.hangs = True
    write_to_us(house, "Sam")
    eventually(lambda: mail_server.held, within=60)
    claimed = OutgoingMessage.objects.get(state="claimed")
    house.kill("first")
    mail_server.hangs = False
    assert mail_server.inbox == []
    house.start_worker("second")
    house.start_beat()
    eventually(lambda: all_is_sent("Sam"), within=60)
    check_each_arrived_once(mail_server, "Sam")
    assert claimed.message_id in [message["Message-ID"] for message in mail_server.inbox]
