"""What every rule is given, and small questions about a DAG that several rules ask."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from airflow_provider_wfintel.engine.model import DeploymentContext, LiteralValue, Suggestion, TaskSpec, WorkflowSpec

__all__ = ["Look", "Rule", "fixed_hour", "is_remote", "last_task", "text_argument", "written_table"]

_LOCAL = frozenset({"python", "bash", "human", "airflow", "filesystem", "dbt"})
_TABLE = r"[A-Za-z_][\w$]*(?:\.[A-Za-z_][\w$]*){0,2}"
_WRITES = re.compile(rf"\s*(?:INSERT\s+(?:INTO|OVERWRITE)|MERGE\s+INTO)\s+({_TABLE})\s", re.I)
_TABLES = ("table", "table_name", "destination_table")


@dataclass(frozen=True, slots=True)
class Look:
    """A finished DAG and what the deployment has."""

    spec: WorkflowSpec
    context: DeploymentContext


Rule: TypeAlias = Callable[[Look], "Suggestion | None"]


def is_remote(task: TaskSpec) -> bool:
    """Whether the task talks to something outside the worker."""
    return any(name not in _LOCAL for name in task.services)


def last_task(spec: WorkflowSpec) -> TaskSpec | None:
    """The task that all paths end in, if there is just one and it always runs in the ordinary way."""
    ups = {edge.upstream for edge in spec.dependencies}
    ends = [task for task in spec.tasks if task.task_id not in ups]
    return ends[0] if len(ends) == 1 and ends[0].trigger_rule == "all_success" else None


def fixed_hour(spec: WorkflowSpec) -> int | None:
    """The hour of a schedule that names one time of day, else nothing."""
    if len(spec.schedule.crons) != 1:
        return None
    fields = spec.schedule.crons[0].split()
    return int(fields[1]) if len(fields) == 5 and fields[0].isdecimal() and fields[1].isdecimal() else None


def text_argument(task: TaskSpec, *names: str) -> str:
    """The stated text of the first of these arguments that has one."""
    for name in names:
        argument = task.argument(name)
        if argument is not None and isinstance(argument.value, LiteralValue) and isinstance(argument.value.value, str):
            return argument.value.value
    return ""


def written_table(task: TaskSpec) -> str:
    """The table that a task writes, with its schema, if its arguments or its statement name it whole."""
    table = text_argument(task, *_TABLES)
    schema = text_argument(task, "schema")
    if not table:
        match = _WRITES.match(text_argument(task, "sql"))
        table, schema = (match.group(1) if match else ""), ""
    whole = f"{schema}.{table}" if schema and "." not in table else table
    return whole if re.fullmatch(_TABLE, whole, re.ASCII) else ""
