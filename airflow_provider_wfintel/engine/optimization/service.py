"""Front door of the optimizer. Nothing above this floor imports past it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from airflow_provider_wfintel.engine.optimization.ordering import (
    DEFAULT_BUDGET,
    DataSets,
    Layout,
    Ordering,
    TaskGraph,
    Untangled,
    WorkflowFile,
    build_graph,
    order_tasks,
    propose_layout,
    read_workflow,
    untangle,
)
from airflow_provider_wfintel.engine.optimization.outcome import LEAST_RUNS, Outcome, makespans_of, outcome_of
from airflow_provider_wfintel.engine.optimization.simulation import (
    Calibration,
    Deployment,
    Profile,
    SimulatedTask,
    SimulationResult,
    TaskProfile,
    TaskTimes,
    Workload,
    apply_profile,
    calibrate,
    fit_overheads,
    graph_of,
    profile_of,
    read_history,
    scaled,
    simulate,
    slots_of,
    with_downstream_weights,
    with_weights,
    workload_of,
)
from airflow_provider_wfintel.engine.optimization.strategies import (
    STRATEGIES,
    Choice,
    Goal,
    Limits,
    Option,
    ParetoPoint,
    Reordering,
    Step,
    Strategy,
    StrategyName,
    choose,
    reorder,
)
from airflow_provider_wfintel.engine.optimization.structure import (
    StructureAnalysis,
    StructureRequest,
    analyze_structure,
    figures_of,
    predict_structure,
)

if TYPE_CHECKING:
    from airflow_provider_wfintel.engine.model import RunHistory
    from airflow_provider_wfintel.engine.optimization.rewrites.draft import PoolSize
    from airflow_provider_wfintel.engine.optimization.rewrites.optimize import FileOptimization

__all__ = [
    "DEFAULT_BUDGET",
    "LEAST_RUNS",
    "STRATEGIES",
    "Calibration",
    "Choice",
    "DataSets",
    "Deployment",
    "Goal",
    "Layout",
    "Limits",
    "Option",
    "Ordering",
    "Outcome",
    "ParetoPoint",
    "Profile",
    "Reordering",
    "SimulatedTask",
    "SimulationResult",
    "Step",
    "Strategy",
    "StrategyName",
    "StructureAnalysis",
    "StructureRequest",
    "TaskGraph",
    "TaskProfile",
    "TaskTimes",
    "Untangled",
    "WorkflowFile",
    "Workload",
    "analyze_structure",
    "apply_profile",
    "build_graph",
    "calibrate",
    "choose",
    "figures_of",
    "first_steps",
    "fit_overheads",
    "graph_of",
    "makespans_of",
    "optimization_report",
    "optimize_file",
    "order_tasks",
    "outcome_of",
    "predict_structure",
    "profile_of",
    "propose_layout",
    "read_dag_ids",
    "read_history",
    "read_workflow",
    "reorder",
    "scaled",
    "simulate",
    "slots_of",
    "structure_as_read",
    "untangle",
    "with_downstream_weights",
    "with_weights",
    "workload_of",
]


def optimize_file(
    source: str,
    siblings: Mapping[str, str],
    history: RunHistory,
    *,
    deployment: Deployment | None = None,
    pools: Sequence[PoolSize] = (),
    strategy: StrategyName = "performance",
    referred: frozenset[str] = frozenset(),
    dag_id: str = "",
    confirmed: frozenset[str] = frozenset(),
    goal: Goal | None = None,
    limits: Limits | None = None,
    pick: str = "balanced",
    awaited: frozenset[str] = frozenset(),
    neighbours: Callable[[], Mapping[str, tuple[str, Mapping[str, str]]]] = dict,
) -> FileOptimization:
    """Find and apply the rewrites that pay for a DAG of a file; nothing of the file is executed.

    Args:
        source: the text of the DAG file.
        siblings: texts of the modules beside it, by module name; calls into them are followed.
        history: tries of earlier runs.
        deployment: slots and costs.
        pools: the pools of the deployment, with their descriptions.
        strategy: what is to become better.
        referred: task ids that other files name together with this DAG.
        dag_id: the DAG, if the file has several.
        confirmed: what a person has confirmed: `pool:NAME`, `first->second` for an order that is not needed.
        goal: deadline and weights.
        limits: pools that protect something, orders that must stay, tasks that must not be repeated.
        pick: for `hybrid`, which of the layouts that none beats is taken: `balanced`, `fastest`, `cheapest`, `safest`.
        awaited: DAGs that other files wait for or trigger by their id.
        neighbours: gives the other DAG files of the folder, by path: text, and the modules beside it.

    Raises:
        UserInputError: the file is no Python, has no such DAG, or a limit names what is not there.
    """
    from airflow_provider_wfintel.engine.optimization.rewrites.optimize import optimize_file as optimize

    return optimize(
        source, siblings, history,
        deployment=deployment, pools=pools, strategy=strategy, referred=referred, dag_id=dag_id, confirmed=confirmed,
        goal=goal, limits=limits, pick=pick, awaited=awaited, neighbours=neighbours,
    )  # fmt: skip


def first_steps(result: FileOptimization, count: int) -> FileOptimization:
    """The answer with the first `count` rewrites only, for when a check of the host finds fault with a later one."""
    from airflow_provider_wfintel.engine.optimization.rewrites.optimize import first_steps as shorten

    return shorten(result, count)


def optimization_report(result: FileOptimization) -> dict[str, Any]:
    """The report of an optimization as JSON values."""
    from airflow_provider_wfintel.engine.optimization.rewrites.optimize import report_of

    return report_of(result)


def read_dag_ids(source: str, siblings: Mapping[str, str]) -> tuple[str, ...]:
    """The ids of the DAGs that a file makes.

    Raises:
        UserInputError: the file is no Python.
    """
    from airflow_provider_wfintel.engine.optimization.understanding.reader import read_dag_file

    return tuple(dag.dag_id for dag in read_dag_file(source, siblings).dags)


def structure_as_read(source: str, siblings: Mapping[str, str], dag_id: str) -> dict[str, tuple[str, ...]]:
    """Task id -> direct downstream task ids of a DAG, as the reader understands its file; empty without such a DAG.

    Raises:
        UserInputError: the file is no Python.
    """
    from airflow_provider_wfintel.engine.optimization.understanding.reader import read_dag_file

    found: dict[str, tuple[str, ...]] = {}
    for dag in read_dag_file(source, siblings).dags:
        if dag.dag_id == dag_id:
            for task in dag.tasks:
                found[task.task_id] = tuple(sorted(two for one, two in dag.edges if one == task.task_id))
    return found
