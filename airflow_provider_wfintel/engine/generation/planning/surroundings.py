"""Surroundings: Airflow variables and start parameters that the words name reach the tasks that can take them."""

from __future__ import annotations

from dataclasses import replace

from airflow_provider_wfintel.engine.generation.planning.desk import Desk
from airflow_provider_wfintel.engine.generation.reading.requirements import Requirements
from airflow_provider_wfintel.engine.model import Argument, LiteralValue, ParamSpec, TaskSpec

__all__ = ["with_requirements"]

_ENVIRONMENTS = ("environment", "env_vars", "env")


def with_requirements(desk: Desk, tasks: tuple[TaskSpec, ...], requirements: Requirements) -> tuple[TaskSpec, ...]:
    """Give variables to the first task that takes an environment, and declare start parameters on the DAG."""
    for name in requirements.parameters:
        desk.notes.params.setdefault(name, ParamSpec(name, "string"))
    if not requirements.variables:
        return tasks
    values = {name.upper(): {"__template__": "{{ var.value.%s }}" % name} for name in requirements.variables}  # noqa: UP031
    for index, task in enumerate(tasks):
        argument = _environment_of(desk, task)
        if argument and task.argument(argument) is None:
            own = Argument(argument, LiteralValue.of(values), "stated")
            return (*tasks[:index], replace(task, arguments=(*task.arguments, own)), *tasks[index + 1 :])
    names = ", ".join(requirements.variables)
    desk.notes.ask(
        "variables", f"Which task uses the Airflow variables {names}? None of the tasks takes an environment."
    )
    return tasks


def _environment_of(desk: Desk, task: TaskSpec) -> str:
    if task.operator.kind == "taskflow":
        return ""
    signature = desk.signature(task.operator.path)
    return next((name for name in _ENVIRONMENTS if signature is not None and name in signature.arguments), "")
