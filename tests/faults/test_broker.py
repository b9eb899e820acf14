"""The broker falls and rises: the form answers, nothing is lost, everything goes out once."""

import re
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from script.processes import PrivateRedis
from tests.faults.people import (
    PATIENCE_SECONDS,
    all_is_sent,
    check_each_arrived_once,
    write_to_us,
)
from tests.infrastructure.house import House, eventually
from tests.infrastructure.mail import MailServer

pytestmark = pytest.mark.faults
MakeHouse = Callable[..., House]
PATIENT = 60.0  # seconds that a busy machine may need; a free one needs about five
OFTEN = {"MESSAGE_SWEEP_SECONDS": "1", "MESSAGE_RETRY_SECONDS": "1"}


def test_redis_is_killed_and_started_again_and_again(
    make_house: MakeHouse, redis_server: PrivateRedis, mail_server: MailServer
) -> None:
    house = make_house(REDIS_URL=redis_server.url, **OFTEN)
    house.start_web()
    house.start_worker()
    house.start_beat()
    names = []
    for round_ in ("first", "second"):
        names += [f"Before-{round_}", f"During-{round_}"]
        usual = write_to_us(house, names[-2])
        redis_server.kill()
        assert write_to_us(house, names[-1]) < usual + PATIENCE_SECONDS
        redis_server.start()
    eventually(lambda: all_is_sent(*names), within=PATIENT)
    check_each_arrived_once(mail_server, *names)


def test_a_worker_that_was_busy_when_redis_fell_goes_on_when_it_is_back(
    make_house: MakeHouse, redis_server: PrivateRedis, mail_server: MailServer
) -> None:
    house = make_house(REDIS_URL=redis_server.url, **OFTEN)
    house.start_web()
    house.start_worker()
    mail_server.hangs = True
    write_to_us(house, "Sam")
    eventually(lambda: mail_server.held, within=PATIENT)
    redis_server.kill()
    mail_server.hangs = False
    eventually(lambda: _has_finished_sending(house), within=PATIENT)
    time.sleep(0.5)  # it now tries to acknowledge the task
    redis_server.start()
    write_to_us(house, "Kim")
    house.start_beat()
    eventually(lambda: all_is_sent("Sam", "Kim"), within=PATIENT)
    check_each_arrived_once(mail_server, "Sam", "Kim")


def _has_finished_sending(house: House) -> bool:
    return bool(re.search(r"Task \S+\.send_message\[\S+\] succeeded", house.log("worker")))


def test_redis_hangs_and_the_form_still_answers(
    make_house: MakeHouse, redis_server: PrivateRedis, mail_server: MailServer
) -> None:
    house = make_house(REDIS_URL=redis_server.url, **OFTEN)
    house.start_web()
    usual = write_to_us(house, "Sam")
    assert redis_server.process is not None
    redis_server.process.send_signal(signal.SIGSTOP)
    try:
        # The counter of attempts and the broker are both in Redis; each gives up after half a second.
        assert write_to_us(house, "Kim") < usual + 2 * PATIENCE_SECONDS
    finally:
        redis_server.process.send_signal(signal.SIGCONT)
    house.start_worker()
    house.start_beat()
    eventually(lambda: all_is_sent("Sam", "Kim"), within=PATIENT)
    check_each_arrived_once(mail_server, "Sam", "Kim")


def test_a_broker_of_files_that_loses_all_its_files_loses_no_message(
    make_house: MakeHouse, mail_server: MailServer
) -> None:
    house = make_house(**OFTEN)
    house.start_web()
    usual = write_to_us(house, "Sam")
    files = Path(house.folder, "broker", "messages")
    assert list(files.iterdir())
    shutil.rmtree(files)
    assert write_to_us(house, "Kim") < usual + PATIENCE_SECONDS
    files.mkdir()
    house.start_worker()
    house.start_beat()
    eventually(lambda: all_is_sent("Sam", "Kim"), within=PATIENT)
    check_each_arrived_once(mail_server, "Sam", "Kim")
