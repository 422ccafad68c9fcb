"""Carries out the actions of remedies over Airflow's public REST API. What is so already is left alone and said."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from airflow_provider_wfintel.engine.troubleshooting.remedies.actions import (
    Action,
    Affected,
    AskPerson,
    ClearTasks,
    DropPlanValue,
    MarkRun,
    MarkTask,
    PatchConnection,
    PauseDag,
    Performed,
    Probe,
    Proposal,
    RemovePool,
    RemoveVariable,
    Reparse,
    SetPlanValue,
    SetPool,
    SetVariable,
    TellPerson,
    TryState,
)
from airflow_provider_wfintel.exceptions import RemoteError, UserInputError
from airflow_provider_wfintel.host.remedies.calls import API, Call, dag_path, instance_path, run_path
from airflow_provider_wfintel.host.remedies.plan_values import PlanValues
from airflow_provider_wfintel.host.remedies.probes import probe as look

__all__ = ["RestActions"]

_CLEARABLE = frozenset({"failed", "upstream_failed"})


class RestActions:
    """An `Actions` port on a running Airflow.

    Airflow checks the rights of the caller for each single action and writes its own audit row for it.

    Args:
        call: makes the calls.
        plan: the file of run-time values; without one, remedies that set such values are refused.
        parse_seconds: how long to wait for a DAG to be parsed again.
        sleep: waits; replaced in tests.
    """

    def __init__(
        self,
        call: Call,
        plan: PlanValues | None = None,
        *,
        parse_seconds: float = 60.0,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._call = call
        self._plan = plan or PlanValues(None)
        self._parse_seconds = parse_seconds
        self._sleep = sleep

    def perform(self, action: Action) -> Performed:
        """Carry an action out.

        Raises:
            RemoteError: Airflow refused, or did not answer.
            UserInputError: the deployment lacks what the action needs.
        """
        match action:
            case ClearTasks():
                return self._clear(action)
            case SetPool() | RemovePool():
                return self._pool(action)
            case SetVariable() | RemoveVariable():
                return self._variable(action)
            case SetPlanValue() | DropPlanValue():
                return self._plan_value(action)
            case Reparse():
                return self._reparse(action)
            case PatchConnection():
                return self._connection(action)
            case MarkTask() | MarkRun():
                return self._mark(action)
            case PauseDag():
                return self._pause(action)
            case Proposal() | TellPerson() | AskPerson():
                return Performed(action.words())

    def preview(self, action: ClearTasks) -> tuple[Affected, ...]:
        """The task instances that a clear would run again.

        Raises:
            RemoteError: see `perform`.
        """
        answer = self._post_clear(action, dry_run=True)
        return tuple(
            Affected(str(item["task_id"]), int(item.get("map_index", -1)), str(item.get("state") or "none"))
            for item in answer.get("task_instances", ())
        )

    def probe(self, probe: Probe) -> tuple[bool, str]:
        """Whether a condition holds now, and what was seen.

        Raises:
            RemoteError: see `perform`.
        """
        return look(self._call, probe)

    def current_try(self, dag_id: str, run_id: str, task_id: str, map_index: int) -> TryState | None:
        """The try that the task instance has now; None if it is gone.

        Raises:
            RemoteError: see `perform`.
        """
        found = self._find(instance_path(dag_id, run_id, task_id, map_index))
        if found is None:
            return None
        return TryState(
            str(found["id"]),
            found.get("state") or "none",
            int(found.get("try_number") or 0),
            found.get("end_date") or "",
        )

    # -- one action each -------------------------------------------------------------------------------------

    def _clear(self, action: ClearTasks) -> Performed:
        affected = self.preview(action)
        if not affected:
            return Performed(f"nothing to clear: {action.words()}", happened=False)
        odd = [item for item in affected if item.state not in _CLEARABLE]
        if odd:
            raise UserInputError(
                f"the clear would run {odd[0].task_id} again, which is {odd[0].state}", hint="clear by hand"
            )
        answer = self._post_clear(action, dry_run=False)
        names = sorted({str(item["task_id"]) for item in answer.get("task_instances", ())})
        return Performed(f"cleared {', '.join(names)} in run {action.run_id}")

    def _post_clear(self, action: ClearTasks, *, dry_run: bool) -> dict[str, Any]:
        tasks: list[Any] = [[task, action.map_index] if action.map_index >= 0 else task for task in action.task_ids]
        body = {
            "dry_run": dry_run,
            "dag_run_id": action.run_id,
            "task_ids": tasks,
            "only_failed": True,
            "include_downstream": action.downstream,
            "reset_dag_runs": True,
            "prevent_running_task": True,
            "run_on_latest_version": action.latest_version,
        }
        if action.note and not dry_run:
            body["note"] = action.note[:1000]
        answer = self._call("POST", f"{dag_path(action.dag_id)}/clearTaskInstances", json=body)
        return answer if isinstance(answer, dict) else {}

    def _pool(self, action: SetPool | RemovePool) -> Performed:
        path = f"{API}/pools/{quote(action.name, safe='')}"
        found = self._find(path)
        has = None if found is None else int(found["slots"])
        if isinstance(action, RemovePool):
            if has is None:
                return Performed(f"the pool {action.name} is gone already", happened=False)
            if has != action.slots:
                raise UserInputError(f"the pool {action.name} was changed since", hint="a person has to decide")
            self._call("DELETE", path)
            return Performed(action.words(), (SetPool(action.name, has),))
        if has == action.slots:
            return Performed(f"the pool {action.name} has {has} slots already", happened=False)
        if has is None:
            body = {"name": action.name, "slots": action.slots, "description": "Made by a remedy (wfintel)"}
            self._call("POST", f"{API}/pools", json=body)
            return Performed(action.words(), (RemovePool(action.name, action.slots),))
        if action.was is not None and has != action.was:
            raise UserInputError(
                f"the pool {action.name} has {has} slots, not {action.was}: somebody changed it", hint="look again"
            )
        if action.was is None:
            return Performed(f"the pool {action.name} exists with {has} slots", happened=False)
        # Airflow wants the mark in the body, whatever the mask says.
        body = {
            "pool": action.name,
            "slots": action.slots,
            "include_deferred": bool((found or {}).get("include_deferred")),
        }
        self._call("PATCH", path, params={"update_mask": ["slots"]}, json=body)
        return Performed(action.words(), (SetPool(action.name, has, action.slots),))

    def _variable(self, action: SetVariable | RemoveVariable) -> Performed:
        path = f"{API}/variables/{quote(action.key, safe='')}"
        found = self._find(path)
        if isinstance(action, SetVariable):
            if found is not None:
                return Performed(f"the Variable {action.key} exists", happened=False)
            self._call("POST", f"{API}/variables", json={"key": action.key, "value": action.value})
            return Performed(action.words(), (RemoveVariable(action.key, action.value),))
        if found is None:
            return Performed(f"the Variable {action.key} is gone already", happened=False)
        if found.get("value") not in (action.value, "***"):
            raise UserInputError(f"the Variable {action.key} was changed since", hint="a person has to decide")
        self._call("DELETE", path)
        return Performed(action.words(), (SetVariable(action.key, action.value),))

    def _plan_value(self, action: SetPlanValue | DropPlanValue) -> Performed:
        before = self._plan.get(action.dag_id, action.task_id).get(action.field, {})
        if isinstance(action, SetPlanValue):
            if before.get("set") == action.value:
                return Performed(f"the plan says so already: {action.words()}", happened=False)
            self._plan.set(action.dag_id, action.task_id, action.field, action.value, action.was)
        elif not self._plan.drop(action.dag_id, action.task_id, action.field):
            return Performed(f"the plan has no {action.field} for {action.task_id}", happened=False)
        if before:
            undo: Action = SetPlanValue(action.dag_id, action.task_id, action.field, before["set"], before.get("was"))
        else:
            undo = DropPlanValue(action.dag_id, action.task_id, action.field)
        return Performed(action.words(), (undo, Reparse(action.dag_id)))

    def _reparse(self, action: Reparse) -> Performed:
        before = self._call("GET", dag_path(action.dag_id))
        self._call("PUT", f"{API}/parseDagFile/{before['file_token']}")
        waited = 0.0
        while waited < self._parse_seconds:
            self._sleep(1.0)
            waited += 1.0
            now = self._call("GET", dag_path(action.dag_id))
            if now.get("last_parsed_time") != before.get("last_parsed_time"):
                return Performed(f"the file of {action.dag_id} was parsed again")
        raise RemoteError(
            f"the file of {action.dag_id} was not parsed within {self._parse_seconds:g} s",
            hint="see that the dag-processor runs",
            retryable=True,
        )

    def _connection(self, action: PatchConnection) -> Performed:
        path = f"{API}/connections/{quote(action.conn_id, safe='')}"
        found = self._call("GET", path)
        wanted = dict(action.fields)
        was = tuple((name, found.get(name)) for name in wanted)
        if dict(was) == wanted:
            return Performed(f"the connection {action.conn_id} is so already", happened=False)
        body = {"connection_id": action.conn_id, "conn_type": found["conn_type"], **wanted}
        self._call("PATCH", path, params={"update_mask": list(wanted)}, json=body)
        return Performed(action.words(), (PatchConnection(action.conn_id, was),))

    def _mark(self, action: MarkTask | MarkRun) -> Performed:
        if isinstance(action, MarkRun):
            path, body = run_path(action.dag_id, action.run_id), {"state": "failed"}
        else:
            path = instance_path(action.dag_id, action.run_id, action.task_id, action.map_index)
            body = {"new_state": "failed"}
        found = self._call("GET", path)
        if found.get("state") in ("failed", "success"):
            return Performed(f"it is {found['state']} already", happened=False)
        self._call("PATCH", path, json=body)
        return Performed(action.words())

    def _pause(self, action: PauseDag) -> Performed:
        found = self._call("GET", dag_path(action.dag_id))
        if bool(found.get("is_paused")) is action.paused:
            return Performed(f"{action.dag_id} is {'paused' if action.paused else 'unpaused'} already", happened=False)
        self._call(
            "PATCH", dag_path(action.dag_id), params={"update_mask": ["is_paused"]}, json={"is_paused": action.paused}
        )
        return Performed(action.words(), (PauseDag(action.dag_id, paused=not action.paused),))

    def _find(self, path: str) -> dict[str, Any] | None:
        try:
            found = self._call("GET", path)
        except RemoteError as error:
            if error.status == 404:
                return None
            raise
        return found if isinstance(found, dict) else None
