"""What is told, when, and to whom."""

from __future__ import annotations

from dataclasses import replace

import pytest

from airflow_provider_wfintel.engine.monitoring.service import (
    Acknowledge,
    AlertState,
    Consequence,
    EndSilence,
    Match,
    Resolve,
    Silence,
    open_incidents,
)
from airflow_provider_wfintel.exceptions import UserInputError
from tests.unit.monitoring.alerts.conftest import NOW, Room

HOUR = 3600


def fails(room, run="r1", task="load", **fields):
    return room.seen("task.failed", run_id=run, task_id=task, **fields)


def works(room, run="r1", task="load", **fields):
    return room.seen("task.succeeded", run_id=run, task_id=task, **fields)


def test_a_retry_that_succeeds_is_not_told(room):
    room.pass_time(300, room.seen("task.retry", run_id="r1", task_id="load"))
    room.pass_time(HOUR, works(room))
    assert room.got == []
    assert room.state.tracks == ()


def test_the_first_message_waits_for_what_belongs_to_it(room):
    room.pass_time(20, fails(room, task="a"))
    assert room.got == []
    room.pass_time(20, fails(room, task="b"))
    assert [item.title for item in room.got] == ["task failed: etl.a and 1 more"]


def test_a_failure_that_is_mended_in_the_same_run_before_anybody_was_told_is_not_told(room):
    room.pass_time(10, fails(room))
    room.pass_time(HOUR, works(room))
    assert room.got == []


def test_but_a_lost_run_is_told_even_if_the_next_one_is_quick_and_fine(room):
    room.pass_time(10, fails(room, "r1"))
    room.pass_time(HOUR, works(room, "r2"))
    assert room.kinds == ["firing", "resolved"]


def test_a_failure_that_comes_late_is_told_though_a_later_run_was_fine(room):
    room.pass_time(60, fails(room, "r0"))
    room.pass_time(60, works(room, "r0"))
    room.now += 100
    room.pass_time(10, works(room, "r2"))
    room.pass_time(HOUR, fails(room, "r1", at=room.now - 50))
    assert room.kinds == ["firing", "resolved"] * 2


def test_what_is_seen_twice_is_told_once(room):
    old = fails(room)
    room.pass_time(60, old, old)
    good = works(room)
    room.pass_time(60, good)
    room.pass_time(HOUR, old, good, old)
    assert room.kinds == ["firing", "resolved"]


def test_what_happened_before_the_start_is_history(room):
    room.pass_time(HOUR, fails(room, at=NOW - 60))
    assert room.got == []


def test_another_cause_is_an_update_after_the_group_interval(room):
    room.pass_time(60, fails(room, task="a", cause="disk full"))
    room.pass_time(100, fails(room, task="b", cause="bad password"))
    assert room.kinds == ["firing"]
    room.pass_time(200)
    assert room.kinds == ["firing", "update"]
    assert room.got[1].title == "Update: task failed: etl.a and 1 more"


def test_worse_is_told_at_once(room):
    room.pass_time(60, fails(room, task="a"))
    room.pass_time(10, fails(room, task="b", consequence=Consequence(run_lost=True, blocked_dags=2)))
    assert [(item.kind, item.severity) for item in room.got] == [("firing", "error"), ("update", "critical")]


def test_it_is_told_again_after_the_repeat_interval():
    room = Room(every=300.0)
    room.pass_time(9 * HOUR, fails(room))
    assert room.kinds == ["firing", "repeat", "repeat"]


def test_who_acknowledges_is_left_alone_until_it_gets_worse():
    room = Room(every=300.0)
    room.pass_time(600, fails(room))
    (incident,) = open_incidents(room.state)
    room.pass_time(9 * HOUR, Acknowledge(incident.incident, "amy"))
    assert room.kinds == ["firing"]
    assert open_incidents(room.state)[0].acknowledged_by == "amy"
    room.pass_time(600, fails(room, "r2", consequence=Consequence(miss_probability=0.8)))
    assert room.kinds == ["firing", "update"]
    assert open_incidents(room.state)[0].acknowledged_by == ""


def escalating():
    receivers = [{"name": name, "channel": "slack"} for name in ("team", "second", "lead")]
    steps = [{"after": 1800, "receivers": ["lead"]}, {"after": 7200, "receivers": ["lead"]}]
    route = {"name": "default", "receivers": ["team", "second"], "escalate": steps, "repeat_interval": None}
    return Room({"receivers": receivers, "routes": [route]}, every=60.0)


def test_nobody_answers_and_others_are_told_once_a_level():
    room = escalating()
    room.pass_time(3 * HOUR, fails(room))
    assert [(item.kind, item.receiver) for item in room.got] == [
        ("firing", "team"), ("firing", "second"), ("escalated", "lead"), ("escalated", "lead"),
    ]  # fmt: skip
    room.pass_time(120, works(room))
    assert [(item.kind, item.receiver) for item in room.got[4:]] == [
        ("resolved", "team"), ("resolved", "lead"), ("resolved", "second"),
    ]  # fmt: skip


