"""The partner's server refuses the password."""

from airflow.sdk import dag, task

TRIAL = {
    "kind": "escalate",
    "acceptable": (),
}


@dag(schedule=None)
def bad_password():
    @task
    def job():
        from airflow.providers.sftp.hooks.sftp import SFTPHook

        return SFTPHook("partner_wrong").list_directory("/")

    job()


bad_password()
