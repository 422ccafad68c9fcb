"""Work that goes between steps read before it: "mask the e-mails before loading", "a person should approve the deletion"."""

from __future__ import annotations

import re
from dataclasses import replace

from airflow_provider_wfintel.engine.generation.reading.line import Line
from airflow_provider_wfintel.engine.generation.reading.steps import Step

__all__ = ["approved_step", "put_between"]

_APPROVED = re.compile(
    r"\b(?:approv\w*|confirm\w*|okay\w*|releas\w*|sign\w*\s+off(?:\s+on)?)\s+(?:of\s+)?(?:the|this|that|every|each)\s+(?:\w+\s+)?(?P<noun>[a-z]{4,})\b|"
    r"\b(?:the|this|that)\s+(?P<subject>[a-z]{4,})\s+(?:must|should|has\s+to|needs?\s+to|is\s+to|may\s+only|can\s+only)\s+be\s+(?:approved|confirmed|signed\s+off)",
    re.IGNORECASE,
)
_NOUNS = {
    "delet": "delete", "remov": "delete", "drop": "delete", "purge": "delete", "load": "load", "export": "copy", "copy": "copy", "transfer": "copy",
    "deploy": "trigger", "promot": "copy", "run": "trigger", "send": "notify", "mail": "notify", "publi": "notify", "train": "train", "truncat": "delete",
}  # fmt: skip


# "All deletions need the sign-off of … beforehand": asked once, before the first of them.
_ALL_OF_A_KIND = re.compile(
    r"\b(?:all|every|each|both|any)\s+(?:of\s+)?(?:the\s+|these\s+)?(?P<noun>[a-z]{4,})\b[^.;]{0,80}\b(?:needs?|requires?|ha(?:s|ve)\s+to|must)\b",
    re.IGNORECASE,
)


def approved_step(line: Line, step: Step) -> int | None:
    """The step read already that a later sentence wants approved ("a human should approve the deletion")."""
    said = _APPROVED.search(step.words) if step.action == "approve" else None
    each = _ALL_OF_A_KIND.search(step.words) if step.action == "approve" else None
    if each is not None:
        kind = next((value for stem, value in _NOUNS.items() if each.group("noun").lower().startswith(stem)), "")
        return next((index for index, earlier in enumerate(line.steps) if earlier.action == kind), None)
    if said is None:
        return None
    noun = (said.group("noun") or said.group("subject")).lower()
    action = next((value for stem, value in _NOUNS.items() if noun.startswith(stem)), "")
    for index in range(len(line.steps) - 1, -1, -1):
        earlier = line.steps[index]
        if earlier.lemma and (noun[:5] == earlier.lemma[:5].lower() or (action and earlier.action == action)):
            return index
    return None


def put_between(line: Line, step: Step, target: int) -> bool:
    """Put a step between the read and the write of a copy ("… before loading"); False if the target is no such copy."""
    copy = line.steps[target]
    loads = step.clause is not None and re.match(
        r"\s*before\s+(?:it\s+is\s+|they\s+are\s+)?(?:load|writ|stor|insert|sav|upload)",
        line.words.text[step.clause.span.end :],
        re.IGNORECASE,
    )
    if not loads or copy.action != "copy" or not (copy.source and copy.target) or copy.tool or copy.foreach is not None:
        return False
    read = replace(
        copy,
        action="extract",
        lemma="extract",
        target="",
        slots=tuple(item for item in copy.slots if item.service != copy.target),
    )
    write = replace(
        copy,
        action="load",
        lemma="load",
        source="",
        slots=tuple(item for item in copy.slots if item.service != copy.source),
    )
    line.steps[target] = read
    line.add(step)
    line.add(replace(write, guard=None))
    return True
