"""Work for the case that something failed: "if it fails, restart the server and open a ticket"."""

from __future__ import annotations

import re
from dataclasses import replace

from airflow_provider_wfintel.engine.generation.reading.conditions import alert_event, speaks_of_both_ends
from airflow_provider_wfintel.engine.generation.reading.frames import Frame
from airflow_provider_wfintel.engine.generation.reading.line import Line
from airflow_provider_wfintel.engine.generation.reading.steps import Step

__all__ = ["is_for_failure"]

# What may stand between two things to do in the same case.
_AND = re.compile(
    r"[\s,]*(?:and|und|et|y|e|plus|,)?(?:\s+(?:then|also|dann|auch|puis|luego|depois|também|también))?[\s,]*",
    re.IGNORECASE,
)
_IN_ANY_CASE = frozenset({"all_done", "always"})


def is_for_failure(line: Line, frame: Frame, step: Step) -> bool:
    """Whether a step is to run only if what came before it failed; it is added as such then.

    The case is named by a condition of the step, or by the words just before it, which it goes on with an "and".
    """
    if not line.steps or step.guard is not None or step.trigger_rule in _IN_ANY_CASE:
        return False
    if _says_failure(line, frame) or (not frame.conditions and _goes_on(line, frame)):
        line.failing = frame.main.span.end
        line.add_for_failure(replace(step, trigger_rule="one_failed"))
        return True
    return False


def _says_failure(line: Line, frame: Frame) -> bool:
    return any(
        alert_event(words) == "failure" and not speaks_of_both_ends(words)
        for clause in frame.conditions
        if (words := f"{clause.opening} {line.words.plain(clause.span)}")
    )


def _goes_on(line: Line, frame: Frame) -> bool:
    between = line.words.text[line.failing : frame.main.span.start] if line.failing >= 0 else "."
    return _AND.fullmatch(between) is not None
