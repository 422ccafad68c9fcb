"""Waits without a service: for a file on the worker, or for some time to pass."""

from __future__ import annotations

import re
from dataclasses import replace

from airflow_provider_wfintel.engine.generation.planning.by_catalog import from_choice
from airflow_provider_wfintel.engine.generation.planning.choice import best_action
from airflow_provider_wfintel.engine.generation.planning.desk import Desk
from airflow_provider_wfintel.engine.generation.planning.drafts import Draft
from airflow_provider_wfintel.engine.generation.planning.values import SlotValues, slot_values
from airflow_provider_wfintel.engine.generation.reading.steps import Step
from airflow_provider_wfintel.engine.model import LiteralValue

__all__ = ["wait_for_file"]

_PAUSE = re.compile(
    r"(?:then\s+)?(?:wait|pause|sleep)\s+(?:for\s+)?(?:another\s+)?(?P<n>\d+(?:\.\d+)?)\s*(?P<unit>d(?:ays?)?|h(?:ours?|rs?)?|m(?:in(?:ute)?s?)?|s(?:ec(?:ond)?s?)?)",
    re.IGNORECASE,
)
_SECONDS = {"d": 86400, "h": 3600, "m": 60, "s": 1}


def wait_for_file(desk: Desk, step: Step, task: str, fed: bool) -> tuple[Draft, ...] | None:  # noqa: ARG001 - every builder is asked the same way
    """A pause of a stated length, or a sensor for a file on the worker."""
    if step.action != "wait_for" or step.services not in ((), ("filesystem",)):
        return None
    pause = _PAUSE.fullmatch(step.words.strip(" .,;"))
    if pause is not None:
        seconds = float(pause.group("n")) * _SECONDS[pause.group("unit").lower()[0]]
        paused = SlotValues({"pause": LiteralValue.of(seconds)}, {})
        own = replace(step, source="", target="airflow")
        chosen = best_action(desk.catalog.actions("airflow"), own, paused, action="wait_for")
        return None if chosen is None else (from_choice(desk, own, chosen, paused, task),)
    values = slot_values(step)
    choice = best_action(desk.catalog.actions("filesystem"), step, values, action="wait_for")
    if choice is None:
        return None
    return (from_choice(desk, replace(step, source="", target="filesystem"), choice, values, task),)
