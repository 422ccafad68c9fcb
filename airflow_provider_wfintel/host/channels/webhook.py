"""A webhook of your own: all of the message as JSON, with its idempotency key as a header."""

from __future__ import annotations

from airflow_provider_wfintel.engine.monitoring.service import Message, Receiver
from airflow_provider_wfintel.exceptions import RemoteError
from airflow_provider_wfintel.host.channels.channel import TIMEOUT, Channel, options_of

__all__ = ["WEBHOOK"]


def _send(message: Message, receiver: Receiver) -> None:
    """Through Airflow's HTTP hook, so that the connection's user, headers and certificates hold."""
    from airflow.providers.http.hooks.http import HttpHook

    from airflow_provider_wfintel.host.services.guarded import guarded_adapter

    hook = HttpHook(method="POST", http_conn_id=receiver.connection, adapter=guarded_adapter())
    answer = hook.run(
        endpoint=options_of(receiver).get("endpoint"),
        headers={"Idempotency-Key": message.key},
        # Whoever answers must not send the message, and the connection's credentials, somewhere else.
        extra_options={"timeout": TIMEOUT, "allow_redirects": False},
        json=message.as_data(),
    )
    if not 200 <= answer.status_code < 300:
        raise RemoteError(
            f"the webhook answered {answer.status_code} {answer.reason}",
            hint="redirects are not followed: put the final address into the connection",
            retryable=True,
        )


WEBHOOK = Channel("webhook", _send, options=("endpoint",))
