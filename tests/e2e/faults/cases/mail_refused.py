"""The mail server is down."""

import os

from airflow.sdk import dag, task

FAULT = {
    "labels": ("connection_refused",),
    "evidence": "Connection refused",
    "acceptable": ("retry_backoff", "escalate"),
    "harmful": (),
}


@dag(schedule=None)
def mail_refused():
    @task
    def job():
        import smtplib

        with smtplib.SMTP("127.0.0.1", int(os.environ["FAULT_CLOSED_PORT"]), timeout=5) as server:
            server.sendmail("etl@shop.example", ["ops@shop.example"], "report")

    job()


mail_refused()
