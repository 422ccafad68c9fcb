"""A room in which the machine is run: made events, a clock, and a channel that drops what it has seen by key."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import pytest

from airflow_provider_wfintel.engine.monitoring.service import (
    AlertMachine,
    AlertState,
    Delivered,
    NotDelivered,
    Notification,
    Seen,
    read_alert_settings,
)

NOW = 1_800_000_000.0
QUICK = {
    "receivers": [{"name": "team", "channel": "slack"}],
    "routes": [{"name": "default", "receivers": ["team"], "group_wait": 30, "group_interval": 300}],
}


@dataclass
class Room:
    """`pass_time` steps every `every` seconds, as the collector's loop does, with a restart at every step."""

    settings: dict = field(default_factory=lambda: QUICK)
    now: float = NOW
    every: float = 10.0
    down: bool = False
    got: list[Notification] = field(default_factory=list)

    def __post_init__(self):
        self.machine = AlertMachine(read_alert_settings(self.settings))
        self.state = self.machine.start(self.now)
        self.answers = []

    def step(self, *inputs):
        state, notifications = self.machine.step(self.state, [*self.answers, *inputs], self.now)
        self.state = restarted(state)
        self.answers = []
        for item in notifications:
            if self.down:
                self.answers.append(NotDelivered(item.key, "connection refused"))
            else:
                self.got.append(item)
                self.answers.append(Delivered(item.key))
        return notifications

    def pass_time(self, seconds, *inputs):
        until = self.now + seconds
        self.step(*inputs)
        while self.now < until:
            self.now += self.every
            self.step()

    def seen(self, kind, dag_id="etl", **fields):
        return Seen(kind, at=fields.pop("at", self.now), dag_id=dag_id, **fields)

    @property
    def kinds(self):
        return [item.kind for item in self.got]


def restarted(state):
    """The state as another process reads it from the store."""
    again = AlertState.from_json(json.loads(json.dumps(state.as_json())))
    assert again == state
    return again


@pytest.fixture
def room():
    return Room()
