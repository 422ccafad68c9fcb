"""Asks the api-server about a service again and again, without holding up the triggerer."""

from __future__ import annotations

from airflow_provider_wfintel.hooks.services import ServiceHealthHook
from airflow_provider_wfintel.hooks.wfintel import WfIntelHook
from airflow_provider_wfintel.triggers.answers import AnswerTrigger

__all__ = ["ServiceHealthTrigger"]


class ServiceHealthTrigger(AnswerTrigger):
    """Waits until the last look at a service was a good one and is young enough."""

    hook_class = ServiceHealthHook

    def answer(self, hook: WfIntelHook) -> tuple[bool, str]:
        """Ask for the last look."""
        assert isinstance(hook, ServiceHealthHook)  # noqa: S101 - `hook_class` says so
        arguments = self.arguments
        return hook.is_well(arguments["service_conn_id"], max_age_minutes=arguments["max_age_minutes"])
