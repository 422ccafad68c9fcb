"""The storm of one root failure: 200 tasks with 3 retries each are one message, and one when it is over."""

from __future__ import annotations

import random

import pytest

from airflow_provider_wfintel.engine.monitoring.service import Consequence, Seen
from tests.unit.monitoring.alerts.conftest import NOW, Room

TASKS, TRIES = 200, 4


def independent_tasks(cause):
    """One outage: every task of the run fails four times, spread over a quarter of an hour, then the run fails."""
    chance = random.Random(1)  # noqa: S311 - a fixed seed, nothing secret
    events = []
    for task in range(TASKS):
        start = NOW + 1 + chance.random() * 60
        for number in range(TRIES):
            kind = "task.failed" if number == TRIES - 1 else "task.retry"
            at = start + number * 300 + chance.random() * 20
            events.append(
                Seen(kind, at, "etl", "r1", f"t{task}", event_id=f"{task}-{number}", cause=cause, shared=bool(cause))
            )
    events.append(Seen("run.failed", max(item.at for item in events) + 1, "etl", "r1"))
    return events


def chain(cause):
    """The first task fails four times; 199 that wait for it cannot run; the run fails and its deadline is missed."""
    lost = Consequence(run_lost=True, blocked_tasks=TASKS - 1)
    events = [Seen("task.retry", NOW + 1 + i * 300, "etl", "r1", "t0", event_id=f"0-{i}") for i in range(TRIES - 1)]
    end = NOW + TRIES * 300
    events.append(Seen("task.failed", end, "etl", "r1", "t0", event_id="0-3", cause=cause, consequence=lost))
    events += [
        Seen("task.upstream_failed", end + i * 0.1, "etl", "r1", f"t{i}", upstream=("t0",)) for i in range(1, TASKS)
    ]
    events.append(Seen("run.failed", end + 60, "etl", "r1"))
    events.append(Seen("deadline.missed", end + 90, "etl", "r1"))
    events.append(Seen("anomaly.missing_run", end + 600, "etl", "r2"))
    return events


def play(room, events):
    """Feed the events as they happen; when all is done, everything is cleared and runs well."""
    waiting = sorted(events, key=lambda item: item.at)
    while waiting:
        due = [item for item in waiting if item.at <= room.now]
        waiting = waiting[len(due) :]
        room.step(*due)
        room.now += room.every
    room.pass_time(600)
    told = list(room.kinds)
    again = [room.seen("task.succeeded", run_id="r1", task_id=f"t{i}", at=room.now + i) for i in range(TASKS)]
    for start in range(0, TASKS, 10):
        room.now = again[start + 9].at
        room.step(*again[start : start + 10])
    room.pass_time(30, room.seen("run.succeeded", run_id="r1"))
    room.pass_time(3600)
    return told


@pytest.mark.parametrize("cause", ["", "connection refused by db"], ids=["not diagnosed", "diagnosed"])
@pytest.mark.parametrize("storm", [independent_tasks, chain])
def test_one_message_and_one_when_it_is_over(storm, cause):
    room = Room(every=20.0)
    told = play(room, storm(cause))
    assert told == ["firing"]
    assert room.kinds == ["firing", "resolved"]
    assert len({item.key for item in room.got}) == 2
    assert room.state.outbox == room.state.alerts == room.state.groups == ()


def test_the_message_names_the_root_and_counts_what_follows(room):
    room.now = NOW + 1300
    room.pass_time(60, *[item for item in chain("") if item.kind != "task.retry" and item.at <= room.now])
    (message,) = room.got
    assert message.title == "task failed: etl.t0 (201 more follow from it)"
    assert message.severity == "error"
    assert message.alerts == 1


def test_an_outage_that_hits_forty_dags_is_one_message(room):
    events = [
        room.seen("task.failed", f"dag{i}", run_id="r", task_id="load", cause="db is down", shared=True)
        for i in range(40)
    ]
    room.pass_time(600, *events)
    assert room.kinds == ["firing"]
    assert room.got[0].title == "task failed: dag0.load and 39 more in 40 DAGs"
    assert len(room.got[0].dag_ids) == 40