def test_an_answer_stops_the_escalation():
    room = escalating()
    room.pass_time(120, fails(room))
    room.pass_time(3 * HOUR, Acknowledge(room.got[0].incident, "amy"))
    assert room.kinds == ["firing", "firing"]


def test_a_person_resolves_and_what_fails_after_that_is_another_incident(room):
    old = fails(room)
    room.pass_time(60, old)
    room.pass_time(60, Resolve(room.got[0].incident, "amy"))
    assert [item.title for item in room.got] == ["task failed: etl.load", "Over: task failed: etl.load (by amy)"]
    room.pass_time(60, old)
    assert len(room.got) == 2
    room.pass_time(60, fails(room, "r2"))
    assert room.kinds == ["firing", "resolved", "firing"]
    assert room.got[0].incident != room.got[2].incident


def test_a_failed_task_mutes_what_follows_also_if_that_is_seen_first(room):
    room.step(
        room.seen("run.failed", run_id="r1"),
        room.seen("task.upstream_failed", run_id="r1", task_id="report"),
        room.seen("deadline.odds", run_id="r1", value=0.99),
        room.seen("health.score", value=3),
    )
    room.now += 10
    room.pass_time(HOUR, fails(room))
    assert [item.title for item in room.got] == ["task failed: etl.load (3 more follow from it)"]


def test_a_failure_mutes_the_dags_that_wait_for_it(room):
    room.step(fails(room))
    room.now += 10
    room.pass_time(HOUR, room.seen("run.failed", "mart", run_id="m1", upstream_dags=("etl",)))
    assert [item.dag_ids for item in room.got] == [("etl",)]
    room.pass_time(HOUR, works(room))
    assert room.kinds == ["firing", "resolved"]


def test_dags_that_wait_for_each_other_do_not_mute_each_other_away(room):
    room.pass_time(
        60,
        room.seen("run.failed", "a", run_id="1", upstream_dags=("b",)),
        room.seen("run.failed", "b", run_id="1", upstream_dags=("a",)),
    )
    assert [item.dag_ids for item in room.got] == [("a",)]


def test_a_silence_holds_back_and_what_still_goes_on_at_its_end_is_told(room):
    quiet = Silence("s1", Match(dag=("et*",)), starts=NOW, ends=NOW + HOUR, by="amy")
    room.pass_time(HOUR - 20, quiet, fails(room))
    assert room.got == []
    room.pass_time(60)
    assert room.kinds == ["firing"]
    assert room.state.silences == ()


def test_a_silence_can_end_early_and_covers_only_what_it_names(room):
    quiet = Silence("s1", Match(task=("load",)), starts=NOW, ends=NOW + HOUR, by="amy")
    room.pass_time(60, quiet, fails(room), fails(room, task="other", cause="x"))
    assert [item.title for item in room.got] == ["task failed: etl.other"]
    room.pass_time(400, EndSilence("s1"))
    assert room.kinds == ["firing", "update"]


def test_what_comes_and_goes_is_one_incident_until_some_runs_were_calm(room):
    for number in range(12):
        act = fails if number % 2 == 0 else works
        room.pass_time(HOUR, act(room, f"r{number}"))
    assert room.kinds == ["firing", "resolved", "firing", "resolved", "firing", "repeat"]
    for number in range(12, 15):
        room.pass_time(HOUR, works(room, f"r{number}"))
    assert "resolved" not in room.kinds[4:]
    room.pass_time(HOUR, works(room, "r15"))
    assert room.kinds[4:].count("resolved") == 1


def test_a_rule_can_wait_for_several_bad_runs():
    room = Room({"rules": [{"id": "task-failed", "raise_after_runs": 3}]})
    for number in range(3):
        assert room.got == []
        room.pass_time(600, fails(room, f"r{number}"), fails(room, f"r{number}"))
    assert room.kinds == ["firing"]


def test_retries_that_save_every_run_can_be_told():
    room = Room({"rules": [{"id": "retries-hide-failures", "enabled": True}]})
    for number in range(3):
        assert room.got == []
        room.pass_time(10, room.seen("task.retry", run_id=f"r{number}", task_id="load"))
        room.pass_time(600, room.seen("run.succeeded", run_id=f"r{number}"))
    assert [(item.kind, item.severity) for item in room.got] == [("firing", "info")]


def test_odds_between_the_bounds_change_nothing(room):
    for value in (0.6, 0.4, 0.55, 0.3):
        room.pass_time(60, room.seen("deadline.odds", run_id="r1", value=value))
    assert room.kinds == ["firing"]
    room.pass_time(60, room.seen("deadline.odds", run_id="r1", value=0.1))
    assert room.kinds == ["firing", "resolved"]


