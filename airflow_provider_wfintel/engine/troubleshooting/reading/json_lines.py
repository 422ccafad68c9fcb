"""Lines of JSON: Airflow 3 task logs (structlog) and what other programs write in that form."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from airflow_provider_wfintel.engine.troubleshooting.events import LogEvent
from airflow_provider_wfintel.engine.troubleshooting.reading.prefix import LEVELS

__all__ = ["events_of_json"]

_MESSAGES = ("event", "message", "msg", "log")
# What Airflow and its supervisor put beside the message and what says how a try ended.
_BESIDE = ("exit_code", "signal", "signal_name", "signal_sent", "error", "err", "exc", "reason", "detail", "final_state", "state",
           "status", "status_code", "error_code", "error_type", "msg", "stderr")  # fmt: skip
_BESIDE_NAMES = frozenset(_BESIDE)
_MAX_TEXT = 20_000
_MAX_DEPTH = 6


def events_of_json(line: str, number: int, chain: int) -> list[LogEvent] | None:
    """The events of one line, or None if it is no JSON object with a message.

    Args:
        line: the line.
        number: its 1-based number.
        chain: number of the last chain of exceptions so far.
    """
    try:
        data = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, dict):
        return None
    key = next((name for name in _MESSAGES if isinstance(data.get(name), str)), None)
    details = data.get("error_detail") or data.get("exception")
    if key is None and not isinstance(details, list):
        return None
    message = data[key][:_MAX_TEXT] if key else ""
    level = LEVELS.get(str(data.get("level", data.get("levelname", data.get("severity", "")))).lower(), "")
    logger = str(data.get("logger", data.get("name", "")))
    told = ""
    if "Traceback (most recent call last)" in message:
        message, told = _cut_traceback(message)
    text = message
    if not _BESIDE_NAMES.isdisjoint(data):
        text += "".join(f" {name}={data[name]}" for name in _BESIDE if name != key and _plain(data.get(name)))
    events = [LogEvent("message", text, level, logger, number, line)]
    if isinstance(details, list):
        found = list(_exceptions(details, 0))
        events += [
            LogEvent("exception", said, level, logger, number, line, frames, message, chain + 1, depth, handled)
            for said, frames, depth, handled in reversed(found)
        ]
    elif isinstance(details, str) or told:
        events += _from_text(details if isinstance(details, str) else told, level, logger, number, line, message, chain)
    return events


def _cut_traceback(message: str) -> tuple[str, str]:
    """A message in front of a traceback, and the traceback."""
    position = message.index("Traceback (most recent call last)")
    return message[:position].strip(), message[position:]


def _plain(value: Any) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool) and value != ""


def _exceptions(details: list[Any], depth: int) -> Iterator[tuple[str, str, int, bool]]:
    """Text, frames, depth and whether it was only being handled, from the exception raised last to the deepest."""
    causes = [item for item in details if isinstance(item, Mapping)]
    for index, item in enumerate(causes):
        notes = "".join(f"\n{note}" for note in item.get("exc_notes") or [] if isinstance(note, str))
        value = str(item.get("exc_value", ""))[:_MAX_TEXT]
        frames = "\n".join(
            f'File "{frame.get("filename", "")}", in {frame.get("name", "")}'
            for frame in item.get("frames") or []
            if isinstance(frame, Mapping)
        )
        # `is_cause` says of an entry that it is the declared cause of the one before it.
        handled = index > 0 and item.get("is_cause") is False
        yield f"{item.get('exc_type', '')}: {value}{notes}", frames, depth + index, handled
        for group in item.get("exceptions") or []:
            if depth < _MAX_DEPTH:
                inner = group if isinstance(group, list) else [group]
                yield from _exceptions(inner, depth + index + 1)


def _from_text(text: str, level: str, logger: str, number: int, raw: str, header: str, chain: int) -> list[LogEvent]:
    """The exceptions of a traceback that was written as one string."""
    from airflow_provider_wfintel.engine.troubleshooting.reading.document import read_document

    inner = [event for event in read_document(text).events if event.kind == "exception"]
    return [
        LogEvent("exception", event.text, level, logger, number, raw, event.frames, header, chain + 1, event.depth,
                 event.handled_first)
        for event in inner
    ]  # fmt: skip
