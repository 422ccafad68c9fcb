"""Use case: analyze and predict a DAG of this deployment, or one described by the caller; no code of it is run."""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from airflow_provider_wfintel.engine.model import RunHistory, WorkflowSpec
from airflow_provider_wfintel.engine.optimization.service import (
    StructureAnalysis,
    StructureRequest,
    analyze_structure,
    figures_of,
    predict_structure,
)
from airflow_provider_wfintel.exceptions import StoreError, WfIntelError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from airflow_provider_wfintel.engine.optimization.service import Goal, Limits
    from airflow_provider_wfintel.host.deployed_dag import DeployedDag

__all__ = ["AnalyzeRequest", "analyze_deployed", "analyze_spec", "predict_deployed", "predict_spec"]

_RUNS = 200
"""The newest runs that an analysis looks at."""


@dataclass(frozen=True, slots=True)
class AnalyzeRequest:
    """What is asked for, and what the caller may see.

    Attributes:
        structure: strategy, deadline, limits and what a person has confirmed.
        reads_source: whether the caller may read the source of the DAG.
        keep_as: who keeps the plan; empty: it is not kept.
        others: DAGs of which the caller may know that they run at the same time; None: all.
        reads_files: whether modules beside the DAG file may be read from the disk of this process.
    """

    structure: StructureRequest = field(default_factory=StructureRequest)
    reads_source: bool = False
    keep_as: str = ""
    others: frozenset[str] | None = frozenset()
    reads_files: bool = False


def analyze_spec(spec: WorkflowSpec, request: StructureRequest) -> dict[str, Any]:
    """Analyze a DAG that the caller describes; without history every task counts as ten seconds.

    Raises:
        SpecError: the DAG contradicts itself.
    """
    return _complete(analyze_structure(spec, RunHistory(), request=request).report())


def predict_spec(spec: WorkflowSpec, entry: Mapping[str, Any], goal: Goal) -> dict[str, Any]:
    """Predict runs of a DAG that the caller describes.

    Raises:
        SpecError: the DAG contradicts itself, or a value is impossible.
    """
    return predict_structure(spec, RunHistory(), entry, goal=goal)


def analyze_deployed(session: Session, dag_id: str, request: AnalyzeRequest) -> dict[str, Any]:
    """Analyze a DAG of this deployment from its serialized form, its stored source and our history.

    Raises:
        UserInputError: there is no such DAG.
        StoreError: the tables are missing or the database cannot be reached.
    """
    from airflow_provider_wfintel.host.deployed_dag import read_deployed_dag, read_deployment

    dag = read_deployed_dag(session, dag_id)
    history = _history(session, dag_id)
    found = analyze_structure(
        dag.spec,
        history,
        others=_others(session, history, request.others),
        deployment=read_deployment(session),
        request=request.structure,
    )
    report = _complete(found.report())
    report["run_time_entry"] = found.plan.entry(f"{dag_id} {request.structure.strategy}")
    if request.reads_source and dag.source:
        _add_rewrites(session, report, dag, history, request)
    if request.keep_as and (found.plan.changes or report["rewrites"]):
        _keep(session, report, found, dag, request)
    return report


def predict_deployed(session: Session, dag_id: str, entry: Mapping[str, Any], goal: Goal) -> dict[str, Any]:
    """Predict runs of a DAG of this deployment, as it is and with run-time values.

    Raises:
        UserInputError: there is no such DAG.
        StoreError: the tables are missing or the database cannot be reached.
    """
    from airflow_provider_wfintel.host.deployed_dag import read_deployed_dag, read_deployment

    dag = read_deployed_dag(session, dag_id)
    return predict_structure(dag.spec, _history(session, dag_id), entry, deployment=read_deployment(session), goal=goal)


def _complete(report: dict[str, Any]) -> dict[str, Any]:
    """The report with all of its parts, so that every answer has the same form."""
    return {
        **report,
        "run_time_entry": {"plan": "", "tasks": {}},
        "source_read": False,
        "source_note": "the source was not read: which orders are needless is not known",
        "summary": "",
        "rewrites": [],
        "suggestions": [],
        "dependencies": {},
        "patch": "",
        "pools_to_create": [],
        "optimization_id": "",
    }


def _history(session: Session, dag_id: str) -> RunHistory:
    """Our history; none if our tables are not there yet: the structure can be analyzed all the same."""
    from airflow_provider_wfintel.app.collect import history

    try:
        return history(session, dag_id, last=_RUNS)
    except StoreError as error:
        if error.retryable:
            raise
        return RunHistory()


