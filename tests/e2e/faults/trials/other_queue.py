"""The disk of the workers of one queue is full; the policy declares another queue against that."""

from airflow.sdk import dag, task

TRIAL = {
    "kind": "resolvable",
    "acceptable": ("move_to_queue",),
    "leaves": ("plan", "queue"),
}


@dag(schedule=None)
def other_queue():
    @task
    def job():
        from airflow.sdk import get_current_context

        # All queues of a LocalExecutor are one machine: the full disk is that of the queue by name.
        where = "/dev/full" if get_current_context()["task"].queue != "roomy" else "/dev/null"
        with open(where, "w") as spool:
            spool.write("x" * 10_000)

    job()


other_queue()
