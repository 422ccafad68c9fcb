"""Time zones as people write them: IANA names, cities, abbreviations, offsets."""

from __future__ import annotations

import json
import re
import zoneinfo
from functools import cache
from importlib import resources

from airflow_provider_wfintel.engine.generation.schedule.tokens import fold

__all__ = ["AMBIGUOUS", "cities", "iana_name", "offset_zone"]

_AREAS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
_ORDINARY = {
    "west",
    "south",
    "north",
    "center",
    "east",
    "male",
    "wake",
    "easter",
    "troll",
    "reunion",
    "davis",
    "general",
}
AMBIGUOUS = {
    "et",
    "pt",
    "ct",
    "la",
    "ist",
    "eat",
    "wat",
    "est",
    "ny",
    "sf",
    "uk",
    "us",
    "gst",
    "bst",
    "mst",
    "eet",
    "china",
    "france",
}
"""Aliases that are also ordinary words of some language; they count only in capitals or in English text."""

_OFFSET = re.compile(r"(?:utc|gmt)\s?([+\-−])\s?(\d{1,2})(?::?(00))?(?!\d|:)", re.IGNORECASE)


@cache
def _names() -> dict[str, str]:
    return {name.lower(): name for name in zoneinfo.available_timezones()}


@cache
def cities() -> dict[str, str]:
    """Folded city name or alias → IANA name."""
    table = {
        fold(name.rsplit("/", 1)[1].replace("_", " ")): name
        for name in sorted(_names().values())
        if name.split("/", 1)[0] in _AREAS and "/" in name
    }
    table = {city: name for city, name in table.items() if city not in _ORDINARY}
    source = resources.files(__package__).joinpath("words").joinpath("zones.json").read_text(encoding="utf-8")
    for name, aliases in json.loads(source).items():
        table.update((fold(alias), name) for alias in aliases)
    return table


def iana_name(words: str) -> str:
    """The IANA zone called `words` in any case, or an empty string."""
    return _names().get(words.lower(), "")


def offset_zone(text: str, position: int) -> tuple[str, int] | None:
    """A fixed offset such as `UTC+2` that starts at `position`: its zone and where it ends."""
    match = _OFFSET.match(text, position)
    if match is None or int(match.group(2)) > 14:
        return None
    # The signs of the Etc zones are turned around: Etc/GMT-2 is two hours ahead of UTC.
    sign = "-" if match.group(1) == "+" else "+"
    hours = int(match.group(2))
    return ("UTC" if hours == 0 else f"Etc/GMT{sign}{hours}"), match.end()
