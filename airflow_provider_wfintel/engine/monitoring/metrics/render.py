"""Metrics for people and programs: JSON with quantiles, and the text that Prometheus scrapes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from airflow_provider_wfintel.engine.monitoring.metrics.book import Book, Figures
from airflow_provider_wfintel.engine.monitoring.metrics.definitions import RUN_METRICS, TRY_METRICS
from airflow_provider_wfintel.engine.monitoring.metrics.sketch import Sketch
from airflow_provider_wfintel.engine.monitoring.metrics.values import Scope

__all__ = ["CONTENT_TYPE", "as_prometheus", "summary", "totals_as_prometheus"]

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
LEVELS = (0.5, 0.95, 0.99)
_TEXTS = {item.name: item.text for item in TRY_METRICS} | {item.name: item.text for item in RUN_METRICS}
_TOTALS = {
    "runs_total": "DAG runs that are over",
    "failed_runs_total": "DAG runs that failed",
    "tries_total": "tries that are over",
    "failed_tries_total": "tries that failed",
    "retries_total": "tries after the first of a task",
    "wait_seconds_total": "from scheduled to started, over all tries",
    "freshness_seconds": "seconds since the last success",
    "health_score": "100 x (1 - probability that the next run fails or misses its deadline)",
}
_LABELS = {"task": "task_id", "dag": "dag_id", "tag": "tag", "owner": "owner", "pool": "pool"}


def summary(book: Book, now: str) -> dict[str, Any]:
    """All figures by kind and name of scope: counts, sums, means, quantiles, success, freshness at the time `now`."""
    found: dict[str, Any] = {}
    for scope, figures in sorted(book.figures.items()):
        place = found.setdefault(scope.kind, {})
        if scope.kind == "task":
            place = place.setdefault(scope.dag_id, {})
        place[scope.name] = _figures(figures) | {"freshness_seconds": book.freshness(scope, now)}
    deployment = found.get("deployment")
    if deployment:
        found["deployment"] = deployment[""]
    return found


def _figures(figures: Figures) -> dict[str, Any]:
    return {
        "runs": dict(sorted(figures.runs.items())),
        "tries": dict(sorted(figures.tries.items())),
        "retries": figures.retries,
        "success_rate": figures.success_rate,
        "metrics": {name: _distribution(sketch) for name, sketch in sorted(figures.sketches.items())},
    }


def _distribution(sketch: Sketch) -> dict[str, Any]:
    quantiles = {f"p{round(100 * level)}": sketch.quantile(level) for level in LEVELS}
    return {"count": sketch.count, "sum": sketch.total, "mean": sketch.mean, **quantiles, "max": sketch.largest}


def as_prometheus(book: Book, now: str) -> str:
    """The figures in Prometheus' text format (exposition format 0.0.4).

    Each kind of scope has names of its own (`wfintel_dag_…`, `wfintel_task_…`), so that a sum over one name counts
    nothing twice. Distributions are summaries, counts are counters, freshness is a gauge.
    """
    families: dict[str, tuple[str, str, list[str]]] = {}
    for scope, figures in sorted(book.figures.items()):
        for name, kind, text, lines in _families(scope, figures, book.freshness(scope, now)):
            families.setdefault(name, (kind, text, []))[2].extend(lines)
    out = []
    for name, (kind, text, lines) in sorted(families.items()):
        out += [f"# HELP {name} {text}", f"# TYPE {name} {kind}", *lines]
    return "\n".join(out) + "\n" if out else ""


def totals_as_prometheus(dags: Mapping[str, Mapping[str, float]]) -> str:
    """Figures by DAG in Prometheus' text format; names that end in `_total` are counters, the others gauges."""
    families: dict[str, list[str]] = {}
    for dag_id, figures in sorted(dags.items()):
        # The same for all figures of the DAG: thousands of DAGs make tens of thousands of lines.
        labels = f'{{dag_id="{_escaped(dag_id)}"}}'
        for name, value in figures.items():
            families.setdefault(name, []).append(f"wfintel_dag_{name}{labels} {value:.10g}")
    out = []
    for name, lines in sorted(families.items()):
        kind = "counter" if name.endswith("_total") else "gauge"
        text = _TOTALS.get(name, name.removesuffix("_total").replace("_", " "))
        out += [f"# HELP wfintel_dag_{name} {text}", f"# TYPE wfintel_dag_{name} {kind}", *lines]
    return "\n".join(out) + "\n" if out else ""


def _families(scope: Scope, figures: Figures, fresh: float | None) -> Iterator[tuple[str, str, str, list[str]]]:
    prefix, labels = f"wfintel_{scope.kind}", _labels(scope)
    for metric, sketch in sorted(figures.sketches.items()):
        name = f"{prefix}_{metric}"
        lines = [_line(name, [*labels, ("quantile", f"{level:g}")], sketch.quantile(level) or 0.0) for level in LEVELS]
        lines += [_line(f"{name}_sum", labels, sketch.total), _line(f"{name}_count", labels, sketch.count)]
        yield name, "summary", _TEXTS.get(metric, metric), lines
    for word, counts in (("runs", figures.runs), ("tries", figures.tries)):
        if counts:
            name = f"{prefix}_{word}_total"
            lines = [_line(name, [*labels, ("state", state)], count) for state, count in sorted(counts.items())]
            yield name, "counter", f"{word} that are over, by state", lines
    if figures.tries:
        name = f"{prefix}_retries_total"
        yield name, "counter", "tries after the first of a task", [_line(name, labels, figures.retries)]
    if fresh is not None:
        name = f"{prefix}_freshness_seconds"
        yield name, "gauge", "seconds since the last success", [_line(name, labels, fresh)]


def _labels(scope: Scope) -> list[tuple[str, str]]:
    if scope.kind == "deployment":
        return []
    first = [("dag_id", scope.dag_id)] if scope.kind == "task" else []
    return [*first, (_LABELS[scope.kind], scope.name)]


def _line(name: str, labels: list[tuple[str, str]], value: float) -> str:
    pairs = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels)
    return f"{name}{{{pairs}}} {value:.10g}" if pairs else f"{name} {value:.10g}"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
