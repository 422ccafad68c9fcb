"""A draft by another reader becomes a `WorkflowSpec`, or is refused. Nothing in a draft is trusted."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, cast, get_args

from airflow_provider_wfintel.engine.catalog import Catalog
from airflow_provider_wfintel.engine.model import (
    Action,
    Dependency,
    OperatorRef,
    RetrySpec,
    Schedule,
    TaskSpec,
    WorkflowSpec,
)
from airflow_provider_wfintel.exceptions import SpecError

__all__ = ["MOST_TASKS", "draft_spec"]

MOST_TASKS = 100
_LONGEST_LABEL = 160
_MOST_RETRIES = 100
_TASK_ID = re.compile(r"[a-z][a-z0-9_]{0,79}")
_NO_OPERATOR = OperatorRef("taskflow", "task", "python_step")


def draft_spec(data: Mapping[str, Any], catalog: Catalog) -> WorkflowSpec:
    """The draft as a spec: tasks, order, schedule and retries. Operators and arguments are not taken from drafts.

    Args:
        data: `tasks` (each `id`, `label`, `action`, `services`, `after`), `crons`, `timezone`, `retries`.
        catalog: services that a draft names must be in it.

    Raises:
        SpecError: an unknown service, action or task, a cycle, a cron expression that is none, too many tasks.
    """
    items = _sequence(data.get("tasks"), "tasks")
    if not 0 < len(items) <= MOST_TASKS:
        raise SpecError(f"the draft has {len(items)} tasks", hint=f"a draft has 1 to {MOST_TASKS}")
    tasks = tuple(_task(item, catalog) for item in items)
    edges = tuple(
        Dependency(_task_id(upstream), _task_id(item.get("id")))
        for item in items
        for upstream in _sequence(item.get("after"), "after")
    )
    return WorkflowSpec(
        dag_id="draft", schedule=_schedule(data), tasks=tasks, dependencies=edges, retry=_retry(data.get("retries"))
    ).validate()


def _sequence(value: object, name: str) -> Sequence[Any]:
    if value is None:
        return ()
    if not isinstance(value, list | tuple):
        raise SpecError(f"{name!r} of the draft is no list")
    return value


def _task(item: object, catalog: Catalog) -> TaskSpec:
    if not isinstance(item, Mapping):
        raise SpecError("a task of the draft is no object")
    action = item.get("action")
    if action not in get_args(Action):
        raise SpecError(f"the draft has the unknown action {str(action)[:40]!r}")
    services = tuple(str(name) for name in _sequence(item.get("services"), "services"))
    unknown = next((name for name in services if name not in catalog), None)
    if unknown is not None:
        raise SpecError(f"the draft has the unknown service {unknown[:40]!r}")
    return TaskSpec(
        _task_id(item.get("id")), plain(str(item.get("label") or "")), cast("Action", action), _NO_OPERATOR, services
    )


def _task_id(value: object) -> str:
    if not isinstance(value, str) or not _TASK_ID.fullmatch(value):
        raise SpecError(
            f"the draft has the task id {str(value)[:40]!r}", hint="lower case letters, digits, underscores"
        )
    return value


def plain(text: str) -> str:
    """Foreign words on one line without control characters, cut to a length that can be shown."""
    words = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return words[: _LONGEST_LABEL - 3] + "..." if len(words) > _LONGEST_LABEL else words


def _schedule(data: Mapping[str, Any]) -> Schedule:
    from croniter import croniter

    crons = tuple(str(item) for item in _sequence(data.get("crons"), "crons"))
    for cron in crons:
        if len(cron) > 100 or len(cron.split()) != 5 or not croniter.is_valid(cron):
            raise SpecError(f"the draft has {cron[:40]!r} as a cron expression")
    zone = data.get("timezone") or ""
    if not crons:
        return Schedule()
    return Schedule("cron", crons, timezone=plain(str(zone)) or "UTC", timezone_stated=bool(zone), stated=True)


def _retry(value: object) -> RetrySpec | None:
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _MOST_RETRIES:
        raise SpecError(f"the draft has {str(value)[:40]!r} retries")
    return RetrySpec(retries=value)
