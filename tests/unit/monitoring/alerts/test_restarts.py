"""Whatever is killed whenever: each message arrives once, and none is missing."""

from __future__ import annotations

import json
from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from airflow_provider_wfintel.engine.monitoring.service import (
    AlertMachine,
    AlertState,
    Delivered,
    Match,
    NotDelivered,
    Seen,
    Silence,
    read_alert_settings,
)
from tests.unit.monitoring.alerts.conftest import NOW, QUICK, Room

MACHINE = AlertMachine(read_alert_settings(QUICK))
MODERATE = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

TASKS = ["task.failed", "task.upstream_failed", "task.retry", "task.succeeded", "run.failed", "run.succeeded"]
OTHERS = ["anomaly.spike", "anomaly.none", "deadline.odds", "health.score"]
things = st.builds(
    Seen,
    kind=st.sampled_from([*TASKS, *OTHERS]),
    at=st.integers(0, 3000).map(lambda second: NOW + second),
    dag_id=st.sampled_from(["a", "b"]),
    run_id=st.sampled_from(["r1", "r2", "r3"]),
    task_id=st.sampled_from(["", "x", "y"]),
    value=st.none() | st.floats(0, 100),
    cause=st.sampled_from(["", "disk full"]),
    shared=st.booleans(),
    upstream=st.sampled_from([(), ("x",)]),
    upstream_dags=st.sampled_from([(), ("a",), ("b",)]),
)


class Store:
    """What both api-servers share: a text that is replaced only on top of the revision that was read, and a cursor."""

    def __init__(self, things):
        self.text = json.dumps(MACHINE.start(NOW).as_json())
        self.things = sorted(things, key=lambda item: item.at)
        self.cursor = 0
        self.channel = Counter()
        self.answers = []

    def turn(self, now, crash, down=False, lost_race=False, again=()):
        """One api-server loads, steps, saves, delivers and notes the answers; it may die before any of these."""
        state = AlertState.from_json(json.loads(self.text))
        until = sum(item.at <= now for item in self.things)
        # After a crash the cursor may be behind: the last things are seen again.
        news = [*self.things[max(0, self.cursor - 3) : until], *again]
        answers = list(self.answers)
        after, notifications = MACHINE.step(state, [*news, *answers], now)
        if crash == "before saving" or lost_race:
            return
        self.text = json.dumps(after.as_json())
        self.cursor = until
        self.answers = self.answers[len(answers) :]
        if crash == "before delivering":
            return
        for item in notifications:
            if down:
                self.answers.append(NotDelivered(item.key, "down"))
                continue
            self.channel[item.key] += 1
            if crash != "before noting":
                self.answers.append(Delivered(item.key))


def played(things, crashes, down=(), again=()):
    """Ninety turns; `again` holds pairs of a turn and the place of a thing that is then seen once more, if it was."""
    store = Store(things)
    crashes = list(crashes)
    for turn in range(90):
        now = NOW + turn * 50
        repeated = [things[place] for when, place in again if when == turn and place < len(things)]
        store.turn(
            now,
            crashes[turn] if turn < len(crashes) else None,
            down=turn in down,
            again=[item for item in repeated if item.at <= now],
        )
    return store


crash = st.sampled_from([None, "before saving", "before delivering", "before noting"])


@MODERATE
@given(things=st.lists(things, max_size=25), crashes=st.lists(crash, max_size=60))
def test_a_crash_at_any_point_changes_no_message_and_loses_none(things, crashes):
    """Incidents and their ends are those of an undisturbed run; only a delivery without a note of it is repeated, and
    then under its key, by which the channel tells it."""
    store = played(things, crashes)
    end = AlertState.from_json(json.loads(store.text))
    assert end.outbox == ()
    if all(item in (None, "before delivering", "before noting") for item in crashes):
        assert set(store.channel) == set(played(things, []).channel)
    if "before noting" not in crashes:
        assert all(count == 1 for count in store.channel.values())


