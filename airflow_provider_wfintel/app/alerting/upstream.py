"""Which failed tasks a failed task depends on: the one that failed first speaks for those that follow from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from airflow_provider_wfintel.engine.monitoring.service import Seen

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

__all__ = ["with_upstream"]

_BAD = frozenset({"task.failed", "task.upstream_failed"})


def with_upstream(session: Session, events: Sequence[Seen]) -> list[Seen]:
    """The same, failures with the failed tasks of their run on which they depend, however far.

    The structure is that of the DAG's newest serialized form: a run of an older version may differ from it, then a
    task that is not in it depends on nothing.

    Raises:
        StoreError: the tables are missing or the database cannot be reached.
    """
    from airflow_provider_wfintel.store.repositories.executions import Executions

    bad = [item for item in events if item.kind in _BAD]
    runs = {(item.dag_id, item.run_id) for item in bad}
    if not runs:
        return list(events)
    failed = Executions(session).failed_tasks(runs)
    above: dict[str, Mapping[str, frozenset[str]]] = {}
    found = []
    for item in events:
        others = failed.get((item.dag_id, item.run_id), frozenset()) - {item.task_id}
        if item.kind in _BAD and others:
            if item.dag_id not in above:
                above[item.dag_id] = _ancestors(session, item.dag_id)
            follows = others & above[item.dag_id].get(item.task_id, frozenset())
            item = replace(item, upstream=tuple(sorted(follows)))
        found.append(item)
    return found


def _ancestors(session: Session, dag_id: str) -> Mapping[str, frozenset[str]]:
    """All tasks that each task of a DAG waits for, directly or through others."""
    from airflow_provider_wfintel.host.dag_facts import upstream_of

    direct = upstream_of(session, dag_id)
    found: dict[str, frozenset[str]] = {}
    for task in direct:
        seen: set[str] = set()
        waiting = list(direct[task])
        while waiting:
            name = waiting.pop()
            if name not in seen:
                seen.add(name)
                waiting.extend(direct.get(name, ()))
        found[task] = frozenset(seen)
    return found
