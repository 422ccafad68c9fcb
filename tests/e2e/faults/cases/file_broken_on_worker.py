"""The DAG file loads in the dag-processor and not on the worker."""

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import dag, get_parsing_context

if get_parsing_context().dag_id:
    import worker_only_plugin  # noqa: F401 - a worker parses for one DAG, the dag-processor for all

FAULT = {
    "labels": ("missing_dependency", "dag_import_error"),
    "evidence": "No module named 'worker_only_plugin'",
    "acceptable": ("install_dependency", "escalate", "reparse_dag"),
    "harmful": (),
}


@dag(schedule=None)
def file_broken_on_worker():
    command = BashOperator(task_id="job", bash_command="true")


file_broken_on_worker()
