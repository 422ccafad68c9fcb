"""What can be set, and what is said of what cannot."""

from __future__ import annotations

import copy

import jsonschema
import pytest

from airflow_provider_wfintel.engine.monitoring.service import alerts_schema, read_alert_settings
from airflow_provider_wfintel.exceptions import UserInputError

RECEIVERS = [{"name": "ops", "channel": "slack", "connection": "slack_default", "options": {"channel": "#data"}}]


def test_without_own_settings_there_are_the_built_in_rules_and_one_route():
    settings = read_alert_settings()
    assert [rule.id for rule in settings.rules if rule.enabled] == [
        "task-failed", "run-failed", "anomaly", "deadline-at-risk", "deadline-missed", "health-low", "monitor-gap",
        "service-ill",
    ]  # fmt: skip
    assert settings.route("default").receivers == ("log",)


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(alerts_schema())


def test_own_rules_come_to_the_built_in_ones_or_change_them():
    own = {
        "rules": [
            {"id": "deadline-at-risk", "above": 0.8},
            {"id": "slow-finance", "title": "slow", "raised_by": ["anomaly.spike"], "match": {"tag": ["finance"]}},
        ],
        "receivers": RECEIVERS,
    }
    before = copy.deepcopy(own)
    settings = read_alert_settings(own)
    changed = settings.rule("deadline-at-risk")
    assert (changed.above, changed.clear_below, changed.title) == (0.8, 0.25, "deadline at risk")
    assert settings.rule("slow-finance").match.tag == ("finance",)
    assert settings.receivers[0].options == (("channel", "#data"),)
    assert settings.route("default").receivers == ("ops",)
    assert own == before


@pytest.mark.parametrize(
    ("own", "message", "hint"),
    [
        ({"rules": [{"id": "x", "raised_by": ["run.failed"]}]}, "rule 'x': 'title' is missing", "needs 'title'"),
        ({"rules": [{"id": "x", "title": "t", "raised_by": []}]}, "rule 'x' .raised_by", "Kinds"),
        (
            {"rules": [{"id": "x", "title": "t", "raised_by": ["task.exploded"]}]},
            "rule 'x'.*task.exploded",
            "known: task",
        ),
        ({"rules": [{"id": "x", "title": "t", "raised_by": ["cpu.high"]}]}, r"rule 'x' .raised_by\[0\].*cpu.high", ""),
        ({"rules": [{"id": "task-failed", "raise_after_runs": 0}]}, "rule 'task-failed' .raise_after_runs", ""),
        ({"rules": [{"id": "task-failed", "colour": "red"}]}, "rule 'task-failed'.*colour", ""),
        (
            {"rules": [{"id": "deadline-at-risk", "clear_below": 0.9}]},
            "rule 'deadline-at-risk'",
            "clear_below <= above",
        ),
        ({"rules": [{"id": "run-failed", "clear_below": 1}]}, "rule 'run-failed': clear_below without above", "above"),
        ({"rules": [{"id": "health-low", "above": 9}]}, "rule 'health-low': it has both", "one of them"),
        ({"rules": [{"id": "health-low", "clear_above": 9}]}, "rule 'health-low'", "clear_above >= below"),
        ({"rules": [{"id": "task-failed", "cleared_by": ["task.*"]}]}, "rule 'task-failed'.*both", "one side"),
        ({"rules": [{"id": "run-failed", "flap": {"changes": 10}}]}, "rule 'run-failed': 10 changes", "in_runs"),
        (
            {"rules": [{"id": "run-failed", "cleared_in": "same_run", "raise_after_runs": 2}]},
            "rule 'run-failed'.*wait for 2 runs",
            "of 1",
        ),
        ({"rules": [{"id": "run-failed"}, {"id": "run-failed"}]}, "rules: there are several 'run-failed'", ""),
        ({"rules": [{"title": "no name"}]}, "rule 0.*'id' is a required", ""),
        ({"inhibitions": [{"name": "own"}]}, "inhibition 'own': 'source' is missing", "which kinds"),
        (
            {"inhibitions": [{"name": "own", "source": ["run.*"], "muted": ["health.*"]}]},
            "inhibition 'own'",
            "'equal'",
        ),
        ({"receivers": [{"name": "ops"}]}, "receiver 'ops'.*'channel'", ""),
        ({"receivers": RECEIVERS * 2}, "receivers: there are several 'ops'", ""),
        ({"routes": [{"name": "r", "receivers": ["ops"]}]}, "route 'r': there is no receiver 'ops'", "known: log"),
        (
            {"receivers": RECEIVERS, "routes": [{"name": "r", "receivers": ["ops"], "mute_times": ["night"]}]},
            "route 'r': there is no mute time 'night'",
            "known: none",
        ),
        (
            {
                "receivers": RECEIVERS,
                "routes": [{"name": "r", "receivers": ["ops"], "escalate": [{"after": 9, "receivers": ["boss"]}]}],
            },
            "route 'r': there is no receiver 'boss'",
            "known: ops",
        ),
        ({"mute_times": [{"name": "night", "zone": "Mars/Base"}]}, "mute time 'night': 'Mars/Base'", "Europe/Rome"),
        ({"mute_times": [{"name": "n", "start": "25:00"}]}, "mute time 'n' .start", ""),
        (
            {"mute_times": [{"name": "n", "start": "09:00", "end": "09:00"}]},
            "mute time 'n': it starts and ends",
            "24:00",
        ),
        ({"rule": []}, "alert settings.*'rule'", ""),
    ],
)
def test_a_bad_part_is_named_and_told_what_was_expected(own, message, hint):
    with pytest.raises(UserInputError, match=message) as caught:
        read_alert_settings(own)
    assert caught.value.error_type == "AlertSettingsError"
    assert hint in caught.value.hint
    assert caught.value.hint
