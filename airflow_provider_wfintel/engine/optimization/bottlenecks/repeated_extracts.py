"""Identical extracts: several tasks fetch the same data with the same code."""

from __future__ import annotations

from collections.abc import Iterable

from airflow_provider_wfintel.engine.optimization.bottlenecks.case import Candidate, Case, Detector
from airflow_provider_wfintel.engine.optimization.bottlenecks.shapes import named, without_tasks
from airflow_provider_wfintel.engine.optimization.rewrites.repeats import repeated

__all__ = ["DETECTOR"]


def _find(case: Case) -> Iterable[Candidate]:
    if case.dag is None or case.dag.doubts:
        return
    merged = repeated(case.dag)
    if not merged:
        return
    spent = sum(task.seconds for task in case.workload.tasks if task.task_id in merged)
    pairs = named([f"{name} does what {other} does" for name, other in merged.items()])
    yield Candidate(
        f"{len(merged)} tasks fetch again what others have fetched, for {spent:.1f} s of work ({pairs})",
        (*merged, *dict.fromkeys(merged.values())),
        ((without_tasks(case.workload, dict(merged)), case.deployment),),
    )


DETECTOR = Detector("repeated identical extract", _find, "drop-repeated-work")
