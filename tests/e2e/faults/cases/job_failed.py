"""A job elsewhere failed and does not say why."""

from airflow.sdk import dag, task

FAULT = {
    "labels": ("external_job_failed",),
    "evidence": "Job j-17 ended in state FAILED",
    "acceptable": ("retry_backoff", "resubmit_job"),
    "harmful": (),
}


@dag(schedule=None)
def job_failed():
    @task
    def job():
        from airflow.providers.http.hooks.http import HttpHook

        job = HttpHook("GET", "shop_api").run("/job").json()
        if job["state"] != "SUCCEEDED":
            raise RuntimeError(f"Job {job['id']} ended in state {job['state']}")

    job()


job_failed()
