"""Insights are drawn from the figures once an hour, kept once each, and closed when they are not found any more."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from airflow_provider_wfintel.app.collecting.dag_states import LearnDags
from airflow_provider_wfintel.app.collecting.insights import FindInsights
from airflow_provider_wfintel.app.collecting.rollups import RollUp
from airflow_provider_wfintel.app.monitoring.insights import insights
from tests.integration.monitoring.histories import FIRST, daily, write
from tests.integration.monitoring.test_rollups import Clock, work_on

pytestmark = pytest.mark.integration


def look(engine: Engine, day: float) -> list[tuple[str, str, str]]:
    clock = Clock(FIRST + timedelta(days=day))
    RollUp(every=timedelta(0))(work_on(engine, clock))
    LearnDags()(work_on(engine, clock))
    FindInsights()(work_on(engine, clock))
    with Session(engine) as session:
        return [(item.kind, item.dag_id, item.task_id) for item in insights(session)]


def test_retries_that_hide_failures_are_told_until_they_end(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("airflow_provider_wfintel.app.collecting.insights._DAGS", 1)
    write(engine, daily("fine", 14))
    write(engine, daily("hiding", 14, retries=1))
    expected = [("retries_hide_failures", "hiding", "task_0")]
    assert look(engine, 14) == expected
    assert look(engine, 14.01) == expected, "not due yet"
    assert look(engine, 14.5) == expected, "seen again, the same row"
    write(engine, daily("hiding", 15, first=FIRST + timedelta(days=14)))
    assert look(engine, 29) == []


def test_a_dag_that_became_dear_is_told(engine: Engine) -> None:
    write(engine, daily("dear", 14, slow_from=7, tasks=5, wait=1.0))
    assert look(engine, 14) == [], "minutes are no cost"
    more = daily("heavy", 14, tasks=3)
    for number, (run, tries) in enumerate(more):
        factor = 600.0 if number >= 7 else 60.0
        more[number] = run, [item.__class__(**{**_fields(item), "duration": factor * 30}) for item in tries]
    write(engine, more)
    assert look(engine, 14.5) == [("cost_mover", "heavy", "")]


def _fields(item: object) -> dict[str, object]:
    return {name: getattr(item, name) for name in item.__slots__}  # type: ignore[attr-defined]
