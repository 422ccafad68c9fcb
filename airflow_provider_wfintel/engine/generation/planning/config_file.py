"""Settings in a file: "create the cluster from emr/cluster.json" names the file that the operator reads itself."""

from __future__ import annotations

import re
from dataclasses import replace

from airflow_provider_wfintel.engine.generation.planning.desk import Desk
from airflow_provider_wfintel.engine.generation.planning.drafts import Draft
from airflow_provider_wfintel.engine.generation.planning.single import single_service
from airflow_provider_wfintel.engine.generation.reading.steps import Step
from airflow_provider_wfintel.engine.model import Argument, TemplateValue

__all__ = ["from_config_file"]

# Operators whose template extensions hold `.json`, and the argument that is such a file's content.
_ARGUMENTS = {"EmrCreateJobFlowOperator": "job_flow_overrides", "EmrAddStepsOperator": "steps"}
_FILE = re.compile(r"[\w./{} -]+\.json")


def from_config_file(desk: Desk, step: Step, task: str, fed: bool) -> tuple[Draft, ...] | None:
    """The task of a step whose settings stand in a JSON file beside the DAGs: Airflow renders it into the argument."""
    files = [item.slot for item in step.slots if item.slot.name in ("path", "file_name", "script", "key")]
    named = next((slot for slot in files if _FILE.fullmatch(slot.value)), None)
    if named is None or step.services != ("amazon_emr",):
        return None
    draft = single_service(desk, step, task, fed=fed)
    name = _ARGUMENTS.get(draft.task.operator.path.rpartition(":")[2], "") if draft is not None else ""
    if draft is None or not name:
        return None
    told = Argument(name, TemplateValue(named.value), "stated", named.span)
    desk.notes.assume(name, f"{named.value!r} lies beside the DAG files or in its template_searchpath.", named.span)
    others = tuple(item for item in draft.task.arguments if item.name != name)
    return (replace(draft, task=replace(draft.task, arguments=(*others, told))),)
