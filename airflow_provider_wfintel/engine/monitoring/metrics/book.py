"""Metrics of tasks, DAGs, tags, owners, pools and the deployment, from runs and tries; can be merged and stored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, get_args

from airflow_provider_wfintel.engine.model import TaskTry, WorkflowRun
from airflow_provider_wfintel.engine.monitoring.metrics.definitions import RUN_METRICS, TRY_METRICS, seconds_between
from airflow_provider_wfintel.engine.monitoring.metrics.sketch import Sketch
from airflow_provider_wfintel.engine.monitoring.metrics.values import DagFacts, Prices, Scope, ScopeKind
from airflow_provider_wfintel.exceptions import UserInputError

__all__ = ["Book", "Figures", "later"]

# A try that waits for the next one is counted when that begins: Airflow then files it away as failed.
_TRY_OVER = frozenset({"success", "failed", "skipped", "upstream_failed", "removed"})
_RUN_OVER = frozenset({"success", "failed"})
_RAN = frozenset({"success", "failed"})
VERSION = 1


@dataclass
class Figures:
    """The figures of one scope: distributions by metric, tries and runs by state, retries, last success (ISO)."""

    sketches: dict[str, Sketch] = field(default_factory=dict)
    tries: dict[str, int] = field(default_factory=dict)
    runs: dict[str, int] = field(default_factory=dict)
    retries: int = 0
    last_success: str = ""

    @property
    def success_rate(self) -> float | None:
        """Share of runs that succeeded; where there are only tries, of tries that ran. None without any."""
        if self.runs:
            return self.runs.get("success", 0) / sum(self.runs.values())
        ran = sum(count for state, count in self.tries.items() if state in _RAN)
        return self.tries.get("success", 0) / ran if ran else None

    def merge(self, other: Figures) -> None:
        """Take in the figures of another time or place."""
        for name, sketch in other.sketches.items():
            self.sketches.setdefault(name, Sketch()).merge(sketch)
        for mine, theirs in ((self.tries, other.tries), (self.runs, other.runs)):
            for state, count in theirs.items():
                mine[state] = mine.get(state, 0) + count
        self.retries += other.retries
        self.last_success = later(self.last_success, other.last_success)

    def as_json(self) -> dict[str, Any]:
        """The figures as JSON values."""
        return {
            "sketches": {name: sketch.as_json() for name, sketch in sorted(self.sketches.items())},
            "tries": dict(sorted(self.tries.items())),
            "runs": dict(sorted(self.runs.items())),
            "retries": self.retries,
            "last_success": self.last_success,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Figures:
        """The figures that `as_json` wrote."""
        sketches = {name: Sketch.from_json(item) for name, item in data["sketches"].items()}
        return cls(sketches, dict(data["tries"]), dict(data["runs"]), int(data["retries"]), data["last_success"])


@dataclass
class Book:
    """Figures by scope. Each try and run must be added once, when it is over; those that go on are passed over."""

    prices: Prices = field(default_factory=Prices)
    facts: Mapping[str, DagFacts] = field(default_factory=dict)
    figures: dict[Scope, Figures] = field(default_factory=dict)

    def add_try(self, item: TaskTry, *, rows: int | None = None) -> None:
        """Take in a try that is over."""
        if item.state not in _TRY_OVER:
            return
        values = {metric.name: metric.value(item, self.prices, rows) for metric in TRY_METRICS}
        known = {name: value for name, value in values.items() if value is not None}
        for scope in self._scopes(item.dag_id, item):
            figures = self.figures.setdefault(scope, Figures())
            figures.tries[item.state] = figures.tries.get(item.state, 0) + 1
            figures.retries += item.try_number > 1
            for name, value in known.items():
                figures.sketches.setdefault(name, Sketch()).add(value)
            if item.state == "success" and scope.kind == "task":
                figures.last_success = later(figures.last_success, item.ended_at)

    def add_run(self, run: WorkflowRun) -> None:
        """Take in a DAG run that is over."""
        if run.state not in _RUN_OVER:
            return
        values = {metric.name: metric.value(run) for metric in RUN_METRICS}
        for scope in self._scopes(run.dag_id, None):
            figures = self.figures.setdefault(scope, Figures())
            figures.runs[run.state] = figures.runs.get(run.state, 0) + 1
            for name, value in values.items():
                if value is not None:
                    figures.sketches.setdefault(name, Sketch()).add(value)
            if run.state == "success":
                figures.last_success = later(figures.last_success, run.ended_at)

    def add(self, runs: Iterable[WorkflowRun], tries: Iterable[TaskTry], rows: Mapping[str, int] | None = None) -> None:
        """Take in runs and tries; of several values with the same natural key (they change) the last one counts."""
        for run in {(item.dag_id, item.run_id): item for item in runs}.values():
            self.add_run(run)
        for item in {item.try_id: item for item in tries}.values():
            self.add_try(item, rows=(rows or {}).get(item.try_id))

    def merge(self, other: Book) -> None:
        """Take in another book, such as that of the next hour."""
        for scope, figures in other.figures.items():
            self.figures.setdefault(scope, Figures()).merge(figures)

    def freshness(self, scope: Scope, now: str) -> float | None:
        """Seconds since the last success of a scope; None if there was none."""
        figures = self.figures.get(scope)
        return None if figures is None else seconds_between(figures.last_success, now)

    def as_json(self) -> dict[str, Any]:
        """The book as JSON values, without prices and facts, which are configuration."""
        rows = [[s.kind, s.name, s.dag_id, figures.as_json()] for s, figures in sorted(self.figures.items())]
        return {"version": VERSION, "scopes": rows}

    @classmethod
    def from_json(
        cls, data: dict[str, Any], *, prices: Prices | None = None, facts: Mapping[str, DagFacts] | None = None
    ) -> Book:
        """Go on from what `as_json` wrote.

        Raises:
            UserInputError: it was written by another version or is damaged.
        """
        book = cls(prices or Prices(), facts or {})
        try:
            if data["version"] != VERSION:
                raise UserInputError(f"metrics of version {data['version']}", hint="collect them anew from the history")
            for kind, name, dag_id, figures in data["scopes"]:
                if kind not in get_args(ScopeKind):
                    raise ValueError(kind)
                book.figures[Scope(kind, name, dag_id)] = Figures.from_json(figures)
        except (KeyError, TypeError, ValueError) as error:
            raise UserInputError("stored metrics are damaged", hint="collect them anew from the history") from error
        return book

    def _scopes(self, dag_id: str, item: TaskTry | None) -> Iterator[Scope]:
        yield Scope("deployment")
        yield Scope("dag", dag_id)
        facts = self.facts.get(dag_id, DagFacts())
        for tag in sorted(set(facts.tags)):
            yield Scope("tag", tag)
        if facts.owner:
            yield Scope("owner", facts.owner)
        if item is not None:
            yield Scope("task", item.task_id, dag_id)
            yield Scope("pool", item.pool)


def later(one: str, other: str) -> str:
    """The later of two ISO times, either of which may be missing."""
    if not one or not other:
        return one or other
    apart = seconds_between(one, other)
    return other if apart is not None and apart > 0 else one
