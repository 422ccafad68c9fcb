"""What reading a schedule gives."""

from __future__ import annotations

from dataclasses import dataclass

from airflow_provider_wfintel.engine.model import Assumption, Caution, DeadlineSpec, Question, Schedule, Span

__all__ = ["ScheduleReading"]


@dataclass(frozen=True, slots=True)
class ScheduleReading:
    """When the text says the DAG runs, and what it leaves open.

    Attributes:
        schedule: what starts a run; `stated=False` and manual if the text says nothing.
        start_date: ISO date, empty if not said.
        end_date: ISO date, empty if not said.
        catchup: whether missed runs are made up; None if not said.
        deadline: when a run must be over.
        consumed: the words that were used, in the order of the text.
        assumptions: what was decided without being said.
        questions: what only a person can say.
        warnings: contradictions and risks.
    """

    schedule: Schedule
    start_date: str = ""
    end_date: str = ""
    catchup: bool | None = None
    deadline: DeadlineSpec | None = None
    consumed: tuple[Span, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    questions: tuple[Question, ...] = ()
    warnings: tuple[Caution, ...] = ()
