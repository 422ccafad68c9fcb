"""From what ran to what the machine is told, and from what it says to what people read."""

from __future__ import annotations

from dataclasses import replace

import pytest

from airflow_provider_wfintel.engine.model import TaskTry, WorkflowRun
from airflow_provider_wfintel.engine.monitoring.service import (
    AlertMachine,
    Blame,
    DagLabels,
    Forecast,
    HealthScore,
    KnownCause,
    Notification,
    Place,
    Reason,
    Resolve,
    Seen,
    changed_views,
    message_of,
    read_alert_settings,
    seen_of_deadline,
    seen_of_forecast,
    seen_of_health,
    seen_of_run,
    seen_of_try,
    with_consequences,
)
from tests.unit.monitoring.alerts.conftest import NOW, QUICK

END = "2026-03-02T06:00:00+00:00"
TRY = TaskTry("id-1", "etl", "r1", "load", try_number=3, max_tries=2, state="failed", ended_at=END)


class TestTries:
    def test_a_failed_try_is_the_end_of_its_task(self):
        seen = seen_of_try(TRY, labels=DagLabels(("finance",), ("ann",), ("raw",), 2))
        assert (seen.kind, seen.event_id, seen.at) == ("task.failed", "id-1", 1772431200.0)
        assert (seen.tags, seen.owners, seen.upstream_dags) == (("finance",), ("ann",), ("raw",))
        assert seen.consequence.blocked_dags == 2
        assert seen.message == "try 3 of 3 failed"

    def test_unless_another_try_took_its_place(self):
        assert seen_of_try(TRY, superseded=True).kind == "task.retry"
        assert seen_of_try(replace(TRY, state="success"), superseded=True) is None

    def test_a_diagnosed_cause_comes_first(self):
        seen = seen_of_try(TRY, cause=KnownCause("disk_full|x", "The disk is full.", shared=True))
        assert (seen.cause, seen.shared) == ("disk_full|x", True)
        assert seen.message == "The disk is full. (try 3 of 3 failed)"

    @pytest.mark.parametrize("state", ["skipped", "removed", "running", "up_for_retry", "deferred"])
    def test_other_states_say_nothing(self, state):
        assert seen_of_try(replace(TRY, state=state)) is None

    def test_what_goes_on_says_nothing(self):
        assert seen_of_try(replace(TRY, ended_at="")) is None
        assert seen_of_run(WorkflowRun("etl", "r1", "running")) is None

    def test_others_of_the_run_say_what_a_failure_leads_to(self):
        failed = seen_of_try(TRY)
        stuck = seen_of_try(replace(TRY, try_id="id-2", task_id="report", state="upstream_failed"))
        lost = seen_of_run(WorkflowRun("etl", "r1", "failed", ended_at=END))
        assert with_consequences([failed, stuck, lost])[0].consequence.blocked_tasks == 1
        assert with_consequences([failed, stuck, lost])[0].consequence.run_lost is True
        assert with_consequences([failed])[0].consequence.run_lost is None


class TestConclusions:
    def test_health_counts_with_enough_runs(self):
        score = HealthScore(30.0, 0.7, 0.0, 50, True, (Reason("fails", "failed 3 times in a row", 40.0),))
        seen = seen_of_health(score, dag_id="etl", run_id="r1", at=NOW)
        assert (seen.value, seen.message) == (30.0, "the next run fails or is late with 70%: failed 3 times in a row")
        assert seen_of_health(replace(score, enough_runs=False), dag_id="etl", run_id="r1", at=NOW) is None

    def test_odds_name_the_task_to_blame(self):
        forecast = Forecast(1.0, 2.0, 3.0, 0.8, 50, True, (Blame("load", 60.0),))
        seen = seen_of_forecast(forecast, dag_id="etl", run_id="r1", at=NOW)
        assert (seen.value, seen.message) == (0.8, "misses its deadline with 80%, held up by load")
        for other in (replace(forecast, miss_probability=None), replace(forecast, enough_runs=False)):
            assert seen_of_forecast(other, dag_id="etl", run_id="r1", at=NOW) is None

    def test_a_deadline(self):
        late = seen_of_deadline(dag_id="etl", run_id="r1", due=NOW, ended=NOW + 90, missed=True)
        assert (late.kind, late.at) == ("deadline.missed", NOW)
        assert late.message.endswith("it ended 90 s later")
        kept = seen_of_deadline(dag_id="etl", run_id="r2", due=NOW, ended=NOW - 5, missed=False)
        assert (kept.kind, kept.at) == ("deadline.met", NOW - 5)


class TestViews:
    def test_from_the_beginning_to_the_end(self):
        settings = read_alert_settings(QUICK)
        machine = AlertMachine(settings)
        start = machine.start(NOW)
        events = [
            Seen("task.failed", NOW + 1, "etl", "r1", "load", event_id="e"),
            Seen("run.failed", NOW + 2, "etl", "r1"),
        ]
        first, _ = machine.step(start, events, NOW + 5)
        root, follower = sorted(changed_views(settings, start, first), key=lambda view: view.kind, reverse=True)
        assert (root.kind, root.status) == ("task.failed", "firing")
        assert (follower.status, follower.body["follows_from"]) == ("muted", root.key)
        same, _ = machine.step(first, [], NOW + 6)
        assert changed_views(settings, first, same) == ()
        order = Resolve(root.incident, "ann")
        over, _ = machine.step(same, [order], NOW + 7)
        ended = {view.key: view for view in changed_views(settings, same, over, [order])}
        assert ended[root.key].status == ended[follower.key].status == "resolved"
        assert (ended[root.key].resolved_by, ended[root.key].resolved_at) == ("ann", NOW + 7)


class TestMessages:
    def test_answer_first_then_since_when_and_where(self):
        said = Notification(
            "k", "firing", "i", "team", "error", "task failed: etl.load[3]", ("task failed: etl.load[3]: no space",),
            since=NOW - 180, places=(Place("etl", "manual__2026-03-02T06:00:00+00:00", "load", 3),),
        )  # fmt: skip
        message = message_of(said, base_url="http://airflow/", now=NOW)
        first, second, third, link = message.as_text().split("\n")
        assert first == "[error] task failed: etl.load[3]"
        assert second.endswith("no space")
        assert third.startswith("Since 2027-01-15 07:57:00 UTC (3 min)")
        assert link.endswith(
            "http://airflow/dags/etl/runs/manual__2026-03-02T06%3A00%3A00%2B00%3A00/tasks/load/mapped/3"
        )

    def test_what_it_quotes_is_no_markup(self):
        said = Notification("k", "firing", "i", "team", "error", "<b>", ("<script>",), places=(Place('"><x>'),))
        page = message_of(said, base_url="http://airflow", now=NOW).as_html()
        assert "<script>" not in page
        assert '"><x>' not in page
