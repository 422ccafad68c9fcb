"""Reader of time zones beside a time, and of words that take something back."""

from __future__ import annotations

from airflow_provider_wfintel.engine.generation.schedule.parts import Found, Items, Part, has, skip

__all__ = ["read_cue", "read_zone"]

_NO_PLACE = {
    "run",
    "real",
    "start",
    "end",
    "this",
    "that",
    "same",
    "one",
    "first",
    "every",
    "long",
    "full",
    "part",
    "any",
    "next",
    "due",
}


def read_zone(items: Items, index: int) -> Found:
    """A zone: "UTC", "New York time", "tz Europe/Prague", "heure de Paris". Value: `(IANA name, stated apart)`."""
    start = index
    introduced = has(items, index, "zone_intro")
    if introduced:
        index = skip(
            items, index + 1, "the", "of", "zone_intro", norms=(":", "=", "is", "in", "de", "'", "are"), limit=3
        )
    if has(items, index, "zone"):
        after = skip(items, index + 1, "time_word", limit=2)
        apart = introduced or has(items, index, "iana")
        return (Part("zone", (items[index].concepts["zone"], apart), start, after),), after
    return None


def unknown_zone(items: Items, index: int) -> Found:
    """A place that no table knows, right behind a clock time ("6:00 Springfield time")."""
    item = items[index]
    if item.kind == "word" and not item.concepts and has(items, index + 1, "time_word") and item.norm not in _NO_PLACE:
        return (Part("unknown_zone", item.norm, index, index + 2),), index + 2
    if item.has("time_word") and item.norm in ("local time", "server time"):
        return (Part("unknown_zone", item.norm, index, index + 1),), index + 1
    return None


def read_cue(items: Items, index: int) -> Found:
    """Words that take back what was said before ("no,", "sorry", "I mean")."""
    if has(items, index, "cue_back") and index > 0 and not has(items, index + 1, "catchup_no"):
        before = items[index - 1]
        after = items[index + 1] if index + 1 < len(items) else None
        if (
            before.kind in ("punct", "break")
            or before.has("cue_back")
            or (after is not None and after.norm in (",", ":"))
        ):
            return (Part("cue", items[index].norm, index, index + 1),), index + 1
    return None
