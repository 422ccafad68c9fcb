"""The deciding line stands before many others."""

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import dag

FAULT = {
    "labels": ("connection_refused",),
    "evidence": "Connection refused",
    "acceptable": ("retry_backoff", "wait_for_source"),
    "harmful": (),
}


@dag(schedule=None)
def long_log():
    BashOperator(
        task_id="job",
        bash_command=(
            "python -c \"import socket; socket.create_connection(('127.0.0.1', $FAULT_CLOSED_PORT))\"; failed=$?; "
            'for i in $(seq 40); do echo "region $i: $((i * 7 % 13)) rows, 0 errors"; done; exit $failed'
        ),
        append_env=True,
    )


long_log()
