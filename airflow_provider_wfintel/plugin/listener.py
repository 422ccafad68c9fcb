"""The listener: in the task process, one structured log line at the end of every try, see `measure`.

Airflow calls it in other processes too (scheduler, api-server); there it does nothing, since what it would measure is
not the task. It is a hint and no source of truth: a task that is killed by SIGKILL leaves no line, the collector knows
of it all the same.
"""

from __future__ import annotations

from typing import Any

from airflow.listeners import hookimpl

from airflow_provider_wfintel.plugin import measure

__all__ = [
    "on_task_instance_failed",
    "on_task_instance_running",
    "on_task_instance_skipped",
    "on_task_instance_success",
]

_TASK_PROCESS = "airflow.sdk.execution_time.task_runner"


def _is_task_process(item: Any) -> bool:
    """Whether the task instance is that of the Task SDK: only a process that runs tasks has it."""
    return type(item).__module__ == _TASK_PROCESS


@hookimpl
def on_task_instance_running(previous_state: Any, task_instance: Any) -> None:  # noqa: ARG001 - names are Airflow's
    """Note where the measures stand."""
    if _is_task_process(task_instance):
        measure.start(str(getattr(task_instance, "id", "")))


@hookimpl
def on_task_instance_success(previous_state: Any, task_instance: Any) -> None:  # noqa: ARG001
    """Write the line."""
    if _is_task_process(task_instance):
        measure.report(task_instance, "success")


@hookimpl
def on_task_instance_failed(previous_state: Any, task_instance: Any, error: Any) -> None:  # noqa: ARG001
    """Write the line, with the kind of the error."""
    if _is_task_process(task_instance):
        state = getattr(task_instance, "state", None)
        measure.report(task_instance, str(getattr(state, "value", state) or "failed"), error)


@hookimpl
def on_task_instance_skipped(previous_state: Any, task_instance: Any) -> None:  # noqa: ARG001
    """Write the line."""
    if _is_task_process(task_instance):
        measure.report(task_instance, "skipped")
