"""Routes of the second verb: what costs time in a DAG, what would pay, and what a plan did to real runs."""

from __future__ import annotations

from typing import Annotated, Any

from airflow.api_fastapi.common.db.common import SessionDep
from airflow.api_fastapi.core_api.security import GetUserDep
from fastapi import APIRouter, Depends, Query

from airflow_provider_wfintel.api.audit import audited
from airflow_provider_wfintel.api.datamodels.optimization import (
    AnalysisBody,
    AnalyzeDagBody,
    AppliedBody,
    ApplyBody,
    PredictBody,
    PredictionBody,
    ResultBody,
    ResultsBody,
)
from airflow_provider_wfintel.api.once import ONCE, WriteRoute
from airflow_provider_wfintel.api.paging import Page, paged
from airflow_provider_wfintel.api.rates import COSTLY
from airflow_provider_wfintel.api.security import (
    can_edit_dag,
    can_read_source,
    may_edit_dag,
    may_read_dag,
    readable_dags,
    requires_dag_authoring,
)
from airflow_provider_wfintel.app.deployed_optimization import (
    AnalyzeRequest,
    analyze_deployed,
    analyze_spec,
    predict_deployed,
    predict_spec,
)
from airflow_provider_wfintel.app.optimization_plans import act_on_plan, results
from airflow_provider_wfintel.config import read_settings
from airflow_provider_wfintel.engine.model import WorkflowSpec, from_json
from airflow_provider_wfintel.engine.optimization.service import Goal, Limits, StructureRequest

__all__ = ["router"]

router = APIRouter(prefix="/api/workflows/optimization", tags=["optimization"], route_class=WriteRoute)


@router.post("/analyze", dependencies=[audited("optimization.analyze"), COSTLY, ONCE])
def analyze(body: AnalyzeDagBody, user: GetUserDep, session: SessionDep) -> AnalysisBody:
    """Say what costs time in a DAG and which changes pay; nothing is applied.

    The plan is kept for callers who may edit the DAG, so that it can be applied and its effect measured.
    """
    request = _request(body)
    if body.workflow is not None:
        requires_dag_authoring(user)
        return AnalysisBody.model_validate(analyze_spec(from_json(WorkflowSpec, body.workflow), request))
    may_read_dag(body.dag_id, user)
    asked = AnalyzeRequest(
        request,
        reads_source=can_read_source(body.dag_id, user),
        keep_as=user.get_id() if can_edit_dag(body.dag_id, user) else "",
        others=readable_dags(user),
    )
    return AnalysisBody.model_validate(analyze_deployed(session, body.dag_id, asked))


@router.post("/predict", dependencies=[COSTLY])
def predict(body: PredictBody, user: GetUserDep, session: SessionDep) -> PredictionBody:
    """Simulate runs of a DAG, as it is and with run-time values. Nothing is stored."""
    goal = Goal(body.deadline_seconds)
    if body.workflow is not None:
        requires_dag_authoring(user)
        found = predict_spec(from_json(WorkflowSpec, body.workflow), body.run_time_entry, goal)
    else:
        may_read_dag(body.dag_id, user)
        found = predict_deployed(session, body.dag_id, body.run_time_entry, goal)
    return PredictionBody.model_validate(found)


@router.post("/apply", dependencies=[audited("optimization.apply"), ONCE])
def apply(body: ApplyBody, user: GetUserDep, session: SessionDep) -> AppliedBody:
    """Accept a plan (its values go into the plan file), note that its patch was applied, withdraw or reject it."""
    may_edit_dag(body.dag_id, user)
    done = act_on_plan(
        session,
        body.dag_id,
        body.action,
        optimization_id=body.optimization_id,
        plan_file=read_settings().plan_file,
    )
    return AppliedBody.model_validate(done)


@router.get("/results")
def list_results(
    user: GetUserDep,
    session: SessionDep,
    page: Annotated[Page, Depends(paged(50, 200))],
    dag_id: Annotated[str, Query(max_length=250)] = "",
) -> ResultsBody:
    """List plans of the DAGs that the caller may read: before, predicted, and measured after they were applied."""
    allowed = readable_dags(user)
    if dag_id:
        may_read_dag(dag_id, user)
        allowed = frozenset({dag_id})
    rows = results(
        session,
        allowed,
        plan_file=read_settings().plan_file,
        limit=page.rows,
        offset=page.offset,
        after=page.after,
    )
    found, following = page.cut(rows, lambda item: (item["created_at"], item["optimization_id"]))
    sources: dict[str, bool] = {}
    for item in found:
        name = item["dag_id"]
        if not sources.setdefault(name, can_read_source(name, user)):
            item["patch"] = ""
    return ResultsBody(results=[ResultBody.model_validate(item) for item in found], next_cursor=following)


def _request(body: AnalyzeDagBody) -> StructureRequest:
    goal: dict[str, Any] = {} if body.weights is None else {"weights": body.weights}
    return StructureRequest(
        body.strategy,
        Goal(body.deadline_seconds, **goal),
        Limits(
            frozenset(body.limits.pools),
            frozenset(body.limits.order),
            frozenset(body.limits.once),
            body.limits.max_active_tasks,
            frozenset(body.limits.skip),
        ),
        frozenset(body.confirmed),
    )
