"""One task for each way in which a try can end. Written into the DAG folder of a real Airflow, never imported here."""

import os
import signal
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.providers.standard.sensors.python import PythonSensor
from airflow.providers.standard.sensors.time_delta import TimeDeltaSensor
from airflow.sdk import DAG, get_current_context, task
from airflow.sdk.exceptions import AirflowSkipException

START = datetime(2026, 1, 1, tzinfo=timezone.utc)


def was_here(name):
    return Path(os.environ["ENDS"], name)


with DAG("ends", schedule=None, start_date=START, is_paused_upon_creation=False, max_active_tasks=16):

    @task
    def killed():
        os.kill(os.getpid(), signal.SIGKILL)

    @task
    def lost_supervisor():
        # As if the machine were gone: nobody reports the end, the scheduler misses the heartbeats.
        os.kill(os.getppid(), signal.SIGKILL)
        os.kill(os.getpid(), signal.SIGKILL)

    @task
    def marked():
        time.sleep(600)

    @task
    def after_failure():
        """Never runs."""

    @task
    def skipped():
        raise AirflowSkipException("nothing to do")

    @task
    def after_skip():
        """Is skipped by the scheduler."""

    @task(retries=2, retry_delay=timedelta(seconds=1))
    def retried():
        if get_current_context()["ti"].try_number == 1:
            raise RuntimeError("the first try fails")

    @task
    def cleared():
        """Is cleared by hand after its end."""

    @task(retries=1, retry_delay=timedelta(seconds=1))
    def cleared_while_running():
        if not was_here("cleared").exists():
            time.sleep(600)

    def second_look():
        if was_here("looked").exists():
            return True
        was_here("looked").touch()
        return False

    killed() >> after_failure()
    skipped() >> after_skip()
    lost_supervisor(), marked(), retried(), cleared(), cleared_while_running()
    TimeDeltaSensor(task_id="deferred", delta=timedelta(seconds=2), deferrable=True)
    PythonSensor(task_id="rescheduled", python_callable=second_look, mode="reschedule", poke_interval=2)
    ApprovalOperator(task_id="answered", subject="May it go on?")
