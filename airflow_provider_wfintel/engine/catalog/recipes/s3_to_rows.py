RECIPE = {
    "description": "Read records from an S3 object that holds CSV, JSON or JSON lines.",
    "decorator": "task",
    "actions": ["extract"],
    "services": ["amazon_s3"],
    "connections": {"conn_id": "aws_default"},
    "distribution": "apache-airflow-providers-amazon",
}


def s3_to_rows(bucket: str, key: str, conn_id: str = "aws_default", limit: int = 10000) -> list[dict]:
    """Return the records; more than `limit` is an error, since results travel as XCom."""
    import csv
    import io
    import json

    from airflow.providers.amazon.aws.hooks.s3 import S3Hook

    text = S3Hook(aws_conn_id=conn_id).read_key(key, bucket_name=bucket)
    if key.endswith(".csv"):
        rows = list(csv.DictReader(io.StringIO(text)))
    elif key.endswith(".json"):
        found = json.loads(text)
        rows = found if isinstance(found, list) else [found]
    else:
        rows = [json.loads(line) for line in text.splitlines() if line.strip()]
    if len(rows) > limit:
        raise ValueError(f"{key} holds {len(rows)} records, more than {limit}: use a transfer operator")
    return rows
