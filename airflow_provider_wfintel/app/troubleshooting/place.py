"""The deployment as the use cases see it: what is known of a try, and what can be done. A port, with one adapter."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from airflow_provider_wfintel.engine.troubleshooting.remedies.actions import Actions
from airflow_provider_wfintel.engine.troubleshooting.remedies.case import Target

__all__ = ["Place", "rest_place"]


class Place(Protocol):
    """A deployment, with the rights of whoever asks."""

    @property
    def actions(self) -> Actions:
        """What can be done."""
        ...

    def find(self, dag_id: str, run_id: str, task_id: str, map_index: int) -> tuple[Target, Mapping[str, Any]]:
        """The task instance's present try, and what Airflow says of it.

        Raises:
            RemoteError: there is none, or the caller may not see it.
        """
        ...

    def find_try(
        self, dag_id: str, run_id: str, task_id: str, map_index: int, try_number: int
    ) -> tuple[Target, Mapping[str, Any]]:
        """A try by its number, the present one or an earlier one, of which no id is known.

        Raises:
            RemoteError: there is none, or the caller may not see it.
        """
        ...

    def log(self, target: Target) -> str:
        """The log of a try.

        Raises:
            RemoteError: there is none, or the caller may not read it.
        """
        ...

    def situation(self, target: Target, found: Mapping[str, Any]) -> Mapping[str, Any]:
        """Facts about the try and around it, as far as the caller may read them."""
        ...


class _RestPlace:
    def __init__(self, call: Any, plan_file: Path | None, parse_seconds: float) -> None:
        from airflow_provider_wfintel.host.remedies.plan_values import PlanValues
        from airflow_provider_wfintel.host.remedies.rest_actions import RestActions

        self._call = call
        self._plan = PlanValues(plan_file)
        self._actions = RestActions(call, self._plan, parse_seconds=parse_seconds)

    @property
    def actions(self) -> Actions:
        return self._actions

    def find(self, dag_id: str, run_id: str, task_id: str, map_index: int) -> tuple[Target, Mapping[str, Any]]:
        from airflow_provider_wfintel.host.remedies.situation import find_target

        return find_target(self._call, dag_id, run_id, task_id, map_index)

    def find_try(
        self, dag_id: str, run_id: str, task_id: str, map_index: int, try_number: int
    ) -> tuple[Target, Mapping[str, Any]]:
        from airflow_provider_wfintel.host.remedies.situation import find_earlier_try

        return find_earlier_try(self._call, dag_id, run_id, task_id, map_index, try_number)

    def log(self, target: Target) -> str:
        from airflow_provider_wfintel.host.remedies.situation import read_log

        return read_log(self._call, target)

    def situation(self, target: Target, found: Mapping[str, Any]) -> Mapping[str, Any]:
        from airflow_provider_wfintel.host.remedies.situation import read_situation

        return read_situation(self._call, target, found, self._plan)


def rest_place(call: Any, *, plan_file: Path | None = None, parse_seconds: float = 60.0) -> Place:
    """The deployment behind an Airflow's REST API.

    Args:
        call: makes the calls, see `host.remedies.calls.Call`; `WfIntelHook.request` is one.
        plan_file: the plan of the cluster policy, for remedies that set run-time values; None: there is none.
        parse_seconds: how long to wait for a DAG to be parsed again.
    """
    return _RestPlace(call, plan_file, parse_seconds)
