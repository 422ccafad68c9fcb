"""Slack, by an incoming webhook (connection type `slackwebhook`)."""

from __future__ import annotations

from typing import Any

from airflow_provider_wfintel.engine.monitoring.service import Message, Receiver
from airflow_provider_wfintel.host.channels.channel import TIMEOUT, Channel, missing_provider

__all__ = ["SLACK"]

_MOST_TEXT = 2900
"""A section of Slack takes 3000 characters."""


def _send(message: Message, receiver: Receiver) -> None:
    try:
        from airflow.providers.slack.hooks.slack_webhook import SlackWebhookHook
    except ImportError as error:
        raise missing_provider("slack", "apache-airflow-providers-slack") from error
    # No retries in the client: what is not taken goes out again later, under the same key.
    hook = SlackWebhookHook(slack_webhook_conn_id=receiver.connection, timeout=int(TIMEOUT), retry_handlers=[])
    hook.send_dict({"text": _escaped(message.subject), "blocks": _blocks(message)})


def _blocks(message: Message) -> list[dict[str, Any]]:
    icon = (
        ":white_check_mark:"
        if message.resolved
        else {"critical": ":red_circle:", "error": ":red_circle:"}.get(message.severity, ":large_yellow_circle:")
    )
    text = "\n".join([f"{icon} *{_escaped(message.subject)}*", *(f"• {_escaped(line)}" for line in message.lines)])
    links = " · ".join(f"<{link.url}|{_escaped(link.text)}>" for link in message.links)
    below = "\n".join(part for part in (_escaped(message.since), links) if part)
    blocks: list[dict[str, Any]] = [{"type": "section", "text": {"type": "mrkdwn", "text": text[:_MOST_TEXT]}}]
    if below:
        blocks.append({"type": "context", "elements": [{"type": "mrkdwn", "text": below[:_MOST_TEXT]}]})
    return blocks


def _escaped(text: str) -> str:
    """Slack reads these three as markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


SLACK = Channel("slack", _send)
