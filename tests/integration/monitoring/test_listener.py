"""The listener as Airflow calls it."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest

from airflow_provider_wfintel.plugin import listener, measure
from airflow_provider_wfintel.plugin.wfintel_plugin import WfIntelPlugin

pytestmark = pytest.mark.integration

LOGGER = "airflow_provider_wfintel.try"


@pytest.fixture
def hooks() -> Any:
    """The listeners of a task process, with ours alone."""
    from airflow.sdk._shared.listeners.listener import ListenerManager
    from airflow.sdk._shared.listeners.spec import lifecycle, taskinstance

    manager = ListenerManager()
    manager.add_hookspecs(lifecycle)
    manager.add_hookspecs(taskinstance)
    (ours,) = WfIntelPlugin.listeners
    manager.add_listener(ours)
    return manager.hook


def item_of_a_task_process() -> Any:
    from airflow.sdk.execution_time.task_runner import RuntimeTaskInstance

    return RuntimeTaskInstance.model_construct(
        id="0198-7", dag_id="orders", run_id="r", task_id="load", map_index=-1, try_number=1, state="failed"
    )


def lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    found = [record.getMessage() for record in caplog.records if record.name == LOGGER]
    return [json.loads(text.partition(" ")[2]) for text in found if text.startswith(measure.MARK)]


@pytest.mark.parametrize("end", ["success", "failed", "skipped"])
def test_a_task_process_leaves_one_line(hooks: Any, end: str, caplog: pytest.LogCaptureFixture) -> None:
    item = item_of_a_task_process()
    with caplog.at_level(logging.INFO, logger=LOGGER):
        hooks.on_task_instance_running(previous_state=None, task_instance=item)
        more = {"error": KeyError("id")} if end == "failed" else {}
        getattr(hooks, f"on_task_instance_{end}")(previous_state=None, task_instance=item, **more)
    (line,) = lines(caplog)
    assert (line["try_id"], line["state"]) == ("0198-7", end)
    assert line["peak_rss_bytes"] > 0
    assert "cpu_seconds" in line
    assert line.get("error_type") == ("KeyError" if end == "failed" else None)


def test_other_processes_leave_none(hooks: Any, caplog: pytest.LogCaptureFixture) -> None:
    from airflow.models.taskinstance import TaskInstance

    item = TaskInstance.__new__(TaskInstance)
    with caplog.at_level(logging.DEBUG, logger=LOGGER):
        hooks.on_task_instance_failed(previous_state=None, task_instance=item, error="killed")
    assert lines(caplog) == []


def test_airflow_finds_it_in_the_plugin() -> None:
    assert WfIntelPlugin.listeners == [listener]
