RECIPE = {
    "description": "Store a text or an upstream result as an Azure blob.",
    "decorator": "task",
    "actions": ["load"],
    "services": ["azure_blob_storage"],
    "connections": {"conn_id": "wasb_default"},
    "distribution": "apache-airflow-providers-microsoft-azure",
}


def upload_blob(value: object, container: str, key: str, conn_id: str = "wasb_default") -> str:
    """Store `value`, anything but text as JSON, and return the key."""
    import json

    from airflow.providers.microsoft.azure.hooks.wasb import WasbHook

    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    WasbHook(wasb_conn_id=conn_id).load_string(text, container_name=container, blob_name=key, overwrite=True)
    return key