def _others(session: Session, history: RunHistory, dag_ids: frozenset[str] | None) -> RunHistory:
    """Tries of other DAGs that ran while the newest runs of this one did."""
    from airflow_provider_wfintel.store.repositories.executions import Executions

    runs = [run for run in history.runs if run.started_at and run.ended_at][-20:]
    if not runs or dag_ids == frozenset():
        return RunHistory()
    own = runs[-1].dag_id
    found = Executions(session).tries_between(min(run.started_at for run in runs), max(run.ended_at for run in runs))
    return RunHistory(
        tries=tuple(item for item in found if item.dag_id != own and (dag_ids is None or item.dag_id in dag_ids))
    )


def _add_rewrites(
    session: Session, report: dict[str, Any], dag: DeployedDag, history: RunHistory, request: AnalyzeRequest
) -> None:
    """What rewriting the file would bring. Tasks that call modules which are not at hand stay as they are."""
    from airflow_provider_wfintel.app.optimize import siblings_of
    from airflow_provider_wfintel.engine.optimization.service import optimization_report, optimize_file
    from airflow_provider_wfintel.engine.troubleshooting.service import redact
    from airflow_provider_wfintel.host.deployed_dag import read_deployment, read_pools

    try:
        done = optimize_file(
            dag.source,
            siblings_of(dag.source, Path(dag.place.file_path)) if request.reads_files else {},
            history,
            deployment=read_deployment(session),
            pools=read_pools(session),
            strategy=request.structure.strategy,
            dag_id=dag.spec.dag_id,
            confirmed=request.structure.confirmed,
            goal=request.structure.goal,
            limits=_known_limits(request.structure.limits, dag.spec),
        )
    except WfIntelError as error:
        report["source_note"] = f"the source could not be understood: {error.message}"
        return
    found = optimization_report(done)
    before, after = dag.source.splitlines(keepends=True), done.source.splitlines(keepends=True)
    name = dag.place.file_name
    patch = redact("".join(difflib.unified_diff(before, after, f"a/{name}", f"b/{name}")))
    report.update(
        source_read=True,
        source_note="",
        summary=found["summary"],
        rewrites=found["rewrites"],
        suggestions=found["suggestions"],
        dependencies=found["dependencies"],
        patch=patch,
        pools_to_create=found["pools_to_create"],
    )
    # The source shows more: orders without need, repeated work, loops over partitions.
    seen = {item["kind"] for item in report["bottlenecks"]}
    report["bottlenecks"] = sorted(
        [*report["bottlenecks"], *(item for item in found["bottlenecks"] if item["kind"] not in seen)],
        key=lambda item: -item["saves_s"],
    )
    if found["rewrites"]:
        # What the file does is simulated from its source; only what was simulated alike may be compared.
        report["schedules"]["before_rewrites"] = found["schedules"]["before"]
        report["schedules"]["after_rewrites"] = found["schedules"]["after"]
    report["predicted"]["before_rewrites"] = {name: values["before"] for name, values in found["predicted"].items()}
    report["predicted"]["after_rewrites"] = {name: values["after"] for name, values in found["predicted"].items()}


def _known_limits(limits: Limits, spec: WorkflowSpec) -> Limits:
    """The limits as far as they name something of this DAG; others mean nothing for its source."""
    tasks = {task.task_id for task in spec.tasks}
    return replace(
        limits,
        pools=limits.pools & {task.pool for task in spec.tasks},
        order=frozenset(pair for pair in limits.order if tasks >= set(pair)),
        once=limits.once & tasks,
    )


def _keep(
    session: Session, report: dict[str, Any], found: StructureAnalysis, dag: DeployedDag, request: AnalyzeRequest
) -> None:
    from airflow_provider_wfintel.store.base import utc_now
    from airflow_provider_wfintel.store.repositories.optimizations import KeptPlan, Optimizations

    plan = {
        "run_time_entry": report["run_time_entry"],
        "run_time_changes": report["run_time_changes"],
        "rewrites": [{"rewrite": item["rewrite"], "title": item["title"]} for item in report["rewrites"]],
    }
    what = json.dumps([plan, report["patch"]], sort_keys=True)
    kept = Optimizations(session).keep(
        KeptPlan(
            dag_id=dag.spec.dag_id,
            strategy=request.structure.strategy,
            fingerprint=dag.place.fingerprint[:64],
            plan_hash=hashlib.sha256(what.encode()).hexdigest(),
            plan=plan,
            before={**report["history"], "simulated": figures_of(found.plan.before, request.structure.goal)},
            predicted=report["predicted"],
            patch=report["patch"],
            created_by=request.keep_as[:250],
        ),
        now=utc_now(),
    )
    report["optimization_id"] = kept.optimization_id
