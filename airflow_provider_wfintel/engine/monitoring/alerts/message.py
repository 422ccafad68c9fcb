"""A notification as text that a person reads: the answer first, then since when, why, and where to look."""

from __future__ import annotations

import html
from dataclasses import dataclass
from datetime import datetime, timezone
from urllib.parse import quote

from airflow_provider_wfintel.engine.model import Severity
from airflow_provider_wfintel.engine.monitoring.alerts.state import Notification, NotificationKind, Place

__all__ = ["Link", "Message", "message_of"]


@dataclass(frozen=True, slots=True)
class Link:
    """A page of Airflow with the words for it."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Message:
    """What a channel sends. `key` is the idempotency key, `incident` is equal for all messages about one incident.

    Attributes:
        title: what is wrong with what, in one line.
        lines: the first alerts, each with what is known of its cause.
        since: when it began and for how long, in words.
        links: pages of Airflow.
    """

    key: str
    incident: str
    kind: NotificationKind
    severity: Severity
    title: str
    lines: tuple[str, ...] = ()
    since: str = ""
    links: tuple[Link, ...] = ()
    dag_ids: tuple[str, ...] = ()

    @property
    def resolved(self) -> bool:
        """Whether it says that the incident is over."""
        return self.kind == "resolved"

    @property
    def subject(self) -> str:
        """The title with its severity, for channels that show one line."""
        return self.title if self.resolved else f"[{self.severity}] {self.title}"

    def as_text(self) -> str:
        """All of it as plain text."""
        links = [f"{link.text}: {link.url}" for link in self.links]
        return "\n".join(part for part in (self.subject, *self._said(), self.since, *links) if part)

    def as_html(self) -> str:
        """All of it as HTML; what it quotes is escaped."""
        lines = "".join(f"<li>{html.escape(line)}</li>" for line in self._said())
        links = "".join(
            f'<li><a href="{html.escape(link.url, quote=True)}">{html.escape(link.text)}</a></li>'
            for link in self.links
        )
        parts = [f"<p><strong>{html.escape(self.subject)}</strong></p>"]
        parts += [f"<ul>{lines}</ul>"] if lines else []
        parts += [f"<p>{html.escape(self.since)}</p>"] if self.since else []
        parts += [f"<ul>{links}</ul>"] if links else []
        return "".join(parts)

    def as_data(self) -> dict[str, object]:
        """All of it as JSON data."""
        return {
            "key": self.key,
            "incident": self.incident,
            "kind": self.kind,
            "severity": self.severity,
            "title": self.title,
            "lines": list(self.lines),
            "since": self.since,
            "links": [{"text": link.text, "url": link.url} for link in self.links],
            "dag_ids": list(self.dag_ids),
        }

    def _said(self) -> tuple[str, ...]:
        """The lines, without one that only says the title again."""
        return tuple(line for line in self.lines if not self.title.endswith(line))


def message_of(notification: Notification, *, base_url: str, now: float) -> Message:
    """The text of a notification.

    Args:
        notification: what the machine says.
        base_url: the address of Airflow's pages; without one there are no links.
        now: seconds since the epoch.
    """
    return Message(
        key=notification.key,
        incident=notification.incident,
        kind=notification.kind,
        severity=notification.severity,
        title=notification.title,
        lines=notification.lines,
        since=_since(notification, now),
        links=tuple(_link(place, base_url) for place in notification.places) if base_url else (),
        dag_ids=notification.dag_ids,
    )


def _since(notification: Notification, now: float) -> str:
    if not notification.since:
        return ""
    began = f"{datetime.fromtimestamp(notification.since, tz=timezone.utc):%Y-%m-%d %H:%M:%S} UTC"
    if notification.kind == "resolved":
        return f"It began at {began} and lasted {_length(notification.made_at - notification.since)}."
    return f"Since {began} ({_length(now - notification.since)})."


def _length(seconds: float) -> str:
    minutes = max(0, round(seconds / 60))
    if minutes < 2:
        return f"{max(0, round(seconds))} s"
    return f"{minutes} min" if minutes < 120 else f"{minutes / 60:.0f} h"


def _link(place: Place, base_url: str) -> Link:
    parts, text = ["dags", place.dag_id], place.dag_id
    if place.run_id:
        parts += ["runs", place.run_id]
        text += f" {place.run_id}"
        if place.task_id:
            parts += ["tasks", place.task_id]
            text += f" {place.task_id}"
            if place.map_index >= 0:
                parts += ["mapped", str(place.map_index)]
                text += f"[{place.map_index}]"
    return Link(text, "/".join([base_url.rstrip("/"), *(quote(part, safe="") for part in parts)]))
