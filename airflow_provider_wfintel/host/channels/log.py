"""Messages in the log of the process that sends them: what is used where nothing else is set."""

from __future__ import annotations

import logging

from airflow_provider_wfintel.engine.monitoring.service import Message, Receiver
from airflow_provider_wfintel.host.channels.channel import Channel

__all__ = ["LOG"]

log = logging.getLogger(__name__)


def _send(message: Message, receiver: Receiver) -> None:
    level = logging.INFO if message.resolved or message.severity == "info" else logging.WARNING
    log.log(level, "alert for %s: %s", receiver.name, message.as_text().replace("\n", " | "))


LOG = Channel("log", _send, needs_connection=False)
