"""Analyze a DAG inside a task."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from airflow.sdk import BaseOperator
from airflow.sdk.exceptions import AirflowFailException

if TYPE_CHECKING:
    from airflow.sdk import Context

__all__ = ["OptimizeDagOperator"]

STRATEGIES = ("performance", "cost", "reliability", "hybrid")
_SHOWN = 10


class OptimizeDagOperator(BaseOperator):
    """Have a DAG of the deployment analyzed over REST: what costs time, what would pay, and by how much.

    Nothing is changed. Where the user of the connection may edit the DAG, the plan is kept under `optimization_id`, so
    that a person can apply it. The result has the figures and the costliest bottlenecks, without source or patch.

    Args:
        dag_id_to_optimize: the DAG. Templated, as are all that follow.
        strategy: `performance`, `cost`, `reliability` or `hybrid`.
        deadline_seconds: seconds within which a run is to be over; a number, a template of one, or nothing.
        wfintel_conn_id: connection of type `wfintel` whose user may read the DAG and its runs.
    """

    template_fields: Sequence[str] = ("dag_id_to_optimize", "strategy", "deadline_seconds", "wfintel_conn_id")
    ui_color = "#e4eef2"

    def __init__(
        self,
        *,
        dag_id_to_optimize: str,
        strategy: str = "performance",
        deadline_seconds: float | str | None = None,
        wfintel_conn_id: str = "wfintel_default",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.dag_id_to_optimize = dag_id_to_optimize
        self.strategy = strategy
        self.deadline_seconds = deadline_seconds
        self.wfintel_conn_id = wfintel_conn_id

    def execute(self, context: Context) -> dict[str, Any]:  # noqa: ARG002 - Airflow's signature
        """Analyze.

        Raises:
            AirflowFailException: the strategy or the deadline is none; trying again would not help.
            RemoteError: the server does not answer, or the user may not read; retried as the task says.
        """
        from airflow_provider_wfintel.hooks.wfintel import WfIntelHook

        if self.strategy not in STRATEGIES:
            raise AirflowFailException(f"strategy is {self.strategy!r}, expected one of {', '.join(STRATEGIES)}")
        report = WfIntelHook(self.wfintel_conn_id).analyze_dag(
            self.dag_id_to_optimize, strategy=self.strategy, deadline_seconds=_deadline(self.deadline_seconds)
        )
        for item in report["bottlenecks"][:_SHOWN]:
            self.log.info("%.1f s: %s: %s", item["saves_s"], item["kind"], item["explanation"])
        return {
            "dag_id": report["dag_id"],
            "strategy": report["strategy"],
            "optimization_id": report["optimization_id"],
            "runs": report["history"]["runs"],
            "predicted": report["predicted"],
            "bottlenecks": [
                {name: item[name] for name in ("kind", "explanation", "saves_s")}
                for item in report["bottlenecks"][:_SHOWN]
            ],
            "changes": [item["title"] for item in (*report["run_time_changes"], *report["rewrites"])],
            "to_confirm": [item["title"] for item in report["to_confirm"]],
        }


def _deadline(value: float | str | None) -> float | None:
    if value is None or value == "":
        return None
    try:
        seconds = float(value)
    except ValueError as error:
        raise AirflowFailException(f"deadline_seconds is {value!r}, not a number of seconds") from error
    if seconds <= 0:
        raise AirflowFailException(f"deadline_seconds is {value!r}, expected more than 0")
    return seconds
