RECIPE = {
    "description": "Write records to a Cloud Storage object as CSV or JSON lines.",
    "decorator": "task",
    "actions": ["load", "copy"],
    "services": ["google_cloud_storage"],
    "connections": {"conn_id": "google_cloud_default"},
    "distribution": "apache-airflow-providers-google",
}


def rows_to_gcs(rows: list[dict], bucket: str, key: str, conn_id: str = "google_cloud_default") -> str:
    """Write `rows` in the form that the ending of `key` asks for and return the key."""
    import csv
    import io
    import json

    from airflow.providers.google.cloud.hooks.gcs import GCSHook

    if rows is None:
        raise ValueError(f"no rows are given for {key}: connect the task that has them")
    records = rows if all(isinstance(row, dict) for row in rows) else [{"value": row} for row in rows]
    if key.endswith(".csv"):
        buffer = io.StringIO()
        writer = csv.DictWriter(
            buffer, list(dict.fromkeys(name for row in records for name in row)), lineterminator="\n"
        )
        writer.writeheader()
        writer.writerows(records)
        text = buffer.getvalue()
    else:
        # One JSON object per line: what query engines read without further ado.
        text = "".join(json.dumps(row, ensure_ascii=False, default=str) + "\n" for row in records)
    GCSHook(gcp_conn_id=conn_id).upload(bucket_name=bucket, object_name=key, data=text)
    return key
