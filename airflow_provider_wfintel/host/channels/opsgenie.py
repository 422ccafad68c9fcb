"""Opsgenie (connection type `opsgenie`). An incident is one alert there, by its alias."""

from __future__ import annotations

from airflow_provider_wfintel.engine.monitoring.service import Message, Receiver
from airflow_provider_wfintel.host.channels.channel import Channel, missing_provider

__all__ = ["OPSGENIE"]

_PRIORITY = {"critical": "P1", "error": "P2", "warning": "P3", "info": "P5"}
_MOST_MESSAGE, _MOST_DESCRIPTION = 130, 15_000


def _send(message: Message, receiver: Receiver) -> None:
    try:
        from airflow.providers.opsgenie.hooks.opsgenie import OpsgenieAlertHook
    except ImportError as error:
        raise missing_provider("opsgenie", "apache-airflow-providers-opsgenie") from error
    hook = OpsgenieAlertHook(receiver.connection)
    if message.resolved:
        hook.close_alert(
            message.incident, "alias", {"source": "airflow", "note": f"{message.title} {message.since}".strip()}
        )
        return
    hook.create_alert(
        {
            "message": message.title[:_MOST_MESSAGE],
            "alias": message.incident,
            "description": message.as_text()[:_MOST_DESCRIPTION],
            "priority": _PRIORITY[message.severity],
            "source": "airflow",
            "tags": list(message.dag_ids[:20]),
        }
    )


OPSGENIE = Channel("opsgenie", _send)
