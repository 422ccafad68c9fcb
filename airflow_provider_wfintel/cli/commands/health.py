"""Score the health of DAGs: 100 x (1 - probability that the next run fails or misses its deadline), with reasons.

Of the DAGs of a history file, or without one of this deployment.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from airflow_provider_wfintel.cli.deployment import (
    add_output_argument,
    add_scope_arguments,
    only_with_history,
    only_without_history,
    wants_json,
)
from airflow_provider_wfintel.cli.history import (
    add_deadline_argument,
    add_history_arguments,
    deadlines_of,
    read_json,
    read_run_history,
)
from airflow_provider_wfintel.cli.outputs import dump_json
from airflow_provider_wfintel.exceptions import UserInputError

if TYPE_CHECKING:
    from airflow_provider_wfintel.engine.monitoring.service import HealthScore, ReliabilityRow

__all__ = ["HELP", "NAME", "add_arguments", "run"]

NAME = "health"
HELP = "score the health of the DAGs of this deployment, or of a history file"
FEWEST_FOR_RECALIBRATION = 200


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_history_arguments(parser, optional=True)
    add_scope_arguments(parser, dag=False)
    add_output_argument(parser, short=False)
    add_deadline_argument(parser)
    parser.add_argument("--groups", default="", metavar="FILE.json", help='groups of DAGs: {"tag:finance": [dag ids]}')
    parser.add_argument(
        "--reliability", action="store_true", help="also show whether the scores of the past were right"
    )


def run(args: argparse.Namespace) -> int:
    """Run the command and return its exit status."""
    if not args.history:
        from airflow_provider_wfintel.cli.deployed import health

        only_with_history(args, "deadline", "groups", "now")
        return health.run(args)
    only_without_history(args, "tag", "owner", "team")
    return _of_file(args)


def _of_file(args: argparse.Namespace) -> int:
    from airflow_provider_wfintel.engine.monitoring import service

    history = read_run_history(args.history, dag_id=args.dag)
    trackers = service.track_history(history, deadlines=deadlines_of(args.deadline, history))
    if not trackers:
        raise UserInputError("no run of the history is over", hint="hand in runs that ended in success or failed")
    told = [pair for tracker in trackers.values() for pair in tracker.told]
    fit = service.Recalibration.fitted(told) if len(told) >= FEWEST_FOR_RECALIBRATION else service.Recalibration()
    scores = {dag_id: tracker.health(recalibration=fit) for dag_id, tracker in trackers.items()}
    groups = {"deployment": list(scores), **_groups(args.groups)}
    found = service.group_health(scores, groups)
    table = service.reliability(told) if args.reliability else ()
    if wants_json(args):
        answer: dict[str, Any] = {
            "dags": {dag_id: _as_dict(score) for dag_id, score in scores.items()},
            "groups": {
                item.name: {
                    "score": round(item.score, 2),
                    "dags": item.dags,
                    "worst_dag": item.worst_dag,
                    "worst_score": round(item.worst_score, 2),
                }
                for item in found
            },
        }
        if args.reliability:
            answer["reliability"] = [_row(row) for row in table]
        print(dump_json(answer))
        return 0
    for dag_id, score in sorted(scores.items(), key=lambda pair: pair[1].score):
        few = "" if score.enough_runs else f"  (only {score.runs} runs to learn from)"
        print(f"{score.score:6.1f}  {dag_id}{few}")
        for reason in score.reasons[:3]:
            print(f"        {-reason.points:+5.1f}  {reason.text}")
    for item in found:
        print(f"{item.score:6.1f}  {item.name}: {item.dags} DAGs, worst {item.worst_dag} with {item.worst_score:.1f}")
    for row in table:
        print(f"said {row.said:.3f}, came {row.came:.3f} ({row.low:.3f} to {row.high:.3f}) in {row.runs} runs")
    return 0


def _groups(path: str) -> dict[str, list[str]]:
    if not path:
        return {}
    data = read_json(path)
    if not isinstance(data, dict) or not all(isinstance(row, list) for row in data.values()):
        raise UserInputError(f"{path!r} holds no groups", hint='expected {"tag:finance": ["dag id", …]}')
    return {str(name): [str(dag_id) for dag_id in row] for name, row in data.items()}


def _as_dict(score: HealthScore) -> dict[str, Any]:
    return {
        "score": round(score.score, 2),
        "failure_probability": round(score.failure_probability, 4),
        "miss_probability": round(score.miss_probability, 4),
        "runs": score.runs,
        "enough_runs": score.enough_runs,
        "reasons": [{"name": item.name, "text": item.text, "points": item.points} for item in score.reasons],
    }


def _row(row: ReliabilityRow) -> dict[str, Any]:
    values = {"said": row.said, "came": row.came, "low": row.low, "high": row.high}
    return {"runs": row.runs, **{name: round(value, 4) for name, value in values.items()}}
