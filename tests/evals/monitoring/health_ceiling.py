"""How well can health be foretold at all? Boosted trees on every feature that past runs give, on DAGs left out.

    python -m tests.evals.monitoring.health_ceiling DATA.jsonl.gz

The data are histories of DAGs as `{"id", "tasks", "runs": [[ok, duration, retries, deadline, bad], …]}`; histories
whose ids are equal up to the dot are of one DAG and never on both sides of a split. Two figures: what the trees reach
on DAGs that they have not seen (five groups), and on what they were fitted to. The second is no forecast; the first is
what a learner without our model reaches with all the data of the other DAGs. Nothing that is shipped comes from here.
"""

from __future__ import annotations

import gzip
import json
import math
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

FIRST = 10
"""Runs of each history that are not judged."""
Run = tuple[float, float, float, float, float]


def features(tasks: int, past: Sequence[Run]) -> list[float]:
    """What a history says before its next run."""
    bad = [run[4] for run in past]
    failed = [1.0 - run[0] for run in past]
    room = [math.log(max(1.0, run[1]) / max(1.0, run[3])) for run in past]
    retries = [run[2] for run in past]
    good = [value for value, run in zip(room, past, strict=True) if run[0]] or room
    row = [float(tasks), float(len(past))]
    for values in (bad, failed, retries):
        row += [sum(values[-count:]) / min(count, len(values)) for count in (1, 2, 3, 5, 10, 20, 50)]
    for count in (1, 3, 5, 10, 30):
        last = good[-count:]
        row += [statistics.fmean(last), max(last), min(last)]
    row += [statistics.pstdev(good[-20:]), sum(value > -0.1 for value in good[-20:]) / len(good[-20:])]
    row += [statistics.fmean(good[-3:]) - statistics.median(good[-20:]), good[-1] - statistics.median(good[-20:])]
    since = next((back for back, value in enumerate(reversed(bad)) if value), len(bad))
    row += [float(since), float(next((back for back, value in enumerate(reversed(failed)) if value), len(bad)))]
    # The same weekday, and where the deadline was agreed anew.
    row += [bad[-7] if len(bad) >= 7 else 0.0, room[-7] if len(room) >= 7 else room[-1]]
    row += [float(past[-1][3] != past[-2][3]), math.log(past[-1][3] / past[0][3])]
    return row


def moments(path: Path) -> tuple[list[list[float]], list[int], list[str]]:
    """Features, whether the next run was bad, and the DAG, for all judged runs."""
    rows, came, groups = [], [], []
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        for line in stream:
            dag: dict[str, Any] = json.loads(line)
            runs = [tuple(map(float, run)) for run in dag["runs"]]
            for number in range(FIRST, len(runs)):
                rows.append(features(dag["tasks"], runs[:number]))  # type: ignore[arg-type]
                came.append(int(runs[number][4]))
                groups.append(dag["id"].partition(".")[0])
    return rows, came, groups


def figures(said: Sequence[float], came: Sequence[int]) -> str:
    """AUC, Brier skill and calibration error in ten groups of equal size."""
    from sklearn.metrics import brier_score_loss, roc_auc_score

    base = sum(came) / len(came)
    skill = 1 - brier_score_loss(came, said) / (base * (1 - base))
    ordered, size = sorted(zip(said, came, strict=True)), len(came)
    parts = [ordered[part * size // 10 : (part + 1) * size // 10] for part in range(10)]
    error = sum(abs(sum(p for p, _ in part) - sum(y for _, y in part)) for part in parts) / size
    return f"AUC {roc_auc_score(came, said):.3f}, Brier skill {skill:.3f}, calibration error {error:.3f}"


def main() -> None:
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.model_selection import GroupKFold, cross_val_predict

    rows, came, groups = moments(Path(sys.argv[1]))
    print(f"{len(rows):,} runs of {len(set(groups))} DAGs, {sum(came) / len(came):.1%} bad")
    for depth, rate in ((3, 0.05), (6, 0.05)):
        trees = HistGradientBoostingClassifier(max_depth=depth, learning_rate=rate, max_iter=120, random_state=0)
        left_out = cross_val_predict(trees, rows, came, groups=groups, cv=GroupKFold(5), method="predict_proba")[:, 1]
        print(f"trees of depth {depth}, DAGs left out: {figures(left_out, came)}")
        print(
            f"trees of depth {depth}, fitted to all: {figures(trees.fit(rows, came).predict_proba(rows)[:, 1], came)}"
        )


if __name__ == "__main__":
    main()
