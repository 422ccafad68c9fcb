"""Run-time values of an accepted plan: read from a small local JSON file, put on tasks and DAGs when they are parsed.

    {"version": 1, "dags": {"sales": {"plan": "2026-11-30 performance",
        "max_active_tasks": {"set": 32, "was": 16},
        "tasks": {"load": {"priority_weight": {"set": 40, "was": 1}, "pool": {"set": "warehouse"}}}}}}

A value is set only where the DAG file still has the one that the plan was made for (`was`); without `was` it is set in
any case. Standard library only: every process that parses DAGs imports this.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from airflow_provider_wfintel.exceptions import UserInputError

__all__ = [
    "DAG_FIELDS",
    "TAG",
    "TASK_FIELDS",
    "Change",
    "DagPlan",
    "RunTimePlan",
    "apply_to_dag",
    "apply_to_task",
    "read_plan",
]

TAG = "wfintel-plan"
_VERSION = 1
_MOST_BYTES = 10_000_000
_MOST = 2**31 - 1
"""Airflow keeps weights and numbers of slots in 32 bits."""


@dataclass(frozen=True, slots=True)
class Field:
    """One value that a plan may set.

    Attributes:
        name: in the plan.
        attribute: of the task or DAG.
        fits: whether a value of the plan is possible.
        make: the value for Airflow from the one of the plan.
        only_with: an attribute that the task must have; empty: any task will do.
        read: what of the present attribute is compared with `was`; None: all of it.
        merge: the new attribute from the present one and the value; None: `make` gives it.
    """

    name: str
    attribute: str
    fits: Callable[[object], bool]
    make: Callable[[Any], object]
    only_with: str = ""
    read: Callable[[Any], object] | None = None
    merge: Callable[[Any, Any], object] | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A value to set: `was` is what the file has to say for it, if `guarded`."""

    field: Field
    value: object
    was: object = None
    guarded: bool = False


