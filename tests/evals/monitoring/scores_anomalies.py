"""Alerts on streams of runs: made streams of this repository, and the sets beside it if they are there."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from airflow_provider_wfintel.engine.monitoring.service import RunCalendar, RunStream
from tests.evals.monitoring.alerts import Figures, judge
from tests.evals.monitoring.streams import Stream, made_streams
from tests.evals.scoring import ROOT, SHARED, Score, measured, proportion

STREAMS, SEED = 150, 401
"""Other histories than those that the scorecards were learned from (`fit.py` uses the seed 7)."""

OWN_RECALL = {
    "drift": 0.7, "late_start": 0.9, "level_shift": 0.7, "missing": 0.98, "row_drop": 0.8, "spike": 0.6,
    "too_short": 0.8, "variance": 0.6,
}  # fmt: skip
SHARED_RECALL = {
    "drift": 0.82, "late_start": 0.92, "level_shift": 0.82, "missing": 0.98, "row_drop": 0.83, "spike": 0.65,
    "too_short": 0.92, "variance": 0.75,
}  # fmt: skip


def alerts(stream: Stream) -> list[str | None]:
    """What the detector says to each slot of a stream."""
    detector = RunStream(RunCalendar(stream.cadence))  # type: ignore[arg-type]
    verdicts = [detector.update(slot.point()) for slot in stream.slots]
    return [verdict.findings[0].kind if verdict.findings else None for verdict in verdicts]


def own() -> Iterator[Score]:
    """Made streams that learning has not seen."""
    figures = Figures([judge(stream, alerts(stream)) for stream in made_streams(STREAMS, seed=SEED)])
    yield Score(f"anomalies, made: F1 (n={STREAMS})", figures.f1, *figures.f1_interval(), 0.83)
    yield measured("anomalies, made: 1 - false alerts per run", 1 - figures.false_per_1000 / 1000, 0.997)
    yield measured("anomalies, made: 1 - alerts on month ends", 1 - figures.month_end_rate, 0.9)
    for kind, floor in OWN_RECALL.items():
        yield proportion(f"anomalies, made: recall {kind}", figures.found[kind], figures.events[kind], floor)


def _shared(mode: str, data: Path) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "figures.json"
        command = [
            sys.executable,
            str(SHARED / "bench/score_anomaly.py"),
            mode,
            "--data",
            str(data),
            "--json",
            str(answer),
        ]
        command += ["--detector", "tests.evals.adapters:stream_detector"]
        subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
        figures: dict[str, Any] = json.loads(answer.read_text(encoding="utf-8"))
    return figures


def shared() -> Iterator[Score]:
    """The development streams and the Numenta benchmark beside the repository, by their own scorer."""
    folder = SHARED / "data/metrics"
    if not (folder.is_dir() and (SHARED / "bench/score_anomaly.py").is_file()):
        return
    streams = _shared("streams", folder)
    low, high = streams["f1_ci95"]
    yield Score("anomalies, dev: F1", streams["f1"], low, high, 0.84)
    yield measured("anomalies, dev: 1 - false alerts per run", 1 - streams["false_alerts_per_1000"] / 1000, 0.996)
    yield measured("anomalies, dev: 1 - alerts on month ends", 1 - streams["alert_rate_on_month_end"], 0.95)
    for kind, floor in SHARED_RECALL.items():
        found = streams["by_kind"][kind]
        yield proportion(f"anomalies, dev: recall {kind}", round(found["recall"] * found["n"]), found["n"], floor)
    metrics = _shared("nab", folder / "nab.json.gz")
    yield measured("anomalies, NAB standard", metrics["optimised_threshold"]["standard"]["score"] / 100, 0.57)
    yield measured("anomalies, NAB own alerts", metrics["own_alerts"]["standard"]["score"] / 100, 0.57)


def scores() -> Iterator[Score]:
    """Own and further sets."""
    yield from own()
    yield from shared()
