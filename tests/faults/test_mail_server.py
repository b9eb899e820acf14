"""The mail server is away, or refuses, and comes back: everything goes out once, without anybody's help."""

from collections.abc import Callable

import pytest

from tests.faults.people import all_is_sent, check_each_arrived_once, write_to_us
from tests.infrastructure.house import House, eventually
from tests.infrastructure.mail import MailServer

pytestmark = pytest.mark.faults


def test_the_mail_server_is_away_and_comes_back_busy_and_then_well(
    make_house: Callable[..., House], mail_server: MailServer
) -> None:
    house = make_house(MESSAGE_SWEEP_SECONDS="1", MESSAGE_RETRY_SECONDS="1,1,1,1,1,1,1,1,1")
    house.start_web()
    house.start_worker()
    house.start_beat()
    mail_server.stop()
    write_to_us(house, "Sam")
    eventually(lambda: "SERVER_AWAY" in house.log("worker"), within=60)
    mail_server.refuses = True
    mail_server.start()
    eventually(lambda: mail_server.refused >= 2, within=60)
    assert mail_server.inbox == []
    mail_server.refuses = False
    eventually(lambda: all_is_sent("Sam"), within=60)
    check_each_arrived_once(mail_server, "Sam")
