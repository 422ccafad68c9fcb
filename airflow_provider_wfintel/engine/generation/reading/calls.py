"""Calls of an HTTP interface: what a step with a stated method does."""

from __future__ import annotations

from dataclasses import replace

from airflow_provider_wfintel.engine.generation.reading.line import Line
from airflow_provider_wfintel.engine.generation.reading.steps import Step

__all__ = ["calls_are_reads", "without_telling"]

_WRITES = frozenset({"POST", "PUT", "PATCH"})
_STORES = frozenset({"load", "copy"})


def without_telling(step: Step) -> Step:
    """A step with a stated method as a call: "POST /v1/jobs" tells nobody anything, whatever its verb looks like."""
    methods = set(step.values("method"))
    told = ("notify", "none", "transform", *(("load", "copy") if methods & _WRITES else ()))
    return replace(step, action="trigger") if methods and step.action in told else step


def calls_are_reads(line: Line) -> None:
    """Let a call whose answer the next step stores be a read."""
    for down, ups in enumerate(line.upstream):
        later = line.steps[down]
        if later.action not in _STORES or later.source:
            continue
        for up in ups:
            if _gets(line.steps[up]):
                line.steps[up] = replace(line.steps[up], action="extract", lemma="fetch")


def _gets(step: Step) -> bool:
    return step.action == "trigger" and step.values("method") == ("GET",) and not step.values("body")
