"""The monitoring engine behind the factories that scorers of runs, streams and health ask for.

A scorer makes one object per DAG or series and feeds it plain dictionaries in the order of time. What is imported is
imported when a factory is called, so that one scorer does not load the others' parts.
"""

from __future__ import annotations

from typing import Any


class FinishPredictorAdapter:
    """`predict` and `observe` over dictionaries, see `finish_predictor`."""

    def __init__(self, meta: dict[str, Any]) -> None:
        from airflow_provider_wfintel.engine.monitoring.service import DagShape, FinishPredictor

        parents = tuple(tuple(row) for row in meta["parents"])
        self._predictor = FinishPredictor(DagShape(meta["id"], tuple(map(str, range(len(parents)))), parents))

    def predict(self, moment: dict[str, Any]) -> dict[str, float]:
        """Quantiles of the finish and the probability of a miss."""
        from airflow_provider_wfintel.engine.monitoring.service import RunProgress, TaskProgress

        tasks = tuple(TaskProgress(**task) for task in moment["tasks"])
        progress = RunProgress(moment["weekday"], moment["elapsed"], tasks, moment["deadline"])
        forecast = self._predictor.predict(progress)
        if forecast is None:  # nothing is known before the first run; this says so, since the form asks for numbers
            return {"q10": moment["elapsed"], "q50": moment["elapsed"], "q90": moment["deadline"], "p_miss": 0.5}
        return {
            "q10": forecast.q10,
            "q50": forecast.q50,
            "q90": forecast.q90,
            "p_miss": 0.5 if forecast.miss_probability is None else forecast.miss_probability,
        }

    def observe(self, run: dict[str, Any]) -> None:
        """Learn from a run that is over."""
        from airflow_provider_wfintel.engine.monitoring.service import PastRun

        times = (tuple(run["start"]), tuple(run["end"]))
        self._predictor.observe(PastRun(run["weekday"], *times, tuple(run["retried"]), run["deadline"]))


def finish_predictor(meta: dict[str, Any]) -> FinishPredictorAdapter:
    """Forecasts for one DAG: `meta` has its `id` and the `parents` of each task."""
    return FinishPredictorAdapter(meta)


class HealthModelAdapter:
    """`health` and `observe` over dictionaries, see `health_model`."""

    def __init__(self, meta: dict[str, Any]) -> None:
        from airflow_provider_wfintel.engine.monitoring.service import HealthTracker

        self._tracker = HealthTracker(meta["tasks"])

    def health(self) -> float:
        """The score before the next run, 0 to 100."""
        return self._tracker.health().score

    def observe(self, run: dict[str, Any]) -> None:
        """Learn from a run that is over."""
        from airflow_provider_wfintel.engine.monitoring.service import RunOutcome

        self._tracker.observe(RunOutcome(bool(run["ok"]), run["duration"], run["retries"], run["deadline"]))


def health_model(meta: dict[str, Any]) -> HealthModelAdapter:
    """The health of one DAG: `meta` has its `id` and the number of its `tasks`."""
    return HealthModelAdapter(meta)


class StreamDetectorAdapter:
    """`update` over dictionaries, see `stream_detector`."""

    def __init__(self, meta: dict[str, Any]) -> None:
        from airflow_provider_wfintel.engine.monitoring.service import RunCalendar, RunStream

        self._stream = RunStream(RunCalendar(meta["cadence"]))

    def update(self, point: dict[str, Any]) -> dict[str, Any]:
        """The answer to one point of a run history."""
        from airflow_provider_wfintel.engine.monitoring.service import RunPoint

        verdict = self._stream.update(
            RunPoint(
                point["t"],
                bool(point["run"]),
                point["duration"],
                point["rows"],
                point["delay"],
                point["try_number"] or 1,
            )
        )
        kind = verdict.findings[0].kind.removesuffix("_run") if verdict.findings else None
        return {"alert": verdict.alert, "score": verdict.score, "kind": kind}


class MetricDetectorAdapter:
    """`update` over samples of a plain metric, see `stream_detector`."""

    def __init__(self) -> None:
        from airflow_provider_wfintel.engine.monitoring.service import MetricStream

        self._stream = MetricStream()

    def update(self, point: dict[str, Any]) -> dict[str, Any]:
        """The answer to one sample."""
        answer = self._stream.update(point["t"], point["value"])
        return {"alert": answer.alert, "score": answer.score}


def stream_detector(meta: dict[str, Any]) -> StreamDetectorAdapter | MetricDetectorAdapter:
    """A detector for one series: `meta` has its `id` and `cadence`, which is `nab` for samples of a metric."""
    return MetricDetectorAdapter() if meta["cadence"] == "nab" else StreamDetectorAdapter(meta)
