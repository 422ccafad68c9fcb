"""The installed version has dropped a name."""

from airflow.sdk import dag, task

FAULT = {
    "labels": ("version_incompatibility",),
    "evidence": "cannot import name 'soft_unicode'",
    "acceptable": ("pin_versions", "escalate"),
    "harmful": ("retry_backoff",),
}


@dag(schedule=None)
def name_gone():
    @task
    def job():
        from markupsafe import soft_unicode

        return soft_unicode("x")

    job()


name_gone()
