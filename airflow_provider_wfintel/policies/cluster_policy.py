"""Cluster policy: puts run-time values of a plan, and a retry policy, on DAGs when they are parsed; no file is edited.

Both are off by default. `[wfintel] retry_policy_dags` names the DAGs whose tasks get `DiagnosisRetryPolicy`.

The plan is off unless `[wfintel] plan_file` names a file; taking the setting or the file away withdraws everything at
the next parse. A plan that cannot be read is ignored with a warning: no DAG may become unparsable by it. Nothing asks a
database; a file that has not changed is read once per process.
"""

from __future__ import annotations

import fnmatch
import logging
from pathlib import Path
from typing import Any

from airflow.policies import hookimpl

from airflow_provider_wfintel.exceptions import UserInputError
from airflow_provider_wfintel.policies.run_time_plan import RunTimePlan, apply_to_dag, apply_to_task, read_plan

__all__ = ["current_plan", "dag_policy", "task_policy"]

log = logging.getLogger(__name__)

_NOTHING = RunTimePlan()
_read: dict[str, tuple[tuple[int, int], RunTimePlan]] = {}


@hookimpl
def dag_policy(dag: Any) -> None:
    """Set what the plan says for the DAG."""
    _never_raising(apply_to_dag, dag)


@hookimpl
def task_policy(task: Any) -> None:
    """Set what the plan says for the task, and the retry policy where it is wanted."""
    _never_raising(apply_to_task, task)
    try:
        _attach_retry_policy(task)
    except Exception:  # a DAG must stay parsable
        log.warning("no retry policy could be attached to %r", task, exc_info=True)


def _never_raising(apply: Any, target: Any) -> None:
    try:
        plan = current_plan()
        if plan.dags:
            apply(target, plan)
    except Exception:  # whatever is wrong with a plan must not take a DAG away
        log.warning("the wfintel plan could not be applied to %r", target, exc_info=True)


def _attach_retry_policy(task: Any) -> None:
    """Give a task of a wanted DAG `DiagnosisRetryPolicy`, if it has retries and no retry policy of its own."""
    patterns = _retry_policy_dags()
    if not patterns or not any(fnmatch.fnmatchcase(getattr(task, "dag_id", ""), one) for one in patterns):
        return
    if not getattr(task, "retries", 0) or getattr(task, "retry_policy", None) is not None:
        return
    from airflow_provider_wfintel.policies.diagnosis_retry_policy import DiagnosisRetryPolicy

    partial = getattr(task, "partial_kwargs", None)
    if partial is None:
        task.retry_policy = DiagnosisRetryPolicy()
    else:
        # What a mapped task hands on to its instances stands in a dictionary.
        partial["retry_policy"] = DiagnosisRetryPolicy()


def _retry_policy_dags() -> tuple[str, ...]:
    from airflow.configuration import conf

    value = str(conf.get("wfintel", "retry_policy_dags", fallback=""))
    return tuple(part.strip() for part in value.split(",") if part.strip())


def current_plan() -> RunTimePlan:
    """The plan of the configured file, read anew when the file has changed; an empty one if there is none."""
    path = _plan_file()
    if not path:
        return _NOTHING
    try:
        status = Path(path).stat()
    except OSError:
        return _NOTHING
    stamp = (status.st_mtime_ns, status.st_size)
    known = _read.get(path)
    if known is None or known[0] != stamp:
        try:
            plan = read_plan(Path(path))
        except UserInputError as error:
            log.warning("%s (%s); nothing of it is applied", error.message, error.hint)
            plan = _NOTHING
        known = _read[path] = (stamp, plan)
    return known[1]


def _plan_file() -> str:
    from airflow.configuration import conf

    return str(conf.get("wfintel", "plan_file", fallback="")).strip()
