"""Cutting evidence: exact pieces of the log that show why a diagnosis was made."""

from __future__ import annotations

import json
import re

from airflow_provider_wfintel.engine.model import Evidence
from airflow_provider_wfintel.engine.troubleshooting.events import LogEvent
from airflow_provider_wfintel.engine.troubleshooting.patterns import LazyPattern

__all__ = ["MAX_EVIDENCE", "cut_evidence"]

MAX_EVIDENCE = 380
_SHORT = 16
# What the reader put after a message from other fields of a line of JSON.
_BESIDE = LazyPattern(r"(?: [a-z_]+=[^\s=]+)+$")
_PART = 8
# A line as short as this is often a heading; what it announces stands below it.
_HEADING = 70
_FOLLOWING = 2
_PLAIN = 18
_TRAILING = " :;,\\"
_TYPE = LazyPattern(r"^(?:Caused by: )?(?:[A-Za-z_]\w*\.)*[A-Z]\w*: ")


def cut_evidence(event: LogEvent, start: int, end: int) -> Evidence:
    """The line of an event around a match, or as much of it as fits, as it stands in the log.

    Args:
        event: the event.
        start: where the match begins in the event's text.
        end: where it ends.
    """
    source = "event_log" if event.kind == "fact" else "log"
    pieces = [*_json_pair(event), *_candidates(event.text, start, end)]
    exact = next((piece for piece in pieces if piece in event.raw and _shows(piece, event.text, start, end)), "")
    for written in (_verbatim, _longest_part):
        for piece in (exact, *pieces):
            found = written(piece, event.raw).rstrip(_TRAILING)
            if found:
                before = event.raw.count("\n", 0, max(0, event.raw.find(found)))
                number = event.first_line + before
                return Evidence(source, found, number, number + found.count("\n"))
    first = next((line.strip() for line in event.raw.split("\n") if line.strip()), event.text)[:MAX_EVIDENCE]
    return Evidence(source, first, event.first_line, event.first_line)


def _shows(piece: str, text: str, start: int, end: int) -> bool:
    """Whether a piece holds something of the match and more than the type of an exception."""
    first = text.find(piece)
    kind, colon, _ = text.partition(": ")
    if len(piece) < _SHORT or (colon and piece == kind):
        return False
    return 0 <= first < end and first + len(piece) > start


def _candidates(text: str, start: int, end: int) -> list[str]:
    """Pieces from the best to the least: the whole lines, the value of an exception, the match, its parts."""
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    last = len(text) if last < 0 else last
    whole = text[first:last].strip()
    value = _TYPE.sub("", whole)
    after = text[last:].split("\n")[1 : 1 + _FOLLOWING]
    longer = "\n".join([whole, *after]) if len(whole) <= _HEADING and any(line.strip() for line in after) else whole
    matched = text[start:end].strip()
    match = _widened(text, start, end, first, last) if len(matched) < _SHORT else matched[:MAX_EVIDENCE]
    message = _BESIDE.sub("", whole)
    pieces = [piece for piece in (longer, whole, _TYPE.sub("", longer), value, message) if len(piece) <= MAX_EVIDENCE]
    if text[start:end] in value or len(value) > MAX_EVIDENCE:
        pieces.append(match)
    # An exception as `type: value` is two strings in a line of JSON; a wrapped text is several.
    parts = [part.strip(" '\"") for line in (value, matched) for part in re.split(r"\n|: |'\s*\n\s*'", line)]
    around_match = sorted(
        (part for part in parts if len(part) >= _PART), key=lambda part: (matched not in part, -len(part))
    )
    return pieces + [part[:MAX_EVIDENCE] for part in around_match] + [match]


def _json_pair(event: LogEvent) -> list[str]:
    """Type and value of an exception with a short message, as they stand side by side in a line of JSON."""
    kind, _, value = event.text.partition(": ")
    if event.kind != "exception" or not event.raw.startswith("{") or len(value) >= _SHORT:
        return []
    pairs = [
        json.dumps({"exc_type": kind, "exc_value": value}, ensure_ascii=ascii_only, separators=(",", gap))[1:-1]
        for ascii_only in (False, True)
        for gap in (":", ": ")
    ]
    return [pair for pair in (*pairs, *(pair.replace('","', '", "', 1) for pair in pairs)) if pair in event.raw]


def _widened(text: str, start: int, end: int, first: int, last: int) -> str:
    """A short match with some of what follows it, so that it can be found again."""
    return text[start : min(last, max(end, start + 60))].strip() if last - start >= _SHORT else text[first:last].strip()


def _verbatim(piece: str, raw: str) -> str:
    """The piece as it stands in the raw line, which may be JSON; empty if it does not."""
    if not piece or piece in raw:
        return piece
    for ascii_only in (False, True):
        escaped = json.dumps(piece, ensure_ascii=ascii_only)[1:-1]
        if escaped in raw:
            return escaped
    return ""


def _longest_part(piece: str, raw: str) -> str:
    """The longest part of the piece that needs no escapes, if it is long enough to say something."""
    part = max(re.split(r"[\"\\\n\t]|[^\x00-\x7f]", piece), key=len)
    return part.strip() if len(part.strip()) >= _PLAIN and part in raw else ""
