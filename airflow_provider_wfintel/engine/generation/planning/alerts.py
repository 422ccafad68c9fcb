"""Alerts: what the words ask to be told becomes alert specs, with a question where the channel is open."""

from __future__ import annotations

from airflow_provider_wfintel.engine.generation.planning.deployment import chosen_connection
from airflow_provider_wfintel.engine.generation.planning.desk import Desk
from airflow_provider_wfintel.engine.generation.planning.naming import slug
from airflow_provider_wfintel.engine.generation.reading.alerts import AlertReading
from airflow_provider_wfintel.engine.model import AlertEvent, AlertSpec

__all__ = ["alert_specs"]

_EVENTS: dict[str, AlertEvent] = {"failure": "failure", "retry": "retry", "success": "success", "deadline": "deadline"}


def alert_specs(desk: Desk, readings: tuple[AlertReading, ...], *, has_deadline: bool) -> tuple[AlertSpec, ...]:
    """One alert spec per reading; without a channel or a deadline in the words, a question instead."""
    specs = []
    for reading in readings:
        event = _EVENTS.get(reading.on, "failure")
        if event == "deadline" and not has_deadline:
            text = (
                f"When must a run be over, so that {reading.words.strip()[:100]!r} can be told? No deadline is given."
            )
            desk.notes.ask("deadline", text, span=reading.span)
        if not reading.service:
            desk.notes.ask(
                "alert_channel",
                f"Who is told, and over which channel, in {reading.words.strip()[:100]!r}?",
                span=reading.span,
                options=("Slack", "e-mail", "webhook"),
            )
            continue
        specs.append(
            AlertSpec(event, reading.service, reading.target, _connection(desk, reading), "", (), reading.span)
        )
    return tuple(dict.fromkeys(specs))


def _connection(desk: Desk, reading: AlertReading) -> str:
    if reading.connection:
        return reading.connection
    if reading.service not in desk.catalog:
        return ""
    record = desk.catalog.service(reading.service)
    chosen = chosen_connection(record, desk.context, desk.notes)
    if chosen:
        return chosen
    return record.default_connection_id or f"{slug(reading.service)}_default"
