"""What all tests of the reader share: a text read as far as its flow, in a form that is short to compare."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from airflow_provider_wfintel.engine.generation.mentions import find_mentions
from airflow_provider_wfintel.engine.generation.reading.flow import Flow, read_flow
from airflow_provider_wfintel.engine.generation.reading.frames import group_frames
from airflow_provider_wfintel.engine.generation.reading.prepare import Prepared, prepare
from airflow_provider_wfintel.engine.generation.reading.steps import Step
from airflow_provider_wfintel.engine.generation.schedule import read_schedule
from airflow_provider_wfintel.engine.generation.settings import read_settings


@dataclass(frozen=True)
class Reading:
    """A text, its clauses and its flow."""

    text: str
    prepared: Prepared
    flow: Flow

    @property
    def said(self) -> list[str]:
        """One line per step: the action and the services, e.g. `copy mysql > amazon_s3`."""
        return [f"{step.action} {_places(step)}".strip() for step in self.flow.steps]

    @property
    def order(self) -> set[tuple[int, int]]:
        """Pairs of steps of which the second comes after the first, however many are between them."""
        pairs = {(edge.upstream, edge.downstream) for edge in self.flow.edges}
        while more := {(a, d) for a, b in pairs for c, d in pairs if b == c} - pairs:
            pairs |= more
        return pairs

    def clauses(self, kind: str = "") -> list[str]:
        """The words of all clauses, or of those of one kind."""
        return [item.span.of(self.text) for item in self.prepared.clauses if not kind or item.kind == kind]

    def values(self, index: int, name: str) -> tuple[str, ...]:
        """The stated values of one kind of a step."""
        return self.flow.steps[index].values(name)


def _places(step: Step) -> str:
    ends = [item for item in (step.source, step.target) if item]
    return " > ".join(dict.fromkeys(ends)) + (f" by {step.tool}" if step.tool else "")


def _read(text: str) -> Reading:
    consumed = (*read_schedule(text).consumed, *read_settings(text).consumed)
    prepared = prepare(text, find_mentions(text), consumed)
    return Reading(text, prepared, read_flow(prepared.words, group_frames(text, prepared.clauses)))


@pytest.fixture(scope="session")
def read() -> Callable[[str], Reading]:
    """A function that reads a text."""
    return _read
