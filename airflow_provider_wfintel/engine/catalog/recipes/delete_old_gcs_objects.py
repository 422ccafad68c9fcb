RECIPE = {
    "description": "Delete the objects of a Cloud Storage bucket that are old enough.",
    "decorator": "task",
    "actions": ["delete"],
    "services": ["google_cloud_storage"],
    "connections": {"conn_id": "google_cloud_default"},
    "distribution": "apache-airflow-providers-google",
}


def delete_old_gcs_objects(
    bucket: str, older_than_days: float, prefix: str = "", conn_id: str = "google_cloud_default"
) -> int:
    """Delete every object of `bucket` under `prefix` not changed for `older_than_days` days; return how many."""
    from datetime import datetime, timedelta, timezone

    from airflow.providers.google.cloud.hooks.gcs import GCSHook

    hook = GCSHook(gcp_conn_id=conn_id)
    limit = datetime.now(timezone.utc) - timedelta(days=older_than_days)
    names = hook.list_by_timespan(
        bucket, datetime(1970, 1, 1, tzinfo=timezone.utc), limit, prefix=prefix or None
    )
    for name in names:
        hook.delete(bucket, name)
    print(f"{len(names)} objects deleted from {bucket}")
    return len(names)