@settings(MODERATE, max_examples=20)
@given(things=st.lists(things, max_size=25), start=st.integers(0, 40))
def test_a_channel_that_is_down_for_ten_minutes_gets_everything_once(things, start):
    store = played(things, [], down=range(start, start + 12))
    assert AlertState.from_json(json.loads(store.text)).outbox == ()
    assert all(count == 1 for count in store.channel.values())
    # Updates and repeats wait and say what is so by then; first messages and ends are all there.
    assert {*store.channel} >= first_and_last(things)


def first_and_last(things):
    """Keys of the first messages and the ends in an undisturbed run."""
    room = Room(settings=QUICK, every=50.0)
    waiting = sorted(things, key=lambda item: item.at)
    for turn in range(90):
        room.now = NOW + turn * 50
        due = [item for item in waiting if item.at <= room.now]
        waiting = waiting[len(due) :]
        room.step(*due)
    return {item.key for item in room.got if item.kind in ("firing", "resolved")}


@MODERATE
@given(things=st.lists(things, max_size=20))
def test_every_failure_is_told_or_follows_from_one_that_was(things):
    """Nothing is lost: after the wait, each task that failed for good is in an incident that was told, is muted by
    one that is, or ended well in the same run."""
    room = Room(settings=QUICK, every=50.0)
    waiting = sorted(things, key=lambda item: item.at)
    for turn in range(90):
        room.now = NOW + turn * 50
        due = [item for item in waiting if item.at <= room.now]
        waiting = waiting[len(due) :]
        room.step(*due)
    alerts = {item.key: item for item in room.state.alerts}
    for alert in alerts.values():
        assert alert.told or alerts[alert.muted_by].told
    told = {dag for item in room.got for dag in item.dag_ids}
    for item in things:
        later = [other for other in things if other.dag_id == item.dag_id and other.at >= item.at and other != item]
        mended = any(other.kind.endswith("succeeded") for other in later)
        if item.kind == "task.failed" and item.at > NOW and not mended and not item.upstream_dags and not item.upstream:
            assert item.dag_id in told


@MODERATE
@given(
    things=st.lists(things, min_size=1, max_size=12),
    again=st.lists(st.tuples(st.integers(0, 85), st.integers(0, 11)), min_size=5, max_size=40),
)
def test_repeated_news_are_no_news_however_late(things, again):
    assert played(things, [], again=again).channel == played(things, []).channel


@MODERATE
@given(things=st.lists(things, max_size=30), now=st.floats(NOW, NOW + 5000))
def test_the_state_survives_json(things, now):
    silence = Silence("s", Match(dag=("b",)), NOW, NOW + 900, "amy")
    state, _ = MACHINE.step(MACHINE.start(NOW), [*things, silence], now)
    state, _ = MACHINE.step(state, [], now + 100)
    assert AlertState.from_json(json.loads(json.dumps(state.as_json()))) == state


def test_of_two_api_servers_at_once_one_loses_the_race_and_nothing_is_told_twice():
    store = Store([Seen("task.failed", NOW + 1, "a", "r1", "x"), Seen("task.succeeded", NOW + 900, "a", "r1", "x")])
    for turn in range(60):
        now = NOW + turn * 30
        store.turn(now, None, lost_race=True)
        store.turn(now + 1, None)
    assert sorted(store.channel.values()) == [1, 1]


def test_messages_wait_in_order_while_the_channel_is_down():
    room = Room()
    room.down = True
    room.pass_time(300, room.seen("task.failed", run_id="r1", task_id="x"))
    room.pass_time(300, room.seen("task.succeeded", run_id="r1", task_id="x"))
    first, last = room.state.outbox
    assert (first.notification.kind, last.notification.kind) == ("firing", "resolved")
    assert first.last_error == "connection refused"
    assert (first.attempts > 3, last.attempts) == (True, 0)
    room.down = False
    room.pass_time(600)
    assert room.kinds == ["firing", "resolved"]
    assert room.state.outbox == ()


def test_what_is_neither_confirmed_nor_refused_goes_out_again_under_its_key(room):
    room.pass_time(30, room.seen("task.failed", run_id="r1", task_id="x"))
    room.answers = []
    room.pass_time(120)
    assert len(room.got) == 2
    assert room.got[0] == room.got[1]
