"""Data that Great Expectations validates, and syncs of services that only have an API."""

from __future__ import annotations

from typing import Any

import pytest


def test_a_checkpoint_is_run(plan: Any, values: Any) -> None:
    (task,) = plan("Daily at 6 run the Great Expectations checkpoint stock_ok of the project /srv/gx.").spec.tasks
    assert task.operator.recipe == "gx_checkpoint"
    assert values(task) == {"checkpoint": "stock_ok", "project_folder": "/srv/gx"}


def test_a_suite_looks_at_the_rows_of_its_table(plan: Any, values: Any) -> None:
    text = (
        "Hourly: validate the Postgres table core.stock (connection shop_ro) with the Great Expectations suite stock."
    )
    (task,) = plan(text).spec.tasks
    assert task.operator.recipe == "gx_suite"
    assert values(task) == {"suite": "stock", "sql": "SELECT * FROM core.stock", "conn_id": "shop_ro"}


@pytest.mark.parametrize(
    ("words", "endpoint"),
    [
        ("run the Hightouch sync 41", "syncs/41/trigger"),
        ("push the leads to Braze with Hightouch sync 8812", "syncs/8812/trigger"),
        ("start Census sync 77", "syncs/77/trigger"),
        ("refresh the Metabase dashboard 19", "api/cache/invalidate?dashboard=19"),
        ("refresh the Superset dashboard 23", "api/v1/dashboard/23/cache_dashboard_screenshot/"),
    ],
)
def test_syncs_and_dashboards_without_an_operator_are_calls(plan: Any, values: Any, words: str, endpoint: str) -> None:
    (task,) = plan(f"Every day at 7 {words}.").spec.tasks
    assert values(task)["endpoint"] == endpoint


def test_things_that_are_counted_are_no_number_of_a_sync(plan: Any, values: Any) -> None:
    (task,) = plan("Every day at 7 Hightouch shall sync 12 tables.").spec.tasks
    assert "12" not in str(values(task).get("endpoint", ""))
