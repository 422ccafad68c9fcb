"""Generated code that works on files, results and lists runs to its end in a child Airflow with stand-ins."""

# ruff: noqa: E501 - a description is read best on one line

from __future__ import annotations

import pytest

from airflow_provider_wfintel.engine.generation.service import generate
from airflow_provider_wfintel.host.dag_run import try_dag_files

pytestmark = pytest.mark.integration

TEXTS = {
    "archive": "Daily at 6 UTC: download /out/data.zip from the SFTP server, unzip it and load the CSV into the Postgres table a.b.",
    "dump": "Daily at 1 UTC dump the MySQL database shop, gzip the dump, upload it to s3://backups/mysql/ and delete the local file.",
    "checksum": "Daily at 2 UTC: verify the sha256 checksum of /in/d.tar.gz against /in/d.tar.gz.sha256, then untar it into /restore.",
    "each": "For each file in the SFTP folder /out/ copy it to the S3 bucket landing under partner/. Daily at 5 UTC.",
    "function": "Daily at 5 UTC: read the table a.b from Postgres, dedupe the rows with the Python function acme.etl.dedupe.",
    "counts": "Daily at 6 UTC: count the rows of Postgres table a.x, count the rows of MySQL table b.x, fail if the counts differ.",
    "athena": "Daily at 3 UTC run the Athena query `SELECT count(*) FROM a.b` with results to s3://ath/out/. "
    "If the count is greater than 0 post to #ops on Slack.",
}


def test_every_task_runs() -> None:
    trials = try_dag_files({name: generate(text).source for name, text in TEXTS.items()}, answers=("rows",))
    told = {
        name: (trial.error, [(task.task_id, task.error) for run in trial.runs for task in run.tasks if task.error])
        for name, trial in trials.items()
        if not trial.missing and not trial.ok
    }
    assert not told
    assert sum(bool(trial.runs) for trial in trials.values()) >= 5
