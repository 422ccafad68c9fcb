"""Health of tags, owners and deployments."""

from __future__ import annotations

import pytest

from airflow_provider_wfintel.engine.monitoring.health import HealthScore, group_health


def score(value):
    return HealthScore(value, 0.0, 0.0, 50, True)


SCORES = {"a": score(90.0), "b": score(50.0), "c": score(100.0)}


def test_a_group_is_the_mean_of_its_dags_and_names_the_worst():
    (group,) = group_health(SCORES, {"tag:x": ["a", "b"]})
    assert (group.score, group.dags, group.worst_dag, group.worst_score) == (pytest.approx(70.0), 2, "b", 50.0)


def test_the_worst_group_comes_first():
    found = group_health(SCORES, {"owner:well": ["c", "a"], "owner:sick": ["b"]})
    assert [group.name for group in found] == ["owner:sick", "owner:well"]


def test_dags_without_a_score_and_groups_of_nothing_else_are_left_out():
    assert group_health(SCORES, {"tag:new": ["unknown"], "tag:mixed": ["a", "unknown"]})[0].dags == 1
    assert group_health({}, {"tag:x": ["a"]}) == ()
