"""Days off in a table, deadlines as durations, and alerts about deadlines."""

from __future__ import annotations

from typing import Any

import pytest


def test_days_off_in_a_table_leave_no_calendar_of_a_country(plan: Any, values: Any) -> None:
    answer = plan("Every weekday at 6 except holidays in the table calendar.days_off in Postgres, run `report.sh`.")
    check, work = answer.spec.tasks
    assert check.operator.recipe == "gate_not_in_table"
    assert values(check)["table"] == "calendar.days_off"
    assert work.operator.path.endswith("BashOperator")
    assert answer.spec.schedule.gate is None
    assert not any("country" in item.text for item in answer.clarifications)


def test_days_off_of_a_country_stay_a_calendar(plan: Any) -> None:
    answer = plan("Every weekday at 6 except German holidays, run `report.sh`.")
    assert answer.spec.schedule.gate.country == "DE"


@pytest.mark.parametrize("words", ["deadline 30 minutes", "deadline: 30 min", "with a deadline of 30 minutes"])
def test_a_deadline_may_be_a_duration(plan: Any, words: str) -> None:
    answer = plan(f"Every day at 6 run `report.sh`, {words}.")
    assert answer.spec.deadline.within_seconds == 1800
    assert len(answer.spec.tasks) == 1


def test_an_alert_about_a_deadline_without_one_is_a_question(plan: Any) -> None:
    answer = plan("Every day at 6 run `report.sh` with a deadline alert to Slack #ops.")
    assert [task.operator.path.rpartition(":")[2] for task in answer.spec.tasks] == ["BashOperator"]
    assert [alert.on for alert in answer.spec.alerts] == ["deadline"]
    assert any(item.about == "deadline" for item in answer.clarifications)


def test_a_missed_deadline_is_told_by_an_alert_not_by_a_task(plan: Any) -> None:
    answer = plan("Every day at 6 run `report.sh`. Deadline: 45 minutes. On a missed deadline tell #ops on Slack.")
    assert len(answer.spec.tasks) == 1
    assert "DeadlineAlert(" in answer.source
