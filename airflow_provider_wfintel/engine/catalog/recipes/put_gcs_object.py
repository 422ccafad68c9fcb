RECIPE = {
    "description": "Store a text or an upstream result as a Cloud Storage object.",
    "decorator": "task",
    "actions": ["load"],
    "services": ["google_cloud_storage"],
    "connections": {"conn_id": "google_cloud_default"},
    "distribution": "apache-airflow-providers-google",
}


def put_gcs_object(value: object, bucket: str, key: str, conn_id: str = "google_cloud_default") -> str:
    """Store `value`, anything but text as JSON (lines of it under a `.jsonl` key), and return the key."""
    import json

    from airflow.providers.google.cloud.hooks.gcs import GCSHook

    def as_text(item: object) -> str:
        return item if isinstance(item, str) else json.dumps(item, ensure_ascii=False, default=str)

    lines = isinstance(value, list) and key.endswith((".jsonl", ".ndjson"))
    text = "".join(f"{as_text(item)}\n" for item in value) if lines else as_text(value)
    GCSHook(gcp_conn_id=conn_id).upload(bucket_name=bucket, object_name=key, data=text)
    return key
