"""The partner has not delivered."""

import os

from airflow.providers.sftp.operators.sftp import SFTPOperator
from airflow.sdk import dag

FAULT = {
    "labels": ("missing_file_or_partition",),
    "evidence": "No such file",
    "acceptable": ("wait_upstream_data",),
    "harmful": (),
}


@dag(schedule=None)
def sftp_missing_file():
    fetch = SFTPOperator(
        task_id="job", ssh_conn_id="partner", operation="get", remote_filepath="/orders_2031.csv",
        local_filepath=os.path.join(os.environ.get("FAULT_FOLDER", "/tmp"), "orders.csv"),
    )  # fmt: skip


sftp_missing_file()
