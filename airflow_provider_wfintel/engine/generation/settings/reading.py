"""What reading the settings of a DAG gives."""

from __future__ import annotations

from dataclasses import dataclass

from airflow_provider_wfintel.engine.generation.settings.past_runs import PastRuns
from airflow_provider_wfintel.engine.model import Assumption, Caution, LimitSpec, ParamSpec, Question, RetrySpec, Span

__all__ = ["RetryMention", "SettingsReading", "StepTimeout"]


@dataclass(frozen=True, slots=True)
class RetryMention:
    """Retries that the text asks for.

    `scope` is the clause that they belong to, or None if they are said of the whole DAG.
    """

    retry: RetrySpec
    span: Span
    scope: Span | None = None


@dataclass(frozen=True, slots=True)
class StepTimeout:
    """How long a step may wait or run, in seconds, and the words that say so."""

    seconds: float
    span: Span


@dataclass(frozen=True, slots=True)
class SettingsReading:
    """Settings of a DAG that a text names; empty values were not said.

    Attributes:
        retry: the retries of the whole DAG.
        retry_spans: the words behind all retries.
        retries: every mention of retries, those of single steps too.
        limits: how much may run at once, and the pool.
        mapped_limit: how many copies of a mapped step may run at once, with `mapped_span` as its words.
        owner: who owns the DAG.
        tags: its tags.
        dag_id: its name, only if it is a plain identifier.
        timeouts: limits of single steps.
        pokes: how often a sensor looks.
        past: how runs depend on the one before.
        params: the parameters that a run is started with.
        consumed: the words that were used, in the order of the text.
        assumptions: what was decided without being said.
        questions: what only a person can say.
        warnings: what was not taken over.
    """

    retry: RetrySpec | None = None
    retry_spans: tuple[Span, ...] = ()
    retries: tuple[RetryMention, ...] = ()
    limits: LimitSpec = LimitSpec()
    mapped_limit: int | None = None
    mapped_span: Span | None = None
    owner: str = ""
    tags: tuple[str, ...] = ()
    dag_id: str = ""
    timeouts: tuple[StepTimeout, ...] = ()
    pokes: tuple[StepTimeout, ...] = ()
    past: PastRuns = PastRuns()
    params: tuple[ParamSpec, ...] = ()
    consumed: tuple[Span, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    questions: tuple[Question, ...] = ()
    warnings: tuple[Caution, ...] = ()

    @property
    def retry_scope(self) -> str | Span:
        """`"dag"`, or the clause of the first mention if it speaks of one step only."""
        first = self.retries[0] if self.retries else None
        return first.scope if first is not None and first.scope is not None else "dag"
