"""The health score: made histories with other seeds than it was fitted to, and the set beside this repository."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.evals.adapters import health_model
from tests.evals.monitoring.judging import area_under_curve, brier_skill, calibration_error
from tests.evals.monitoring.made_health import made_histories
from tests.evals.scoring import ROOT, SHARED, Score, measured

UNSCORED_RUNS = 10
HISTORIES, SEED = 60, 2026
"""The score was fitted to seed 7, see `scripts/fit_health_score.py`."""


def own_pairs() -> list[tuple[float, int]]:
    """What was said before each run of the made histories, and whether it was bad."""
    pairs = []
    for history in made_histories(HISTORIES, seed=SEED):
        model = health_model({"id": history.id, "tasks": history.tasks})
        for number, run in enumerate(history.runs):
            if number >= UNSCORED_RUNS:
                pairs.append((1.0 - model.health() / 100.0, int(run.bad)))
            model.observe(
                {"ok": int(run.ok), "duration": run.duration, "retries": run.retries, "deadline": run.deadline}
            )
    return pairs


def own() -> Iterator[Score]:
    """The made histories."""
    pairs = own_pairs()
    yield measured("health, own: AUC", area_under_curve(pairs), 0.76)
    yield measured("health, own: Brier skill", brier_skill(pairs), 0.12)
    yield measured("health, own: 1 - calibration error", 1.0 - calibration_error(pairs), 0.98)


def shared() -> Iterator[Score]:
    """The set beside the repository, by its own scorer."""
    data, scorer = SHARED / "data/metrics/health.jsonl.gz", SHARED / "bench/score_health.py"
    if not (data.is_file() and scorer.is_file()):
        return
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "figures.json"
        command = [sys.executable, str(scorer), "--data", str(data), "--model", "tests.evals.adapters:health_model"]
        subprocess.run([*command, "--json", str(answer)], check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
        figures = json.loads(answer.read_text())
    yield measured("health, dev: AUC", figures["auc"], 0.75)
    yield measured("health, dev: AUC after a good run", figures["auc_onset"], 0.69)
    yield measured("health, dev: Brier skill", figures["brier_skill"], 0.12)
    yield measured("health, dev: 1 - calibration error", 1.0 - figures["ece"], 0.98)


def scores() -> Iterator[Score]:
    """Own and further sets."""
    yield from own()
    yield from shared()
