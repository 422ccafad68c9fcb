"""The cause is wrapped twice."""

import os

from airflow.sdk import dag, task

FAULT = {
    "labels": ("connection_refused",),
    "evidence": "Connection refused",
    "acceptable": ("retry_backoff", "wait_for_source"),
    "harmful": (),
}


@dag(schedule=None)
def wrapped_cause():
    @task
    def job():
        import socket

        class LoadError(Exception):
            pass

        try:
            try:
                socket.create_connection(("127.0.0.1", int(os.environ["FAULT_CLOSED_PORT"])))
            except OSError as error:
                raise LoadError("stock could not be read") from error
        except LoadError as error:
            raise RuntimeError("nightly load failed in step 2 of 5") from error

    job()


wrapped_cause()
