RECIPE = {
    "description": "Read records from a Cloud Storage object that holds CSV, JSON or JSON lines.",
    "decorator": "task",
    "actions": ["extract"],
    "services": ["google_cloud_storage"],
    "connections": {"conn_id": "google_cloud_default"},
    "distribution": "apache-airflow-providers-google",
}


def gcs_to_rows(
    bucket: str, key: str, conn_id: str = "google_cloud_default", limit: int = 10000
) -> list[dict]:
    """Return the records; more than `limit` is an error, since results travel as XCom."""
    import csv
    import io
    import json

    from airflow.providers.google.cloud.hooks.gcs import GCSHook

    text = GCSHook(gcp_conn_id=conn_id).download_as_byte_array(bucket, key).decode("utf-8")
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
