"""A notifier that tells the alerts of this package what a callback has seen."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from airflow.sdk import BaseNotifier

if TYPE_CHECKING:
    from airflow.sdk import Context

__all__ = ["WfIntelNotifier", "event_of"]

_MOST_MESSAGE = 1000


class WfIntelNotifier(BaseNotifier):
    """Push what happened to the alerts of the workflow intelligence provider, over REST.

    For `on_failure_callback`, `on_retry_callback` and `on_success_callback` of tasks and DAGs, and for deadlines:
    `SyncCallback(WfIntelNotifier, {...})` as well as `AsyncCallback(WfIntelNotifier, {...})`. What is pushed has the
    UUID of the try, so it is the same event as the one that the collector sees, and adds the root cause, which is
    diagnosed from the live exception. Secrets are masked here and once more by the server. If the server cannot be
    reached that is logged, and the task goes on as if nothing was to be said: the collector sees it anyway.

    Args:
        wfintel_conn_id: connection of type `wfintel` whose user may edit the DAG.
        message: what is to be said, templated; by default what the exception and its diagnosis say.
        timeout: seconds to wait for the server.
        context: given by Airflow to callbacks of deadlines.
    """

    template_fields: Sequence[str] = ("wfintel_conn_id", "message")

    def __init__(
        self,
        wfintel_conn_id: str = "wfintel_default",
        message: str = "",
        timeout: float = 10.0,
        context: Context | None = None,
    ) -> None:
        super().__init__(context)
        self.wfintel_conn_id = wfintel_conn_id
        self.message = message
        self.timeout = timeout

    def notify(self, context: Context) -> None:
        """Push the event of a callback."""
        try:
            self._push(context)
        except Exception as error:  # a notification must not change how a task or callback ends
            reason, hint = getattr(error, "message", str(error)), getattr(error, "hint", "")
            self.log.warning("the event was not pushed: %s%s", reason, f" ({hint})" if hint else "")

    async def async_notify(self, context: Context) -> None:
        """Push the event of a deadline, from the triggerer."""
        await asyncio.to_thread(self.notify, context)

    def _push(self, context: Context) -> None:
        from airflow_provider_wfintel.hooks.retrying import RetryRules
        from airflow_provider_wfintel.hooks.wfintel import WfIntelHook

        event = event_of(context, message=self.message)
        retry = RetryRules(attempts=3, longest_wait=5.0)
        hook = WfIntelHook(self.wfintel_conn_id, timeout=self.timeout, retry=retry)
        try:
            hook.push_event(event)
        finally:
            hook.close()


def event_of(context: Mapping[str, Any] | Context, *, message: str = "") -> dict[str, Any]:
    """The event that a callback's context is about, as the REST route takes it.

    Args:
        context: that of a task's, a DAG's or a deadline's callback.
        message: what is to be said instead of what is found in the context.

    Raises:
        UserInputError: the context is of none of these.
    """
    from airflow_provider_wfintel.engine.troubleshooting.service import redact

    values: Mapping[str, Any] = context
    event = _of_deadline(values) or _of_dag(values) or _of_task(values)
    said = message or str(event.get("message", ""))
    return {**event, "message": redact(said)[:_MOST_MESSAGE]}


def _of_deadline(context: Mapping[str, Any]) -> dict[str, Any] | None:
    deadline, run = context.get("deadline"), context.get("dag_run")
    if not isinstance(deadline, Mapping) or run is None:
        return None
    run_id = _get(run, "dag_run_id") or _get(run, "run_id")
    due = deadline.get("deadline_time")
    return {
        "kind": "deadline.missed",
        "dag_id": _get(run, "dag_id"),
        "run_id": run_id,
        "event_id": run_id,
        "at": due.isoformat() if isinstance(due, datetime) else str(due or _now()),
        "message": f"due {due}",
    }


def _of_dag(context: Mapping[str, Any]) -> dict[str, Any] | None:
    """Callbacks of DAGs, which alone have a reason."""
    if "reason" not in context:
        return None
    dag, reason = context.get("dag"), str(context["reason"] or "")
    run = context.get("dag_run")
    run_id = str(context.get("run_id") or _get(run, "run_id"))
    succeeded = reason == "success" or str(_get(run, "state")) == "success"
    return {
        "kind": "run.succeeded" if succeeded else "run.failed",
        "dag_id": _get(dag, "dag_id") or _get(run, "dag_id"),
        "run_id": run_id,
        "event_id": run_id,
        "at": _now(),
        "message": "" if succeeded else reason.replace("_", " "),
    }


def _of_task(context: Mapping[str, Any]) -> dict[str, Any]:
    from airflow_provider_wfintel.exceptions import UserInputError

    item = context.get("ti") or context.get("task_instance")
    if item is None:
        raise UserInputError(
            "the context has neither a task instance nor a deadline nor a reason",
            hint="use WfIntelNotifier as a callback of a task, a DAG or a deadline",
        )
    error = context.get("exception")
    state = str(getattr(_get(item, "state"), "value", _get(item, "state")) or "")
    failed = error is not None or state in ("failed", "up_for_retry")
    map_index = _get(item, "map_index")
    event = {
        "kind": "task.succeeded" if not failed else "task.retry" if _is_retry(item, state) else "task.failed",
        "dag_id": _get(item, "dag_id"),
        "run_id": _get(item, "run_id"),
        "task_id": _get(item, "task_id"),
        "map_index": -1 if map_index in (None, "") else int(map_index),
        "event_id": str(_get(item, "id")),
        "at": _now(),
    }
    return event | (_cause(event, error) if failed else {})


def _is_retry(item: Any, state: str) -> bool:
    if state in ("up_for_retry", "failed"):
        return state == "up_for_retry"
    tries, most = _get(item, "try_number"), _get(item, "max_tries")
    return isinstance(tries, int) and isinstance(most, int) and tries <= most


def _cause(event: Mapping[str, Any], error: object) -> dict[str, Any]:
    from airflow_provider_wfintel.engine.troubleshooting.service import cause_of, diagnose_exception

    if not isinstance(error, BaseException):
        return {"message": str(error or "")}
    diagnosis = diagnose_exception(error)
    key, shared = cause_of(diagnosis, dag_id=event["dag_id"], task_id=event["task_id"])
    said = f"{type(error).__name__}: {error}"
    return {"message": diagnosis.explanation if key and diagnosis.explanation else said, "cause": key, "shared": shared}


def _get(item: Any, name: str) -> Any:
    found = item.get(name) if isinstance(item, Mapping) else getattr(item, name, None)
    return "" if found is None else found


def _now() -> str:
    return datetime.now(timezone.utc).isoformat()
