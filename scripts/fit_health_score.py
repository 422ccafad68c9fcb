"""Fit the health score's coefficients on made histories and write them as JSON.

    python scripts/fit_health_score.py [--histories 600] [--seed 7]

The histories follow the law that `tests/evals/monitoring/made_health.py` states; scores are measured with other seeds.
No real history is used: a deployment's own history corrects the result while it runs (see `recalibration`).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from airflow_provider_wfintel.engine.monitoring.health.features import FAILURE, MISS, Feature, Past  # noqa: E402
from tests.evals.monitoring.made_health import made_histories  # noqa: E402

TARGET = ROOT / "airflow_provider_wfintel/engine/monitoring/health/coefficients.json"
FIRST_RUN = 5
"""Runs before this are not fitted: with nothing known, features only hold priors."""
STRENGTH = 0.03
"""Inverse of the ridge penalty on standardized features."""
NO_DEADLINE = 1.0


def rows(histories: int, seed: int) -> tuple[list[list[float]], list[int], list[list[float]], list[int]]:
    """Features and outcomes: of all runs for failures, of successful runs for misses."""
    failure_rows, failed, miss_rows, missed = [], [], [], []
    for history in made_histories(histories, seed=seed):
        past = Past(history.tasks)
        for run in history.runs:
            if past.runs >= FIRST_RUN:
                deadline, day = past.deadline or NO_DEADLINE, past.day(run.weekday)
                failure_rows.append([item.value(past, deadline, day) for item in FAILURE])
                failed.append(int(not run.ok))
                if run.ok:
                    miss_rows.append([item.value(past, deadline, day) for item in MISS])
                    missed.append(int(run.bad))
            past.observe(run)
    return failure_rows, failed, miss_rows, missed


def fitted(features: Sequence[Feature], values: list[list[float]], outcomes: list[int]) -> dict[str, Any]:
    """A ridge-penalized logistic regression on standardized features."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    scaler = StandardScaler().fit(values)
    model = LogisticRegression(C=STRENGTH, max_iter=1000).fit(scaler.transform(values), outcomes)
    return {
        "intercept": round(float(model.intercept_[0]), 5),
        "features": [
            {"name": item.name, "mean": round(float(m), 5), "scale": round(float(s), 5), "weight": round(float(w), 5)}
            for item, m, s, w in zip(features, scaler.mean_, scaler.scale_, model.coef_[0], strict=True)
        ],
    }


def main() -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--histories", type=int, default=600)
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    failure_rows, failed, miss_rows, missed = rows(arguments.histories, arguments.seed)
    data = {
        "made_by": f"scripts/fit_health_score.py --histories {arguments.histories} --seed {arguments.seed}",
        "rows": len(failed),
        "failure": fitted(FAILURE, failure_rows, failed),
        "miss": fitted(MISS, miss_rows, missed),
    }
    TARGET.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    print(f"{len(failed)} runs, {sum(failed) / len(failed):.3f} failed, {sum(missed) / len(missed):.3f} late")


if __name__ == "__main__":
    main()
