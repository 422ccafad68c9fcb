"""The result cannot be handed on."""

from airflow.sdk import dag, task

FAULT = {
    "labels": ("serialization_error",),
    "evidence": "serializ",
    "acceptable": ("escalate",),
    "harmful": ("retry_backoff",),
}


@dag(schedule=None)
def not_serializable():
    @task
    def job():
        import threading

        return {"lock": threading.Lock()}

    job()


not_serializable()
