"""Microsoft Teams, by the webhook of a workflow that posts cards. Airflow has no provider for it."""

from __future__ import annotations

from typing import Any

from airflow_provider_wfintel.engine.model import markdown_escaped
from airflow_provider_wfintel.engine.monitoring.service import Message, Receiver
from airflow_provider_wfintel.host.channels.channel import Channel, connection_of, post_json, url_of

__all__ = ["TEAMS"]

_COLOR = {"critical": "attention", "error": "attention", "warning": "warning", "info": "default"}


def _send(message: Message, receiver: Receiver) -> None:
    card = {"contentType": "application/vnd.microsoft.card.adaptive", "content": _card(message)}
    post_json(url_of(connection_of(receiver)), {"type": "message", "attachments": [card]})


def _card(message: Message) -> dict[str, Any]:
    """An adaptive card, version 1.4. Its text blocks are Markdown: what is quoted must not become a link."""
    color = "good" if message.resolved else _COLOR[message.severity]
    head = {
        "type": "TextBlock",
        "text": markdown_escaped(message.subject),
        "weight": "bolder",
        "color": color,
        "wrap": True,
    }
    said = [line for line in (*message.lines, message.since) if line]
    return {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [head, *({"type": "TextBlock", "text": markdown_escaped(line), "wrap": True} for line in said)],
        "actions": [{"type": "Action.OpenUrl", "title": link.text, "url": link.url} for link in message.links],
    }


TEAMS = Channel("teams", _send)
