"""Likely causes of a change point in a deployment: tasks that shifted together, a connection that was changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from airflow.models.log import Log
from sqlalchemy import Engine, insert
from sqlalchemy.orm import Session

from airflow_provider_wfintel.app.collecting.dag_states import LearnDags
from airflow_provider_wfintel.app.monitoring.anomalies import anomalies
from tests.integration.monitoring.histories import FIRST, daily, write
from tests.integration.monitoring.test_rollups import Clock, work_on

pytestmark = pytest.mark.integration

SLOW = 40
"""From this day on runs take three times as long."""


@pytest.fixture(autouse=True)
def connections(monkeypatch: pytest.MonkeyPatch) -> None:
    used = {"shop_db": ("orders",)}
    place = "airflow_provider_wfintel.host.connections_in_use.connections_in_use"
    monkeypatch.setattr(place, lambda _session, _dag_id="": used)


def causes(engine: Engine, history: list[Any]) -> list[dict[str, Any]]:
    now = FIRST + timedelta(days=len(history))
    write(engine, history)
    LearnDags()(work_on(engine, Clock(now)))
    with Session(engine) as session:
        shifts = [item for item in anomalies(session, now=now, days=14) if item.kind == "level_shift"]
    assert shifts
    return list(shifts[0].causes)


def changed(engine: Engine, event: str, at: datetime, extra: str) -> None:
    with engine.begin() as connection:
        connection.execute(insert(Log).values(event=event, dttm=at, owner="ann", extra=extra))


def test_tasks_that_shift_together_are_told_and_one_that_shifts_alone_is_not(engine: Engine) -> None:
    together = causes(engine, daily("orders", SLOW + 8, slow_from=SLOW, tasks=4))
    assert [(item["kind"], item["text"]) for item in together] == [
        ("siblings", "4 of 4 tasks changed at the same time: something they share, not one of them")
    ]


def test_a_task_that_shifts_alone_has_no_company(engine: Engine) -> None:
    history = daily("orders", SLOW + 8, tasks=3)
    assert causes(engine, [slower_last(item) if day >= SLOW else item for day, item in enumerate(history)]) == []


def slower_last(item: Any) -> Any:
    run, tries = item
    end = datetime.fromisoformat(tries[-1].ended_at) + timedelta(seconds=200)
    last = replace(tries[-1], ended_at=end.isoformat(), duration=(tries[-1].duration or 0.0) + 200)
    return replace(run, ended_at=end.isoformat()), [*tries[:-1], last]


def test_a_connection_of_the_dag_that_was_changed_right_before_is_a_suspect(engine: Engine) -> None:
    before = FIRST + timedelta(days=SLOW) - timedelta(hours=2)
    changed(engine, "patch_connection", before, '{"connection_id": "shop_db", "method": "PATCH"}')
    changed(engine, "patch_connection", before, '{"connection_id": "of_others", "method": "PATCH"}')
    changed(engine, "patch_connection", before - timedelta(days=3), '{"connection_id": "shop_db"}')
    changed(engine, "patch_variable", before, '{"variable_key": "shop_db"}')
    history = daily("orders", SLOW + 8, tasks=3)
    found = causes(engine, [slower_last(item) if day >= SLOW else item for day, item in enumerate(history)])
    assert [(item["kind"], item["text"], item["at"]) for item in found] == [
        ("connection", "a change of the connection shop_db came right before", before.timestamp())
    ]
