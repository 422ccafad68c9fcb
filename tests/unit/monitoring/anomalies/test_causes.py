"""Change points name what came right before, or what changed together."""

from __future__ import annotations

from airflow_provider_wfintel.engine.monitoring.service import (
    AnomalyFinding,
    Change,
    RunCalendar,
    find_anomalies,
    with_causes,
)
from tests.unit.monitoring.anomalies.conftest import DAY, MONDAY, changed, quiet


def shift(first=10, last=14, kind="level_shift", observed=90.0):
    return AnomalyFinding(kind, "warning", first * DAY, last * DAY, "duration", observed, 60.0, 1.5, "longer")


VERSION = Change("dag_version", 9.5 * DAY, "version 7 of the DAG")


def test_a_change_between_the_last_old_and_the_first_new_run_is_the_suspect():
    found = with_causes(shift(), changes=[VERSION], run_before=9 * DAY)
    assert [cause.kind for cause in found.causes] == ["dag_version"]
    assert found.causes[0].confidence == 0.8
    assert "version 7" in found.causes[0].text


def test_earlier_and_later_changes_are_not():
    others = [Change("code", 8 * DAY, "early"), Change("connection", 11 * DAY, "late")]
    assert with_causes(shift(), changes=others, run_before=9 * DAY).causes == ()


def test_several_suspects_share_the_blame():
    both = [VERSION, Change("connection", 9.8 * DAY, "the connection warehouse was edited")]
    found = with_causes(shift(), changes=both, run_before=9 * DAY)
    assert [cause.confidence for cause in found.causes] == [0.4, 0.4]


def test_tasks_that_shift_together_share_a_cause():
    siblings = [[shift()], [shift(11, 15)], [shift(30, 34)]]
    found = with_causes(shift(), siblings=siblings, run_before=9 * DAY)
    assert found.causes[0].kind == "siblings"
    assert "2 of 3" in found.causes[0].text


def test_of_a_dag_all_of_its_tasks_are_looked_at():
    found = with_causes(shift(), siblings=[[shift()], [shift()], []], run_before=9 * DAY, of_dag=True)
    assert found.causes[0].text.startswith("2 of 3 tasks changed at the same time")


def test_tasks_that_got_faster_are_no_company():
    siblings = [[shift(observed=30.0)], [shift(observed=30.0)]]
    assert with_causes(shift(), siblings=siblings, run_before=9 * DAY).causes == ()


def test_a_spike_has_no_change_behind_it():
    spike = shift(kind="spike")
    assert with_causes(spike, changes=[VERSION], run_before=9 * DAY) == spike


def test_a_whole_history_comes_with_causes():
    points = [changed(p, duration=p.duration * 1.6) if i >= 40 else p for i, p in enumerate(quiet(60))]
    deployed = Change("dag_version", MONDAY + 39.5 * DAY, "version 7 of the DAG")
    answers = find_anomalies(points, calendar=RunCalendar("daily"), changes=[deployed])
    causes = [c.text for _, verdict in answers for f in verdict.findings if f.kind == "level_shift" for c in f.causes]
    assert causes == ["version 7 of the DAG came right before"]
