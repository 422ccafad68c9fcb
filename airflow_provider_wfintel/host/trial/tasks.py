"""How one task of a trial run is carried out: for real over stand-ins, or recorded as operator and arguments."""

from __future__ import annotations

import datetime as dt
import inspect
import os
import re
from collections.abc import Callable
from typing import Any

from airflow_provider_wfintel.host.trial.modules import MadeUpModules
from airflow_provider_wfintel.host.trial.recorder import Recorder, summary

__all__ = ["install", "runs_for_real"]

# Operators of these packages run for real: what they call is replaced below them.
_REAL = re.compile(
    r"airflow\.providers\.(standard|common\.sql|common\.io|postgres|mysql|snowflake|sqlite|odbc|jdbc|http|slack|smtp|ssh|sftp|ftp"
    r"|amazon|apache\.spark|databricks|dbt\.cloud"
    r"|google\.(suite|cloud\.(operators|sensors)\.(bigquery|gcs|pubsub)|cloud\.transfers))\."
)
# Here the answers would have to follow a long talk with the service; arguments and templates are checked all the same.
_RECORDED = {
    "BatchOperator", "DataprocSubmitJobOperator", "EcsRunTaskOperator", "EksPodOperator", "EmrAddStepsOperator",
    "EmrCreateJobFlowOperator", "EmrServerlessStartJobOperator", "ExternalTaskSensor", "GKEStartPodOperator",
    "SageMakerTrainingOperator", "SnowflakeSqlApiOperator", "SparkKubernetesOperator", "TriggerDagRunOperator",
    "DatabricksSqlOperator", "EC2StartInstanceOperator", "EC2StopInstanceOperator", "DatabricksNotebookOperator", "DatabricksWorkflowTaskGroup", "SageMakerProcessingOperator",
}  # fmt: skip


def runs_for_real(operator: Any) -> bool:
    """Whether the class of the operator has stand-ins below it; functions of the DAG file always run."""
    owner = type(operator)
    if any(base.__name__ in _RECORDED for base in owner.__mro__):
        return False
    return not owner.__module__.startswith("airflow.providers.") or bool(_REAL.match(owner.__module__))


def install(recorder: Recorder, overlay: Any) -> None:
    """Let the task runner carry out tasks our way."""
    from airflow.sdk.execution_time import task_runner

    real = task_runner._execute_task
    modules = MadeUpModules(recorder)
    modules.install()

    def execute_task(context: Any, ti: Any, log: Any) -> Any:
        folder = os.getcwd()
        overlay.mention([getattr(ti.task, name, None) for name in (*ti.task.template_fields, "path", "filepath")])
        modules.mention(getattr(ti.task, "op_kwargs", None))
        overlay.active = True
        try:
            return _carry_out(recorder, context, ti.task, lambda: real(context, ti, log))
        finally:
            overlay.active = False
            os.chdir(folder)

    task_runner._execute_task = execute_task
    _no_waiting()


def _carry_out(recorder: Recorder, context: Any, task: Any, run: Callable[[], Any]) -> Any:
    from airflow.sdk.exceptions import TaskDeferred

    names = {base.__name__ for base in type(task).__mro__}
    recorder.conn_type = "http" if _package(task) == "http" else ""
    if "HITLOperator" in names:
        return _answered(recorder, context, task)
    if not runs_for_real(task):
        return _recorded(recorder, task)
    if getattr(task, "deferrable", False):
        task.deferrable = False
    if "BaseSensorOperator" in names:
        return _poked(recorder, context, task, run)
    try:
        return run()
    except TaskDeferred as wait:
        recorder.add("operator", _package(task), "wait", wait.trigger.serialize()[0], wait.trigger.serialize()[1])
        return _value(task)


def _recorded(recorder: Recorder, task: Any) -> Any:
    """Write down the operator with its rendered arguments; nothing of it runs."""
    recorder.add("operator", _package(task), type(task).__name__, "", _arguments(task))
    return _value(task)


def _arguments(task: Any) -> dict[str, Any]:
    from airflow.sdk import BaseOperator

    plain = set(inspect.signature(BaseOperator.__init__).parameters)
    names = [
        name
        for base in type(task).__mro__
        if "__init__" in vars(base)
        for name in inspect.signature(base.__init__).parameters
        if name not in plain and name not in ("self", "args", "kwargs")
    ]
    found = {name: getattr(task, name, None) for name in dict.fromkeys(names)}
    return {name: value for name, value in found.items() if value not in (None, "", [], {}, False)}


def _value(task: Any) -> Any:
    """What the next task would read. Mapped followers need a list."""
    mapped = next(task.iter_mapped_dependants(), None) is not None
    return ["sample"] if mapped else "sample"


def _package(task: Any) -> str:
    found = re.match(r"airflow\.providers\.((?:apache|common|microsoft|dbt|cncf)?\.?\w+)", type(task).__module__)
    return found[1] if found else type(task).__name__


def _answered(recorder: Recorder, context: Any, task: Any) -> Any:
    """A person answers: the first option, or the last one where the stand-ins refuse."""
    option = task.options[0 if recorder.has_rows else -1]
    recorder.add("operator", "person", "ask", summary(task.subject), f"answer: {option}")
    for notifier in getattr(task, "notifiers", ()):
        notifier(context)
    event = {
        "chosen_options": [option], "params_input": {}, "responded_at": dt.datetime.now(dt.timezone.utc),
        "responded_by_user": {"id": "trial", "name": "trial"}, "timedout": False,
    }  # fmt: skip
    return task.execute_complete(context, event)


def _poked(recorder: Recorder, context: Any, task: Any, run: Callable[[], Any]) -> Any:
    """A sensor looks once, for real, and is satisfied whatever it saw."""
    if not _has_poke(task):
        # It waits in its `execute`, which would defer or sleep.
        recorder.add("operator", _package(task), "wait", type(task).__name__, _arguments(task))
        return None
    found = task.poke(context)
    recorder.add(
        recorder.level if recorder.calls else "local", _package(task), "look", type(task).__name__, _arguments(task)
    )
    return getattr(found, "xcom_value", None)


def _has_poke(task: Any) -> bool:
    """Whether a class of its own says how the sensor looks; the base class only says that one has to."""
    return any("poke" in vars(base) for base in type(task).__mro__ if base.__name__ != "BaseSensorOperator")


def _no_waiting() -> None:
    """Waiting costs nothing here."""
    import time

    real = time.sleep
    time.sleep = lambda seconds: real(min(seconds, 0.001))  # type: ignore[assignment]
