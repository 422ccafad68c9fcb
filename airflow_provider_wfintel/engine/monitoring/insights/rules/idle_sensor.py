"""Idle sensors: sensors hold slots while they wait; deferred or rescheduled they would hold none."""

from __future__ import annotations

from collections.abc import Iterator

from airflow_provider_wfintel.engine.monitoring.insights.values import DagPicture, InsightFinding, Rule

__all__ = ["IDLE_SENSOR"]

_LEAST_SECONDS = 3600.0
_LEAST_EACH = 300.0


def _find(dag: DagPicture) -> Iterator[InsightFinding]:
    whole = sum(one.slot_seconds for one in dag.tasks.values())
    for task in sorted(dag.sensors & set(dag.tasks)):
        one = dag.tasks[task]
        each = one.run_seconds / max(1, one.tries)
        if one.slot_seconds < _LEAST_SECONDS or each < _LEAST_EACH:
            continue
        yield InsightFinding(
            IDLE_SENSOR.kind,
            f"the sensor {task} held slots for {one.slot_seconds / 3600:.1f} h, {one.slot_seconds / whole:.0%} of the "
            "DAG's time; deferrable, or with mode='reschedule', it holds none while it waits",
            "info",
            dag.dag_id,
            task,
            value=round(one.slot_seconds),
            samples=one.tries,
            evidence=[{"slot_seconds": round(one.slot_seconds), "seconds_each": round(each)}],
        )


IDLE_SENSOR = Rule("idle_sensor", of_dag=_find)
