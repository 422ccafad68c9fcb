"""A process that ends between a delivery and the note of it: the message comes again and says so, or never again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from airflow_provider_wfintel.engine.monitoring.service import Message, Receiver
from tests.integration.monitoring.test_alerting import House, fail
from tests.integration.monitoring.world import World

pytestmark = pytest.mark.integration

SETTINGS = """
receivers:
  - {{name: team, channel: {channel}, connection: its, in_doubt: {in_doubt}}}
routes:
  - {{name: default, receivers: [team], group_wait: 30}}
"""
WORDS = "told this before"


class Killed(BaseException):
    """The process is gone."""


class OneKilled:
    """A channel that takes a message, whereupon the process that sent it is killed, the first time."""

    def __init__(self, *, taken: bool = True) -> None:
        self.got: list[Message] = []
        self.left, self.taken = 1, taken

    def send(self, message: Message, receiver: Receiver) -> None:
        if self.left and not self.taken:
            self.left = 0
            raise Killed
        self.got.append(message)
        if self.left:
            self.left = 0
            raise Killed


@pytest.fixture
def told(make_world: Callable[..., World], tmp_path: Path) -> Callable[..., list[Message]]:
    """What a channel got in all of a failure, whose first delivery ended with the end of the process."""

    def tell(channel: str, in_doubt: str, *, taken: bool = True) -> list[Message]:
        path = tmp_path / "alerts.yaml"
        path.write_text(SETTINGS.format(channel=channel, in_doubt=in_doubt))
        house = House(make_world(), path)
        world = house.world
        side = OneKilled(taken=taken)
        house.channel.send = side.send  # type: ignore[method-assign]
        house.process = house.start()
        world.tick(100)
        house.process.poll()
        run = world.new_run(tasks=1)
        fail(world, world.present()[0])
        world.set_run("orders", run, state="failed")
        with pytest.raises(Killed):
            house.pass_time(120)
        house.restart()
        house.pass_time(300)
        assert {item.status for item in house.messages()} == {"sent"}
        return side.got

    return tell


def test_what_comes_again_says_so_where_people_would_see_it_twice(told: Callable[..., list[Message]]) -> None:
    first, again = told("log", "repeat")
    assert first.key == again.key
    assert WORDS not in first.as_text()
    assert WORDS in again.as_text()


def test_a_channel_with_a_key_gets_the_same_words_again(told: Callable[..., list[Message]]) -> None:
    first, again = told("webhook", "repeat")
    assert first.key == again.key
    assert first.lines == again.lines


def test_who_wants_nothing_twice_gets_nothing_twice(told: Callable[..., list[Message]]) -> None:
    (once,) = told("log", "drop")
    assert WORDS not in once.as_text()


def test_and_may_lose_what_was_not_taken_yet(told: Callable[..., list[Message]]) -> None:
    assert told("log", "drop", taken=False) == []


def test_what_was_not_taken_is_repeated_otherwise(told: Callable[..., list[Message]]) -> None:
    (late,) = told("log", "repeat", taken=False)
    assert WORDS in late.as_text()
