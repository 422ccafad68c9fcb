RECIPE = {
    "description": "List the blobs of an Azure container under a prefix.",
    "decorator": "task",
    "actions": ["extract"],
    "services": ["azure_blob_storage"],
    "connections": {"conn_id": "wasb_default"},
    "distribution": "apache-airflow-providers-microsoft-azure",
}


def list_blobs(
    container: str, prefix: str = "", pattern: str = "*", conn_id: str = "wasb_default", limit: int = 1000
) -> list[str]:
    """Return the blob names that match `pattern`, sorted."""
    from fnmatch import fnmatch

    from airflow.providers.microsoft.azure.hooks.wasb import WasbHook

    names = WasbHook(wasb_conn_id=conn_id).get_blobs_list_recursive(
        container_name=container, prefix=prefix or None
    )
    found = sorted(name for name in names if fnmatch(name.rsplit("/", 1)[-1], pattern))
    # Each blob becomes a task of its own further down; a wrong prefix must not start thousands.
    if len(found) > limit:
        raise ValueError(f"{len(found)} blobs match in {container}/{prefix}, more than {limit}")
    return found
