"""A Python function of the user's own that the words name in full: it is imported and called, nothing is left open."""

from __future__ import annotations

import re
import sys
from dataclasses import replace

from airflow_provider_wfintel.engine.generation.planning.by_recipe import from_recipe
from airflow_provider_wfintel.engine.generation.planning.desk import Desk
from airflow_provider_wfintel.engine.generation.planning.drafts import Draft, literal
from airflow_provider_wfintel.engine.generation.planning.values import SlotValues
from airflow_provider_wfintel.engine.generation.reading.steps import Step

__all__ = ["python_function"]

_DOTTED = re.compile(r"[A-Za-z]\w*(?:\.[A-Za-z]\w*)+")
_PYTHON = re.compile(r"\bpython\b|\bpandas\b", re.IGNORECASE)
# "dedupe them with …", "validates the rows": the function gets what the step before returned.
_TAKES = re.compile(
    r"\b(?:it|them|these|those|(?:the|those|these)\s+(?:\w+\s+)?(?:rows?|records?|results?|data|messages?|events?|items?|files?|output)"
    r"|sie|diese|los|las|les)\b",
    re.IGNORECASE,
)
_ELSEWHERE = frozenset({"aws_lambda", "google_cloud_functions", "google_cloud_run", "azure_functions", "openfaas"})


def python_function(desk: Desk, step: Step, task: str, fed: bool) -> tuple[Draft, ...] | None:
    """The call of the function, with the upstream result as its first argument where the words speak of it."""
    names = [value for value in step.values("function") if _DOTTED.fullmatch(value)]
    if len(names) != 1 or not _PYTHON.search(step.words) or set(step.services) & _ELSEWHERE:
        return None
    if names[0].split(".")[0] in sys.stdlib_module_names or step.values("sql") or step.action == "wait_for":
        return None
    draft = from_recipe(
        desk,
        step,
        "call_python_callable",
        SlotValues({}, {}),
        task,
        service="python",
        extra=(literal("function", names[0]),),
    )
    desk.notes.assume("function", f"The module of {names[0]!r} is installed where the workers run.", desk.span(step))
    services = tuple(dict.fromkeys((*draft.task.services, "python")))
    draft = replace(draft, task=replace(draft.task, services=services))
    takes = fed and _TAKES.search(step.words) is not None
    if takes:
        text = f"{names[0]!r} takes what the step before returns as its first argument."
        desk.notes.assume("function", text, desk.span(step))
    return (draft if takes or step.foreach is not None else replace(draft, needs=""),)
