"""What the words state reaches the task: names, addresses, ids, texts."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        (
            "Upload /tmp/x/report.csv to the S3 bucket fin-out under the key daily/report.csv.",
            ("/tmp/x/report.csv", "fin-out", "daily/report.csv"),
        ),
        ("Upload the local file report.csv to s3://fin-out/daily/.", ("report.csv", "fin-out", "daily")),
        (
            "Run the Databricks notebook /Repos/prod/clean on the existing cluster 0101-abc.",
            ("/Repos/prod/clean", "0101-abc"),
        ),
        (
            "Start the EMR Serverless application 00f1 with s3://code/j.py, role arn:aws:iam::123456789012:role/emr.",
            ("00f1", "s3://code/j.py", "arn:aws:iam::123456789012:role/emr"),
        ),
        ("Run the Glue job clean-up with argument --day {{ ds }}.", ("clean-up",)),
        ("Run the Cloud Run job nightly-x in europe-west1 (project acme).", ("nightly-x", "europe-west1", "acme")),
        ("Call the Cloud Function refresh-x in region us-east1.", ("refresh-x", "us-east1")),
        (
            "Trigger the Airbyte connection 12345678-aaaa-bbbb-cccc-1234567890ab.",
            ("12345678-aaaa-bbbb-cccc-1234567890ab",),
        ),
        ("Run the dbt Cloud job 998877.", ("998877",)),
        ("Refresh the Power BI dataset 'Net Sales' in the workspace 'Finance'.", ("Net Sales", "Finance")),
        ("Refresh the Tableau data source 'Orders'.", ("Orders",)),
        ('Produce a message {"state": "ready"} to the Kafka topic etl-status.', ("etl-status", "ready")),
        ("Publish 'finished' to the Pub/Sub topic etl-status in project acme.", ("etl-status", "finished")),
        (
            "Send 'finished' to the SQS queue https://sqs.eu-west-1.amazonaws.com/1/etl.",
            ("https://sqs.eu-west-1.amazonaws.com/1/etl", "finished"),
        ),
        (
            "Publish to the SNS topic arn:aws:sns:eu-west-1:123456789012:etl the message 'finished'.",
            ("arn:aws:sns:eu-west-1:123456789012:etl", "finished"),
        ),
        (
            'Post "Load finished, see the dashboard" to the Slack channel #etl.',
            ("Load finished, see the dashboard", "#etl"),
        ),
        ('POST {"full": true} to https://svc.example.com/v1/jobs.', ("/v1/jobs", "full")),
        (
            "GET https://svc.example.com/v1/jobs?state=open and save it to /data/jobs.json.",
            ("/v1/jobs", "/data/jobs.json"),
        ),
        ("Run `select 1` in Postgres database sales with conn id pg_sales.", ("select 1", "pg_sales")),
        ("Export BigQuery mart.x to gs://lake/out/x-*.csv.", ("mart", "lake", "out/x-*.csv")),
        ("Write the Postgres table a.b to the MongoDB collection c.d.", ("a.b", "d")),
        ("Index the Postgres table a.b into Elasticsearch index shop-v2.", ("a.b", "shop-v2")),
        ("Run the image python:3.11 with command `python -m job` in Docker.", ("python:3.11", "python -m job")),
        (
            "Run the image eu.gcr.io/acme/job:1.2 on Kubernetes in namespace etl with `run.sh --fast`.",
            ("eu.gcr.io/acme/job:1.2", "etl", "run.sh --fast"),
        ),
        ("Run `uptime` over SSH on host etl01 with connection ssh_etl.", ("uptime", "ssh_etl")),
        ("Run the script /opt/etl/load.sh with bash.", ("/opt/etl/load.sh",)),
        ("Run python /opt/etl/load.py --day today.", ("/opt/etl/load.py", "--day")),
        ("Call the Python function acme.etl.load:main.", ("acme.etl.load",)),
        ("Wait for files matching in/*.csv in the GCS bucket drop-x.", ("in/", "drop-x")),
        (
            "Wait until `select count(*) from a.b where d = current_date` in Postgres returns more than 0.",
            ("select count(*) from a.b where d = current_date",),
        ),
        ('Trigger the DAG reporting with conf {"day": "today"} and wait for it to complete.', ("reporting", "day")),
        ("Train the SageMaker model with training job churn-1.", ("churn-1",)),
        ("Run the Vertex AI pipeline gs://ml/p.json in europe-west4.", ("gs://ml/p.json", "europe-west4")),
        (
            "Summarise the rows with OpenAI model gpt-4o-mini and the prompt 'Summarise in three lines'.",
            ("gpt-4o-mini", "Summarise in three lines"),
        ),
        ("Delete the key tmp/a.csv from the S3 bucket raw-x.", ("tmp/a.csv", "raw-x")),
        ("Delete the objects with prefix tmp/ from the GCS bucket raw-x.", ("tmp/", "raw-x")),
        ("Open a Jira ticket in project OPS with the summary 'Load late'.", ("OPS", "Load late")),
        (
            "Append the result of `select * from a.b` in Postgres to the Google Sheet 1AbCdEf, range Data!A1.",
            ("select * from a.b", "1AbCdEf"),
        ),
    ],
)
def test_stated_values_are_arguments(plan: Any, text: str, stated: tuple[str, ...]) -> None:
    spec = plan(f"Every day at 6 UTC. {text}").spec
    values = "\n".join(str(item.value) for task in spec.tasks for item in task.arguments)
    values = values.replace('\\\\"', '"').replace('\\"', '"')
    assert [word for word in stated if word not in values] == []
