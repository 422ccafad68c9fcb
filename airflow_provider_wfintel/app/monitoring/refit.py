"""Use case: learn anew what this deployment's history teaches: health and forecasts of DAGs, calibration of all."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from airflow_provider_wfintel.engine.monitoring.service import Recalibration, learn, shape_of_history
from airflow_provider_wfintel.exceptions import UserInputError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

__all__ = ["FEWEST_FOR_CALIBRATION", "Refitted", "learn_forecasts", "refit"]

FEWEST_FOR_CALIBRATION = 200


@dataclass(frozen=True, slots=True)
class Refitted:
    """What was learned.

    Attributes:
        refitted: DAGs whose forecasts were learned anew.
        left_out: DAGs that could not be, with the reason.
        calibration_runs: runs that the calibration rests on; 0 if none was fitted.
        brier_before: mean squared error of the probabilities as they were said, over these runs.
        brier_after: the same after the correction, on the half of the runs that it was not fitted to.
        known_dags: DAGs of the caller that have a history.
    """

    refitted: Sequence[str] = ()
    left_out: dict[str, str] = field(default_factory=dict)
    calibration_runs: int = 0
    brier_before: float | None = None
    brier_after: float | None = None
    known_dags: Sequence[str] = ()


def refit(session: Session, *, dag_ids: Collection[str], with_calibration: bool, visible: Collection[str]) -> Refitted:
    """Learn forecasts of DAGs and the deployment's calibration anew; the results are kept as plain JSON.

    Args:
        session: a session on the metadata database; committed after each DAG.
        dag_ids: DAGs whose forecasts are learned: about a second for each.
        with_calibration: also fit the correction of health probabilities, from the outcomes of all DAGs.
        visible: DAGs that may be named in the answer.

    Raises:
        StoreError: the tables are missing or the database cannot be reached.
    """
    from airflow_provider_wfintel.store.repositories.dag_states import DagStates

    left_out: dict[str, str] = {}
    done: list[str] = []
    for dag_id in dag_ids:
        try:
            learn_forecasts(session, dag_id)
            session.commit()  # learning takes long, and in SQLite nobody else may write meanwhile
            done.append(dag_id)
        except UserInputError as error:
            left_out[dag_id] = error.message
    runs, before, after = _calibrate(session) if with_calibration else (0, None, None)
    known = sorted(row.dag_id for row in DagStates(session).health(visible))
    return Refitted(done, left_out, runs, before, after, known)


def learn_forecasts(session: Session, dag_id: str) -> None:
    """Learn the forecasts of a DAG anew from its last runs and keep what was learned; the caller commits.

    Raises:
        UserInputError: no run of it has succeeded yet.
        StoreError: the tables are missing or the database cannot be reached.
    """
    from airflow_provider_wfintel.app.monitoring.forecast import LEARNED_RUNS, keep_learned
    from airflow_provider_wfintel.host.dag_facts import deadline_seconds, upstream_of
    from airflow_provider_wfintel.store.repositories.executions import Executions

    history = Executions(session).history(dag_id, last=LEARNED_RUNS)
    shape = shape_of_history(dag_id, history, upstream_of(session, dag_id))
    predictor = learn(shape, history, deadline=deadline_seconds(session, [dag_id]).get(dag_id))
    dues = [run.run_after for run in history.runs if run.state == "success" and run.run_after]
    if not predictor.runs or not dues:
        raise UserInputError(f"no run of {dag_id!r} has succeeded yet", hint="refit it later")
    until = max(datetime.fromisoformat(due) for due in dues)
    keep_learned(session, dag_id, predictor, until)


def _calibrate(session: Session) -> tuple[int, float | None, float | None]:
    from airflow_provider_wfintel.app.monitoring.facts import CALIBRATION
    from airflow_provider_wfintel.store.repositories.dag_states import DagStates
    from airflow_provider_wfintel.store.repositories.learned_states import LearnedStates

    told = DagStates(session).told()
    if len(told) < FEWEST_FOR_CALIBRATION:
        return 0, None, None
    fitted = Recalibration.fitted(told)
    # Each half is judged by what the other half teaches, so that the figure does not flatter.
    halves = told[0::2], told[1::2]
    errors = [
        (Recalibration.fitted(learned).apply(said) - came) ** 2
        for learned, judged in (halves, halves[::-1])
        for said, came in judged
    ]
    state = {"shift": fitted.shift, "stretch": fitted.stretch, "runs": fitted.runs}
    LearnedStates(session).keep(CALIBRATION, {**state, "fitted_at": datetime.now(timezone.utc).isoformat()})
    before = sum((said - came) ** 2 for said, came in told) / len(told)
    return fitted.runs, round(before, 5), round(sum(errors) / len(errors), 5)
