"""A DAG as this deployment has it: its serialized structure, its stored source, and the slots that it runs on.

Nothing of a user's code is imported or run; the api-server uses this.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from airflow_provider_wfintel.engine.model import (
    Argument,
    Dependency,
    LimitSpec,
    LiteralValue,
    MappingSpec,
    OperatorRef,
    RetrySpec,
    SecondsValue,
    TaskSpec,
    WorkflowSpec,
)
from airflow_provider_wfintel.engine.optimization.rewrites.draft import PoolSize
from airflow_provider_wfintel.engine.optimization.simulation import Deployment
from airflow_provider_wfintel.exceptions import UserInputError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

__all__ = ["DeployedDag", "PlacedDag", "read_deployed_dag", "read_deployment", "read_pools"]

_SENSOR_ARGUMENTS = ("mode", "deferrable", "external_dag_id")


@dataclass(frozen=True, slots=True)
class PlacedDag:
    """Where a DAG comes from: its file as the DAG processor saw it, and the hash of its serialized form."""

    file_name: str
    file_path: str
    fingerprint: str
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DeployedDag:
    """The newest version of a DAG.

    Attributes:
        spec: its structure and settings.
        source: the text of its file, as Airflow stored it.
        place: where it comes from.
    """

    spec: WorkflowSpec
    source: str
    place: PlacedDag


def read_deployed_dag(session: Session, dag_id: str) -> DeployedDag:
    """The newest version of a DAG.

    Raises:
        UserInputError: there is no such DAG.
    """
    from airflow.models.dagcode import DagCode
    from airflow.models.serialized_dag import SerializedDagModel
    from sqlalchemy import select

    row = SerializedDagModel.get(dag_id, session=session)
    if row is None:
        raise UserInputError(f"there is no DAG {dag_id!r}", hint="see that its file is in the DAGs folder and imports")
    dag: Any = row.dag
    query = select(DagCode.source_code).where(DagCode.dag_id == dag_id).order_by(DagCode.last_updated.desc()).limit(1)
    path = str(dag.fileloc or "")
    place = PlacedDag(path.rpartition("/")[2] or f"{dag_id}.py", path, row.dag_hash, tuple(sorted(dag.tags or ())))
    return DeployedDag(_spec(dag), session.scalar(query) or "", place)


def read_deployment(session: Session) -> Deployment:
    """Slots and the scheduler's pauses as configured here; what a start costs is the measured default."""
    from airflow.configuration import conf

    from airflow_provider_wfintel.config import read_settings

    sizes = tuple((pool.name, max(1, pool.slots)) for pool in read_pools(session))
    return Deployment(
        idle_sleep=conf.getfloat("scheduler", "scheduler_idle_sleep_time", fallback=1.0),
        parallelism=max(1, conf.getint("core", "parallelism", fallback=32)),
        max_tis_per_query=max(1, conf.getint("scheduler", "max_tis_per_query", fallback=16)),
        max_active_tasks=max(1, conf.getint("core", "max_active_tasks_per_dag", fallback=16)),
        pools=sizes or Deployment().pools,
        slot_price=read_settings().price_per_slot_hour,
    )


def read_pools(session: Session) -> tuple[PoolSize, ...]:
    """All pools with a limit, with their descriptions."""
    from airflow.models.pool import Pool
    from sqlalchemy import select

    rows = session.execute(select(Pool.pool, Pool.slots, Pool.description).order_by(Pool.pool))
    return tuple(PoolSize(row.pool, row.slots, row.description or "") for row in rows if row.slots > 0)


def _spec(dag: Any) -> WorkflowSpec:
    tasks = tuple(_task(task) for task in dag.task_dict.values())
    edges = tuple(
        Dependency(task.task_id, name, "code") for task in dag.task_dict.values()
        for name in sorted(task.downstream_task_ids)
    )  # fmt: skip
    return WorkflowSpec(
        dag_id=dag.dag_id,
        description=str(getattr(dag, "description", None) or ""),
        tasks=tasks,
        dependencies=edges,
        catchup=bool(getattr(dag, "catchup", False)),
        limits=LimitSpec(active_runs=dag.max_active_runs, active_tasks=dag.max_active_tasks),
        tags=tuple(sorted(dag.tags or ())),
    )


def _task(task: Any) -> TaskSpec:
    name = str(task.task_type)
    arguments = [
        Argument(key, LiteralValue(json.dumps(value))) for key in _SENSOR_ARGUMENTS
        if isinstance(value := _value(task, key), str | bool)
    ]  # fmt: skip
    interval = _seconds(_value(task, "poke_interval"))
    if interval:
        arguments.append(Argument("poke_interval", SecondsValue(interval)))
    sensor = interval is not None or name.endswith("Sensor")
    return TaskSpec(
        task_id=task.task_id,
        label=task.task_id,
        action="wait_for" if sensor else "none",
        operator=OperatorRef("sensor" if sensor else "operator", f"{_value(task, '_task_module') or ''}:{name}"),
        arguments=tuple(arguments),
        trigger_rule=getattr(task.trigger_rule, "value", task.trigger_rule),
        mapping=MappingSpec("", LiteralValue("[]"), _value(task, "max_active_tis_per_dagrun"))
        if getattr(task, "is_mapped", False) else None,
        retry=RetrySpec(
            int(_value(task, "retries") or 0),
            _seconds(_value(task, "retry_delay")),
            bool(_value(task, "retry_exponential_backoff")),
        ),
        pool=str(_value(task, "pool") or ""),
        max_active=_value(task, "max_active_tis_per_dagrun"),
        timeout_seconds=_seconds(_value(task, "execution_timeout")),
        priority_weight=int(_value(task, "priority_weight") or 1),
        is_setup=bool(getattr(task, "is_setup", False)),
        is_teardown=bool(getattr(task, "is_teardown", False)),
        inlets=_uris(task, "inlets"),
        outlets=_uris(task, "outlets"),
    )  # fmt: skip


def _value(task: Any, name: str) -> Any:
    """An attribute of the task; of a mapped one, what it hands on to its instances."""
    found = getattr(task, name, None)
    if found is None and isinstance(partial := getattr(task, "partial_kwargs", None), dict):
        found = partial.get(name)
    return found


def _seconds(value: Any) -> float | None:
    if isinstance(value, timedelta):
        return value.total_seconds()
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _uris(task: Any, name: str) -> tuple[str, ...]:
    return tuple(str(item.uri) for item in getattr(task, name, None) or () if getattr(item, "uri", None))
