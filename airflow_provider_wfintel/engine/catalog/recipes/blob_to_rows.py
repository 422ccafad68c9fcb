RECIPE = {
    "description": "Read records from an Azure blob that holds CSV, JSON or JSON lines.",
    "decorator": "task",
    "actions": ["extract"],
    "services": ["azure_blob_storage"],
    "connections": {"conn_id": "wasb_default"},
    "distribution": "apache-airflow-providers-microsoft-azure",
}


def blob_to_rows(container: str, key: str, conn_id: str = "wasb_default", limit: int = 10000) -> list[dict]:
    """Return the records; more than `limit` is an error, since results travel as XCom."""
    import csv
    import io
    import json

    from airflow.providers.microsoft.azure.hooks.wasb import WasbHook

    text = WasbHook(wasb_conn_id=conn_id).read_file(container, key)
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
