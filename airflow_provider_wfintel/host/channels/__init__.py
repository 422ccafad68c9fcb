"""Where messages go: one channel per file. A new one is a file here and a word in `CHANNELS`."""

from __future__ import annotations

from airflow_provider_wfintel.exceptions import AlertSettingsError
from airflow_provider_wfintel.host.channels.channel import Channel
from airflow_provider_wfintel.host.channels.email import EMAIL
from airflow_provider_wfintel.host.channels.log import LOG
from airflow_provider_wfintel.host.channels.opsgenie import OPSGENIE
from airflow_provider_wfintel.host.channels.pagerduty import PAGERDUTY
from airflow_provider_wfintel.host.channels.slack import SLACK
from airflow_provider_wfintel.host.channels.teams import TEAMS
from airflow_provider_wfintel.host.channels.webhook import WEBHOOK

__all__ = ["CHANNELS", "Channel", "channel_of"]

CHANNELS: tuple[Channel, ...] = (LOG, SLACK, EMAIL, PAGERDUTY, TEAMS, OPSGENIE, WEBHOOK)


def channel_of(name: str) -> Channel:
    """The channel with this name.

    Raises:
        AlertSettingsError: there is none.
    """
    for channel in CHANNELS:
        if channel.name == name:
            return channel
    known = ", ".join(channel.name for channel in CHANNELS)
    raise AlertSettingsError(f"there is no channel {name!r}", hint=f"known: {known}")
