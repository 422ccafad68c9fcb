"""Say why a try of a task instance failed, the present one or an earlier one. Nothing is kept, nothing is changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from airflow_provider_wfintel.app.diagnose import diagnose_log
from airflow_provider_wfintel.app.troubleshooting.opening import GOOD_STATES, log_of
from airflow_provider_wfintel.exceptions import UserInputError

if TYPE_CHECKING:
    from airflow_provider_wfintel.app.troubleshooting.place import Place

__all__ = ["diagnose_try"]


def diagnose_try(
    place: Place,
    *,
    dag_id: str,
    run_id: str,
    task_id: str,
    map_index: int = -1,
    try_number: int | None = None,
    error_logs: str | None = None,
    facts: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The diagnosis of a try, from its log and the facts around it, as JSON carries it; and which try it is about.

    A try that is still waiting or running is diagnosed too: what it is stuck in can be told without a log.

    Args:
        place: the deployment, with the rights of whoever asks.
        dag_id: the DAG.
        run_id: the run.
        task_id: the task.
        map_index: the copy of a mapped task; -1: it is not mapped.
        try_number: which try; None: the present one.
        error_logs: the log, if the caller has it; None: it is read.
        facts: what the caller knows beside the log; it wins over what is read.

    Raises:
        UserInputError: the try did not fail.
        RemoteError: Airflow does not answer, there is no such try, or the caller may not see it.
    """
    if try_number is None:
        target, found = place.find(dag_id, run_id, task_id, map_index)
    else:
        target, found = place.find_try(dag_id, run_id, task_id, map_index, try_number)
    if found.get("state") in GOOD_STATES:
        raise UserInputError(
            f"try {target.try_number} of {dag_id}.{task_id} in run {run_id} is {found.get('state')}",
            hint="only tries that failed or are stuck are looked into",
        )
    around = {**place.situation(target, found), **(facts or {})}
    text = log_of(place, target) if error_logs is None else error_logs
    return {
        **diagnose_log(text, around),
        "task_try": {
            "dag_id": dag_id, "run_id": run_id, "task_id": task_id, "map_index": map_index,
            "try_number": target.try_number, "state": str(found.get("state") or "none"), "has_log": bool(text.strip()),
        },
    }  # fmt: skip
