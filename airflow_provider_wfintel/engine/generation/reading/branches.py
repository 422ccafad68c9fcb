"""Lines of work that the words name: "Branch A: …; Branch B: …" start side by side, and what speaks of all of them joins."""

from __future__ import annotations

import re
from itertools import pairwise

from airflow_provider_wfintel.engine.generation.reading.line import Line

__all__ = ["order_branches"]

_NAMED = re.compile(
    r"(?:^|(?<=[.;:\n])\s{0,9}|(?<=\n)[-*•#\s]{0,9})(?:\*\*)?(?P<kind>branch|track|stream|lane|chain|leg|strang|zweig|rama|branche|flujo|ramo|分支)\s*"
    r"(?P<name>[A-Z]|\d{1,2}|one|two|three|four|eins|zwei|uno|dos|un|deux|一|二)\b(?:\s*\([^()\n]{1,60}\))?(?:\*\*)?\s*(?:[:\uff1a.)–—]|-\s)",
    re.IGNORECASE,
)
_ALL_OF_THEM = re.compile(
    r"\b(?:both|all|each|every|everything|the\s+two|the\s+three|beide|alle|les\s+deux|toutes?|tous|ambas?|ambos|todas?|todos)\b|都|全部",
    re.IGNORECASE,
)


def order_branches(line: Line) -> None:
    """Let named branches start where the first one starts; a later sentence that speaks of all of them waits for all."""
    text = line.words.text
    heads = [match.start("kind") for match in _NAMED.finditer(text)]
    if len(heads) < 2:
        return
    joins = _joins_at(line, heads[-1])
    blocks = [_between(line, low, high) for low, high in pairwise([*heads, joins])]
    if any(not block for block in blocks):
        return
    inside = {index for block in blocks for index in block}
    base = set(line.upstream[blocks[0][0]]) - inside
    for block in blocks[1:]:
        line.upstream[block[0]] = set(base)
    ends = {index for block in blocks for index in _ends(line, block)}
    for index in _between(line, joins, len(text) + 1)[:1]:
        line.upstream[index] = ends
        line.stated |= {(up, index) for up in ends}


def _between(line: Line, low: int, high: int) -> list[int]:
    """The steps whose words begin between two places, in the order of the words."""
    return [index for index, step in enumerate(line.steps) if step.spans and low <= min(step.spans).start < high]


def _ends(line: Line, block: list[int]) -> set[int]:
    followed = {up for index in block for up in line.upstream[index]}
    return {index for index in block if index not in followed}


def _joins_at(line: Line, last: int) -> int:
    """Where the sentence begins that speaks of all branches; the end of the text if none does."""
    text = line.words.text
    for index in _between(line, last, len(text) + 1):
        start = min(line.steps[index].spans).start
        begin = max(text.rfind(sign, last, start) for sign in (". ", "\n", "; ")) + 1
        if begin > last and _ALL_OF_THEM.search(line.words.blank[begin:start]):
            return begin
    return len(text) + 1
