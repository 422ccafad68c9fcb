RECIPE = {
    "description": "Store a text or an upstream result as a Cloud Storage object.",
    "decorator": "task",
    "actions": ["load"],
    "services": ["google_cloud_storage"],
    "connections": {"conn_id": "google_cloud_default"},
    "distribution": "apache-airflow-providers-google",
}


def put_gcs_object(value: object, bucket: str, key: str, conn_id: str = "google_cloud_default") -> str:
    """Store `value`, anything but text as JSON, and return the key."""
    import json

    from airflow.providers.google.cloud.hooks.gcs import GCSHook

    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    GCSHook(gcp_conn_id=conn_id).upload(bucket_name=bucket, object_name=key, data=text)
    return key
