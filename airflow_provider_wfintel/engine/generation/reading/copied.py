"""What was copied: "delete it from the server" names by a pronoun the files that a step before it took from there."""

from __future__ import annotations

import re
from dataclasses import replace

from airflow_provider_wfintel.engine.generation.reading.line import Line
from airflow_provider_wfintel.engine.generation.reading.steps import OwnedSlot, Step

__all__ = ["with_copied"]

_PLACES = ("uri", "path", "file_name", "key", "prefix", "pattern", "folder", "bucket")
_TAKES = frozenset({"copy", "load", "extract"})
_IT = re.compile(
    r"\b(?:it|them|this|these|those|(?:the|all|that|those|these)\s+(?:\w+\s+){0,2}(?:files?|objects?|originals?|source|copy|blobs?)|"
    r"sie|ihn|es|diese|le|les|lo|los|la|las|o|os|a|as|il|li)\b|它",
    re.IGNORECASE,
)
_ORIGINAL = re.compile(
    r"\b(?:originals?|source\s+(?:files?|objects?)|files?\s+(?:at|from|on|in)\s+the\s+source|originale?n?|quelldatei(?:en)?)\b",
    re.IGNORECASE,
)


def with_copied(line: Line, step: Step) -> Step:
    """A step that removes something by a pronoun, with the place that it was copied from.

    A service that the words name decides which side is meant; without one, only "the original" is clear enough.
    """
    if step.action != "delete" or any(step.values(name) for name in _PLACES) or not _IT.search(step.words):
        return step
    service = step.source or step.target
    for earlier in reversed(line.steps):
        if earlier.action not in _TAKES:
            continue
        side = service or (earlier.source if _ORIGINAL.search(step.words) else "")
        kept = _on_side(earlier, side)
        if not side:
            return step
        if not kept:
            continue
        own = step if service else replace(step, target=side)
        return replace(own, slots=(*own.slots, *kept))
    return step


def _on_side(earlier: Step, service: str) -> tuple[OwnedSlot, ...]:
    """What a copy says of its place in a service; where both places are there, of the first one."""
    own = [item for item in earlier.slots if item.slot.name in _PLACES and item.service == service]
    again = [item for place, item in enumerate(own) if item.slot.name in {other.slot.name for other in own[:place]}]
    return tuple(item for item in own if item not in again)
