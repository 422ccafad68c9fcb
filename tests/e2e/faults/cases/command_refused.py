"""A program of a shell script cannot connect."""

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import dag

FAULT = {
    "labels": ("connection_refused",),
    "evidence": "Connection refused",
    "acceptable": ("retry_backoff", "wait_for_source"),
    "harmful": (),
}


@dag(schedule=None)
def command_refused():
    command = BashOperator(
        task_id="job",
        bash_command="python -c \"import socket; socket.create_connection(('127.0.0.1', $FAULT_CLOSED_PORT))\"",
        append_env=True,
    )


command_refused()
