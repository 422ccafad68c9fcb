"""A sensor that waits until the service behind a connection is well."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from airflow_provider_wfintel.hooks.services import ServiceHealthHook
from airflow_provider_wfintel.hooks.wfintel import WfIntelHook
from airflow_provider_wfintel.sensors._answers import AnswerSensor
from airflow_provider_wfintel.triggers.answers import AnswerTrigger

__all__ = ["ServiceHealthSensor"]


class ServiceHealthSensor(AnswerSensor):
    """Wait until the last look at the service behind a connection was a good one.

    The looks are those of the DAG `wfintel_service_health`, so that a hundred waiting tasks are no hundred logins.

    Args:
        service_conn_id: the connection of the service. Templated.
        max_age_minutes: a look that is older does not count.
        wfintel_conn_id: connection of type `wfintel` whose user may read that connection. Templated.
        deferrable: wait in the triggerer, without a worker slot.
    """

    template_fields: Sequence[str] = ("service_conn_id", "wfintel_conn_id")
    hook_class = ServiceHealthHook

    def __init__(self, *, service_conn_id: str, max_age_minutes: float = 30.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if not max_age_minutes > 0.0:
            raise ValueError(f"max_age_minutes is {max_age_minutes}; give more than 0")
        self.service_conn_id = service_conn_id
        self.max_age_minutes = max_age_minutes

    def answer(self, hook: WfIntelHook) -> tuple[bool, str]:
        """Ask for the last look."""
        assert isinstance(hook, ServiceHealthHook)  # noqa: S101 - `hook_class` says so
        return hook.is_well(self.service_conn_id, max_age_minutes=self.max_age_minutes)

    def trigger(self, common: dict[str, Any]) -> AnswerTrigger:
        """The trigger that asks the same."""
        from airflow_provider_wfintel.triggers.service_health import ServiceHealthTrigger

        return ServiceHealthTrigger(
            **common, service_conn_id=self.service_conn_id, max_age_minutes=self.max_age_minutes
        )