@dataclass(frozen=True, slots=True)
class DagPlan:
    """What is set for one DAG and its tasks. `plan` names the plan, for people who look at the task."""

    plan: str = ""
    changes: tuple[Change, ...] = ()
    tasks: Mapping[str, tuple[Change, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RunTimePlan:
    """The plans of all DAGs."""

    dags: Mapping[str, DagPlan] = field(default_factory=dict)


def _whole(least: int) -> Callable[[object], bool]:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and least <= value <= _MOST


def _seconds(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < _MOST


def _name(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 250


def _same(value: object) -> object:
    return value


def _duration(value: float) -> object:
    return timedelta(seconds=value)


def _memory_of(resources: Any) -> object:
    """The memory limit of a container, in MiB."""
    from airflow_provider_wfintel.engine.troubleshooting.remedies.memory import megabytes

    return megabytes((getattr(resources, "limits", None) or {}).get("memory"))


def _with_memory(resources: Any, value: int) -> object:
    """The resources of a container with another memory limit; a request of memory goes with it, all else stays."""
    changed = copy.copy(resources)
    changed.limits = {**(resources.limits or {}), "memory": f"{value}Mi"}
    if "memory" in (resources.requests or {}):
        changed.requests = {**resources.requests, "memory": f"{value}Mi"}
    return changed


TASK_FIELDS: tuple[Field, ...] = (
    Field("priority_weight", "priority_weight", _whole(1), _same),
    Field("pool", "pool", _name, _same),
    Field("pool_slots", "pool_slots", _whole(1), _same),
    Field("execution_timeout_seconds", "execution_timeout", _seconds, _duration),
    Field("retries", "retries", _whole(0), _same),
    Field("retry_delay_seconds", "retry_delay", _seconds, _duration),
    Field("retry_exponential_backoff", "retry_exponential_backoff", lambda value: isinstance(value, bool), _same),
    Field("max_retry_delay_seconds", "max_retry_delay", _seconds, _duration),
    Field("queue", "queue", _name, _same),
    Field("memory_mb", "container_resources", _whole(16), _same, "container_resources", _memory_of, _with_memory),
    Field("sensor_timeout_seconds", "timeout", _seconds, float, only_with="poke_interval"),
    Field("max_active_tis_per_dagrun", "max_active_tis_per_dagrun", _whole(1), _same),
)
DAG_FIELDS: tuple[Field, ...] = (
    Field("max_active_tasks", "max_active_tasks", _whole(1), _same),
    Field("max_active_runs", "max_active_runs", _whole(1), _same),
    Field("dagrun_timeout_seconds", "dagrun_timeout", _seconds, _duration),
)


def read_plan(path: Path) -> RunTimePlan:
    """Read a plan file.

    Raises:
        UserInputError: it cannot be read, is no plan, or names a value that cannot be set.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise UserInputError(
                f"the plan {str(path)!r} holds more than {_MOST_BYTES:,} bytes", hint="make it smaller"
            )
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise UserInputError(f"the plan {str(path)!r} cannot be read: {error}", hint="expected JSON") from error
    if not isinstance(data, dict) or data.get("version") != _VERSION or not isinstance(data.get("dags"), dict):
        raise UserInputError(
            f"{str(path)!r} is no plan of version {_VERSION}", hint='expected {"version": 1, "dags": {…}}'
        )
    return RunTimePlan({dag_id: _dag_plan(dag_id, entry) for dag_id, entry in data["dags"].items()})


def _dag_plan(dag_id: str, entry: object) -> DagPlan:
    if not isinstance(entry, dict) or not isinstance(entry.get("tasks", {}), dict):
        raise UserInputError(f"the plan of DAG {dag_id!r} is no object", hint='expected {"tasks": {…}}')
    own = {name: value for name, value in entry.items() if name not in ("plan", "tasks")}
    tasks = {
        name: tuple(_changes(item, TASK_FIELDS, f"task {name!r}")) for name, item in entry.get("tasks", {}).items()
    }
    return DagPlan(str(entry.get("plan", ""))[:100], tuple(_changes(own, DAG_FIELDS, f"DAG {dag_id!r}")), tasks)


def _changes(entry: object, fields: tuple[Field, ...], where: str) -> Iterator[Change]:
    known = {item.name: item for item in fields}
    if not isinstance(entry, dict):
        raise UserInputError(f"the plan of {where} is no object", hint='expected {"name": {"set": …, "was": …}}')
    for name, change in entry.items():
        if name not in known:
            raise UserInputError(f"{where} has no {name!r} that a plan can set", hint=f"one of {', '.join(known)}")
        if not isinstance(change, dict) or "set" not in change or not known[name].fits(change["set"]):
            raise UserInputError(f"the plan sets {name!r} of {where} to {change!r}", hint='expected {"set": value}')
        yield Change(known[name], change["set"], change.get("was"), "was" in change)


def apply_to_dag(dag: Any, plan: RunTimePlan) -> tuple[str, ...]:
    """Set the values of a DAG, tag it, and return what was set, in words."""
    mine = plan.dags.get(dag.dag_id)
    if mine is None:
        return ()
    said = tuple(_apply(mine.changes, lambda name: getattr(dag, name, None), lambda name, to: setattr(dag, name, to)))
    tags = getattr(dag, "tags", None)
    if tags is not None:
        # Airflow holds tags in a set that it made itself; others in a list.
        dag.tags = {*tags, TAG} if isinstance(tags, set | frozenset) else [*tags, TAG]
    return said


def apply_to_task(task: Any, plan: RunTimePlan) -> tuple[str, ...]:
    """Set the values of a task, say so in its documentation, and return what was set, in words."""
    mine = plan.dags.get(getattr(task, "dag_id", ""))
    changes = mine.tasks.get(task.task_id) if mine is not None else None
    if mine is None or not changes:
        return ()
    partial: MutableMapping[str, Any] | None = getattr(task, "partial_kwargs", None)

    def put(name: str, value: object) -> None:
        # What a mapped task hands on to its instances stands in a dictionary.
        if partial is None:
            setattr(task, name, value)
        else:
            partial[name] = value

    said = tuple(_apply(changes, lambda name: getattr(task, name, None), put))
    if any(words.startswith("priority_weight") for words in said):
        # The weight of a plan is the whole one: nothing is to be summed over downstream tasks.
        put("weight_rule", "absolute")
    if said:
        note = f"Set by the wfintel plan{f' {mine.plan!r}' if mine.plan else ''}: {'; '.join(said)}."
        before = getattr(task, "doc_md", None)
        put("doc_md", f"{before}\n\n{note}" if before else note)
    return said


def _apply(
    changes: tuple[Change, ...], get: Callable[[str], object], put: Callable[[str, object], None]
) -> Iterator[str]:
    for change in changes:
        name, present = change.field.attribute, get(change.field.attribute)
        if change.field.only_with and get(change.field.only_with) is None:
            continue
        field = change.field
        seen = field.read(present) if field.read else present
        if change.guarded and seen != (None if change.was is None else field.make(change.was)):
            continue
        put(name, field.merge(present, change.value) if field.merge else field.make(change.value))
        yield f"{name} {change.value} (the file says {seen})"
