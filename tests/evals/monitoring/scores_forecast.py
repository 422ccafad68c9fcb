"""Forecasts of finish times: made DAGs of this repository, and the set beside it if it is there."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.evals.adapters import finish_predictor
from tests.evals.monitoring.judging import area_under_curve, brier_skill, pinball
from tests.evals.monitoring.made_dags import MadeDag, MadeRun, made_dags, moments
from tests.evals.scoring import ROOT, SHARED, Score, mean, measured

UNSCORED_RUNS = 20
DAGS, SEED = 24, 104


@dataclass
class Tally:
    """What forecasts of one set came to."""

    losses: list[float] = field(default_factory=list)
    errors: list[float] = field(default_factory=list)
    inside: list[float] = field(default_factory=list)
    odds: list[tuple[float, int]] = field(default_factory=list)
    late: int = 0
    caught: int = 0


def snapshot(run: MadeRun, elapsed: float) -> dict[str, Any]:
    """A run as it was after some seconds, in the form of the adapters."""
    tasks: list[dict[str, Any]] = []
    for start, end in zip(run.start, run.end, strict=True):
        if end <= elapsed:
            tasks.append({"state": "done", "start": start, "end": end})
        else:
            tasks.append({"state": "running", "start": start} if start <= elapsed else {"state": "pending"})
    return {"weekday": run.weekday, "elapsed": elapsed, "deadline": run.deadline, "tasks": tasks}


def forecast_dag(dag: MadeDag, tally: Tally) -> None:
    """Forecast every run of a DAG at up to four moments, and learn from it afterwards."""
    predictor = finish_predictor({"id": dag.id, "parents": dag.parents})
    usual = statistics.median(max(run.end) for run in dag.runs)
    losses, errors, inside = [], [], []
    for number, run in enumerate(dag.runs):
        finish, warned = max(run.end), False
        for share, elapsed in moments(run):
            said = predictor.predict(snapshot(run, elapsed))
            if number < UNSCORED_RUNS:
                continue
            levels = ((said["q10"], 0.1), (said["q50"], 0.5), (said["q90"], 0.9))
            losses.append(statistics.fmean(pinball(q, finish, level) for q, level in levels) / usual)
            errors.append(abs(said["q50"] - finish) / max(finish - elapsed, 0.05 * usual))
            inside.append(float(said["q10"] <= finish <= said["q90"]))
            if elapsed < run.deadline:
                tally.odds.append((said["p_miss"], int(finish > run.deadline)))
                warned = warned or (share <= 0.5 and said["p_miss"] >= 0.5)
        if number >= UNSCORED_RUNS and finish > run.deadline:
            tally.late += 1
            tally.caught += warned
        predictor.observe(
            {
                "weekday": run.weekday,
                "start": run.start,
                "end": run.end,
                "retried": run.retried,
                "deadline": run.deadline,
            }
        )
    tally.losses.append(statistics.fmean(losses))
    tally.inside.append(statistics.fmean(inside))
    tally.errors.extend(errors)


def own() -> Iterator[Score]:
    """The made DAGs."""
    tally = Tally()
    for dag in made_dags(DAGS, seed=SEED):
        forecast_dag(dag, tally)
    yield mean("forecast, own: 1 - pinball", [1.0 - loss for loss in tally.losses], 0.96)
    yield measured("forecast, own: 1 - median APE of the rest", 1.0 - statistics.median(tally.errors), 0.90)
    yield measured("forecast, own: 1 - |coverage - 0.80|", 1.0 - abs(statistics.fmean(tally.inside) - 0.8), 0.97)
    yield measured("forecast, own: AUC of misses", area_under_curve(tally.odds), 0.90)
    yield measured("forecast, own: Brier skill of misses", brier_skill(tally.odds), 0.40)
    yield measured("forecast, own: misses caught early", tally.caught / tally.late, 0.60)


FURTHER = (
    ("1 - pinball", lambda f: 1.0 - f["pinball_pct"] / 100.0, 0.954),
    ("1 - median APE of the rest", lambda f: 1.0 - f["median_ape_rem"], 0.925),
    ("1 - |coverage - 0.80|", lambda f: 1.0 - abs(f["coverage80"] - 0.8), 0.98),
    ("AUC of misses", lambda f: f["auc"], 0.885),
    ("Brier skill of misses", lambda f: f["brier_skill"], 0.44),
    ("misses caught early", lambda f: f["caught_early"], 0.665),
    ("1 - punctual runs called late", lambda f: 1.0 - f["false_early"], 0.94),
)


def shared() -> Iterator[Score]:
    """The set beside the repository, by its own scorer."""
    data, scorer = SHARED / "data/metrics/durations.jsonl.gz", SHARED / "bench/score_duration.py"
    if not (data.is_file() and scorer.is_file()):
        return
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "figures.json"
        command = [
            sys.executable,
            str(scorer),
            "--data",
            str(data),
            "--predictor",
            "tests.evals.adapters:finish_predictor",
        ]
        subprocess.run([*command, "--json", str(answer)], check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
        figures = json.loads(answer.read_text())["all"]
    for name, value, floor in FURTHER:
        yield measured(f"forecast, dev: {name}", value(figures), floor)


def scores() -> Iterator[Score]:
    """Own and further sets."""
    yield from own()
    yield from shared()
