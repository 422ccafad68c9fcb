"""`health` over the tables of this deployment."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from airflow_provider_wfintel.cli.deployment import chosen_session, print_table, share, span, wants_json
from airflow_provider_wfintel.cli.outputs import dump_json

if TYPE_CHECKING:
    from airflow_provider_wfintel.app.monitoring.health import DeploymentHealth
    from airflow_provider_wfintel.engine.monitoring.service import ReliabilityRow

__all__ = ["run"]


def run(args: argparse.Namespace) -> int:
    """Print the health of DAGs, the worst first, and of the groups that they are in.

    Raises:
        NotEnoughDataError: no run of these DAGs has been learned from.
        UserInputError: no DAG is meant.
        StoreError: the tables are missing or the database cannot be reached.
    """
    from airflow_provider_wfintel.app.monitoring.health import deployment_health, deployment_reliability
    from airflow_provider_wfintel.app.monitoring.selection import require_learned

    with chosen_session(args) as (session, dag_ids):
        require_learned(session, dag_ids)
        found = deployment_health(session, dag_ids=dag_ids)
        right = deployment_reliability(session, dag_ids=dag_ids) if args.reliability else ()
    if wants_json(args):
        print(dump_json(_as_dict(found, right), indent=2))
    else:
        _show(found, right)
    return 0


def _as_dict(found: DeploymentHealth, right: Sequence[ReliabilityRow]) -> dict[str, Any]:
    dags = [
        {
            "dag_id": row.dag_id,
            "score": row.score,
            "failure_probability": row.health.get("failure_probability"),
            "miss_probability": row.health.get("miss_probability"),
            "runs": row.runs,
            "enough_runs": bool(row.health.get("enough_runs")),
            "deadline_seconds": row.deadline_seconds,
            "reasons": row.health.get("reasons", []),
            "updated_at": row.updated_at.isoformat(),
        }
        for row in found.dags
    ]
    return {
        "dags": dags,
        "groups": [asdict(item) for item in found.groups],
        "reliability": [asdict(item) for item in right],
        "calibrated_runs": found.calibrated_runs,
    }


def _show(found: DeploymentHealth, right: Sequence[ReliabilityRow]) -> None:
    rows = []
    for row in found.dags:
        reasons = [item["text"] for item in row.health.get("reasons", [])[:2]]
        if not row.health.get("enough_runs"):
            reasons.insert(0, f"not enough data to be sure, only {row.runs} runs")
        fails, misses = (row.health.get(f"{name}_probability") for name in ("failure", "miss"))
        miss = share(misses) if row.deadline_seconds is not None else "no deadline"
        why = "; ".join(reasons)
        rows.append((f"{row.score or 0.0:.1f}", row.dag_id, share(fails), miss, span(row.deadline_seconds), why))
    print_table(("health", "DAG", "fails", "misses", "deadline", "why"), rows)
    print()
    groups = [
        (f"{item.score:.1f}", item.name, str(item.dags), f"{item.worst_dag} ({item.worst_score:.1f})")
        for item in found.groups
    ]
    print_table(("health", "group", "DAGs", "worst"), groups)
    if right:
        print()
        print_table(
            ("said", "came", "95 % interval", "runs"),
            [(share(row.said), share(row.came), f"{row.low:.1%} to {row.high:.1%}", str(row.runs)) for row in right],
        )