def test_routes_go_by_dag_tag_and_owner():
    receivers = [{"name": name, "channel": "slack"} for name in ("amy", "finance", "ops")]
    routes = [
        {"name": "finance", "match": {"tag": ["finance"]}, "receivers": ["finance"], "go_on": True},
        {"name": "amy", "match": {"owner": ["amy"], "dag": ["etl_*"]}, "receivers": ["amy"]},
        {"name": "default", "receivers": ["ops"]},
    ]
    room = Room({"receivers": receivers, "routes": routes})
    room.pass_time(
        60,
        room.seen("run.failed", "etl_a", tags=("finance", "x"), owners=("amy",)),
        room.seen("run.failed", "etl_b", owners=("amy", "bob")),
        room.seen("run.failed", "b", owners=("amy",)),
    )
    assert {(item.receiver, item.dag_ids) for item in room.got} == {
        ("finance", ("etl_a",)), ("amy", ("etl_a",)), ("amy", ("etl_b",)), ("ops", ("b",)),
    }  # fmt: skip
    assert len(room.got) == 4


def test_in_a_mute_time_messages_wait_and_what_is_over_by_then_is_not_told():
    # NOW is a Friday, 08:00 UTC.
    mute = [{"name": "night", "start": "20:00", "end": "09:00"}]
    route = {"name": "default", "receivers": ["team"], "mute_times": ["night"]}
    room = Room({"receivers": [{"name": "team", "channel": "slack"}], "mute_times": mute, "routes": [route]}, every=60)
    room.pass_time(600, fails(room, task="a"), room.seen("run.failed", "other", run_id="x"))
    room.pass_time(2800, room.seen("run.succeeded", "other", run_id="y"))
    assert room.got == []
    room.pass_time(600)
    assert [item.dag_ids for item in room.got] == [("etl",)]


def test_a_clock_that_is_put_back_stops_nothing(room):
    room.pass_time(60, fails(room, task="a"))
    room.now += 50 * 24 * HOUR
    room.step()
    room.now = NOW + 100
    room.pass_time(60, room.seen("run.failed", "other", run_id="x"))
    room.pass_time(60, works(room, task="a"))
    assert [(item.kind, item.dag_ids) for item in room.got] == [
        ("firing", ("etl",)), ("repeat", ("etl",)), ("firing", ("other",)), ("resolved", ("etl",)),
    ]  # fmt: skip


def test_what_is_never_heard_of_again_is_dropped_in_the_end():
    room = Room(every=HOUR)
    room.pass_time(HOUR, fails(room))
    room.now += 20 * 24 * HOUR
    room.pass_time(3 * HOUR, room.seen("run.succeeded", "other", run_id="x"))
    assert room.kinds[-1] == "resolved"
    assert room.state.alerts == room.state.groups == ()


@pytest.mark.parametrize("data", [{}, {"version": 0}, {"version": 1, "latest": "x"}, {"version": 1, "what": 1}, []])
def test_a_damaged_state_is_refused_by_name(data):
    with pytest.raises(UserInputError, match="state of the alerts"):
        AlertState.from_json(data)


def look(room, kind, dag, conn="shop_db"):
    cause = f"service {conn}" if kind == "service.ill" else ""
    return room.seen(
        kind, dag_id=dag, run_id="", conn_id=conn, cause=cause, shared=bool(cause), message="it does not answer"
    )


def test_a_service_is_told_of_after_two_bad_looks_once_for_all_dags_that_use_it(room):
    dags = ("orders", "sales", "web")
    room.pass_time(600, *(look(room, "service.ill", dag) for dag in dags))
    assert room.got == []
    room.pass_time(600, *(look(room, "service.ill", dag) for dag in dags))
    assert [item.title for item in room.got] == [
        "a service that the DAG talks to is not well: orders.shop_db and 2 more in 3 DAGs"
    ]
    room.pass_time(600, *(look(room, "service.well", dag) for dag in dags))
    assert room.kinds == ["firing", "resolved"]


def test_one_service_that_is_well_again_says_nothing_of_another(room):
    for _ in range(2):
        room.pass_time(600, look(room, "service.ill", "orders"), look(room, "service.ill", "orders", "ftp"))
    room.pass_time(600, look(room, "service.well", "orders", "ftp"))
    assert [(alert.task_id, alert.conn_id) for alert in room.state.alerts] == [("", "shop_db")]


def test_a_service_alert_of_an_older_state_which_kept_the_connection_as_a_task_is_resolved_too(room):
    for _ in range(2):
        room.pass_time(600, replace(look(room, "service.ill", "orders"), task_id="shop_db", conn_id=""))
    room.pass_time(600, look(room, "service.ill", "orders"))
    assert len(room.state.alerts) == 1
    room.pass_time(600, look(room, "service.well", "orders"))
    assert room.kinds == ["firing", "resolved"]


def test_what_is_about_a_connection_is_matched_and_grouped_by_it():
    settings = {
        "receivers": [{"name": "data", "channel": "log"}, {"name": "rest", "channel": "log"}],
        "routes": [
            {"name": "shop", "receivers": ["data"], "match": {"connection": ["shop_*"]}, "group_by": ["conn_id"]},
            {"name": "others", "receivers": ["rest"]},
        ],
    }
    room = Room(settings)
    for _ in range(2):
        room.pass_time(600, look(room, "service.ill", "orders"), look(room, "service.ill", "web", "ftp"))
    assert sorted((item.receiver, item.dag_ids) for item in room.got) == [("data", ("orders",)), ("rest", ("web",))]
