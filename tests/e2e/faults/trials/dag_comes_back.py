"""The worker does not find the DAG once."""

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import dag, get_parsing_context
from once import first_time

TRIAL = {
    "kind": "resolvable",
    "acceptable": ("reparse_dag", "clear_with_backoff", "wait_for_component"),
}


@dag(schedule=None)
def dag_comes_back():
    BashOperator(task_id="job", bash_command="true")


# A worker parses for one DAG, the dag-processor for all.
if not (get_parsing_context().dag_id and first_time("dag")):
    dag_comes_back()
