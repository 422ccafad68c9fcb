"""PagerDuty, by events v2 (connection type `pagerduty_events`). An incident is one there, by its deduplication key."""

from __future__ import annotations

from airflow_provider_wfintel.engine.monitoring.service import Message, Receiver
from airflow_provider_wfintel.host.channels.channel import TIMEOUT, Channel, missing_provider, options_of

__all__ = ["PAGERDUTY"]

_MOST_SUMMARY = 1024


def _send(message: Message, receiver: Receiver) -> None:
    try:
        import pagerduty
        from airflow.providers.pagerduty.hooks.pagerduty_events import PagerdutyEventsHook, prepare_event_data
    except ImportError as error:
        raise missing_provider("pagerduty", "apache-airflow-providers-pagerduty") from error
    hook = PagerdutyEventsHook(pagerduty_events_conn_id=receiver.connection)
    client = pagerduty.EventsApiV2Client(hook.integration_key, base_url=options_of(receiver).get("url"))
    # The hook's own client waits and tries again for minutes; here what is not taken goes out again later.
    client.retry.clear()
    client.timeout = int(TIMEOUT)
    event = prepare_event_data(
        summary=message.title[:_MOST_SUMMARY],
        severity=message.severity,
        source="airflow",
        action="resolve" if message.resolved else "trigger",
        dedup_key=message.incident,
        custom_details={"lines": list(message.lines), "since": message.since, "dags": list(message.dag_ids)},
        links=[{"href": link.url, "text": link.text} for link in message.links],
        group=message.dag_ids[0] if message.dag_ids else None,
    )
    client.send_event(**event)


PAGERDUTY = Channel("pagerduty", _send, options=("url",))
