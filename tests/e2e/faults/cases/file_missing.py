"""The input file is not there."""

from airflow.sdk import dag, task

FAULT = {
    "labels": ("missing_file_or_partition",),
    "evidence": "No such file or directory",
    "acceptable": ("wait_upstream_data", "rerun_upstream"),
    "harmful": (),
}


@dag(schedule=None)
def file_missing():
    @task
    def job():
        import os

        with open(os.path.join(os.environ["FAULT_FOLDER"], "orders_2031-05-02.csv")) as stream:
            return len(stream.readlines())

    job()


file_missing()
