"""The partner's server refuses the password."""

from airflow.sdk import dag, task

FAULT = {
    "labels": ("bad_credentials",),
    "evidence": "Authentication failed",
    "acceptable": ("escalate", "refresh_credentials"),
    "harmful": ("retry_backoff",),
}


@dag(schedule=None)
def sftp_wrong_password():
    @task
    def job():
        from airflow.providers.sftp.hooks.sftp import SFTPHook

        return SFTPHook("partner_wrong").list_directory("/")

    job()


sftp_wrong_password()
