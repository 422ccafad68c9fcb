RECIPE = {
    "description": "List the objects of a Cloud Storage bucket under a prefix.",
    "decorator": "task",
    "actions": ["extract"],
    "services": ["google_cloud_storage"],
    "connections": {"conn_id": "google_cloud_default"},
    "distribution": "apache-airflow-providers-google",
}


def list_gcs_objects(
    bucket: str,
    prefix: str = "",
    pattern: str = "*",
    conn_id: str = "google_cloud_default",
    limit: int = 1000,
) -> list[str]:
    """Return the object names that match `pattern`, sorted; folders themselves are left out."""
    from fnmatch import fnmatch

    from airflow.providers.google.cloud.hooks.gcs import GCSHook

    names = GCSHook(gcp_conn_id=conn_id).list(bucket_name=bucket, prefix=prefix or None) or []
    found = sorted(
        name for name in names if not name.endswith("/") and fnmatch(name.rsplit("/", 1)[-1], pattern)
    )
    # Each object becomes a task of its own further down; a wrong prefix must not start thousands.
    if len(found) > limit:
        raise ValueError(f"{len(found)} objects match in {bucket}/{prefix}, more than {limit}")
    return found
