"""Write `docs/training/deployment/history.json`: sixty nights of the training deployment, as the REST API tells them.

The numbers come from a fixed seed, so the file is the same every time; nothing of it was measured.

    python scripts/build_training.py
"""

from __future__ import annotations

import json
import random
from datetime import datetime, timedelta, timezone
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "docs" / "training" / "deployment" / "history.json"
TASKS = {"orders": 300.0, "users": 240.0, "prices": 260.0, "report": 120.0}
NIGHTS, SLOWER_FROM, FAILED = 60, 48, {17, 39}


def main() -> None:
    """Make the nights one after the other."""
    dice, runs, tries = random.Random(7), [], []  # noqa: S311 - a history, no secret
    for night in range(NIGHTS):
        due = datetime(2026, 1, 1, 2, tzinfo=timezone.utc) + timedelta(days=night)
        run_id, at, failed = f"scheduled__{due:%Y-%m-%d}", due + timedelta(seconds=4), night in FAILED
        begin = at
        for task_id, usual in TASKS.items():
            slower = 2.2 if task_id == "prices" and night >= SLOWER_FROM else 1.0
            seconds = round(usual * slower * dice.lognormvariate(0, 0.06), 1)
            end = at + timedelta(seconds=seconds)
            bad = failed and task_id == "users"
            tries.append({
                "dag_id": "nightly_mart", "dag_run_id": run_id, "task_id": task_id, "map_index": -1, "try_number": 1,
                "state": "failed" if bad else "success", "start_date": at.isoformat(), "end_date": end.isoformat(),
                "queued_when": (at - timedelta(seconds=2)).isoformat(), "duration": seconds, "pool": "default_pool",
                "pool_slots": 1, "operator": "SQLExecuteQueryOperator", "id": f"{night:04d}-{task_id}",
            })  # fmt: skip
            at = end + timedelta(seconds=3)
            if bad:
                break
        runs.append({
            "dag_id": "nightly_mart", "dag_run_id": run_id, "state": "failed" if failed else "success",
            "run_type": "scheduled", "run_after": due.isoformat(), "logical_date": due.isoformat(),
            "queued_at": due.isoformat(), "start_date": begin.isoformat(), "end_date": at.isoformat(),
        })  # fmt: skip
    TARGET.write_text(json.dumps({"dag_runs": runs, "task_instances": tries}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
