"""The partner's server is down."""

from airflow.sdk import dag, task

FAULT = {
    "labels": ("connection_refused",),
    "evidence": "Unable to connect to port",
    "acceptable": ("retry_backoff", "wait_for_source"),
    "harmful": (),
}


@dag(schedule=None)
def sftp_down():
    @task
    def job():
        from airflow.providers.sftp.hooks.sftp import SFTPHook

        return SFTPHook("partner_down").list_directory("/")

    job()


sftp_down()
