"""Names that the words give to steps: "load_orders: Load the …", "`get_rates` - Fetch …"."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from airflow_provider_wfintel.engine.generation.reading.steps import Step
from airflow_provider_wfintel.engine.model import Span

__all__ = ["STEP_NAME", "with_names"]

STEP_NAME = re.compile(
    r"(?:^|(?<=\n))[ \t]*(?:[-*•][ \t]+|\(?\d{1,2}\\?[.)][ \t]+)?(?P<label>(?:\*\*|__)?(?:`(?P<q>[a-z][a-z0-9_]*)`|(?P<v>[a-z][a-z0-9]*(?:_[a-z0-9]+)+))(?:\*\*|__)?"
    r"(?:[ \t]*\([^()\n]{1,40}\))?[ \t]*(?::|–|—|-)(?:\*\*|__)?)[ \t]+(?=[A-Za-z])"
)
"""A name in snake case, or in backticks, that opens an item, and the sign behind it."""


def with_names(text: str, steps: list[Step]) -> list[Step]:
    """Give the first step of each named item its name; a name that two items bear is none."""
    found = [(match.group("q") or match.group("v"), match.start()) for match in STEP_NAME.finditer(text)]
    often = Counter(name for name, _ in found)
    named = list(steps)
    for number, (name, start) in enumerate(found):
        end = found[number + 1][1] if number + 1 < len(found) else len(text)
        place = next((index for index, step in enumerate(named) if _begins_in(step, Span(start, end), text)), None)
        if place is not None and often[name] == 1:
            named[place] = replace(named[place], name=name)
    return named


def _begins_in(step: Step, part: Span, text: str) -> bool:
    """Whether a step was read from the first line of an item."""
    if not step.spans:
        return False
    begin = min(span.start for span in step.spans)
    return part.start <= begin < part.end and "\n" not in text[part.start : begin]
