RECIPE = {
    "description": "Write records to an Azure blob as CSV or JSON lines.",
    "decorator": "task",
    "actions": ["load", "copy"],
    "services": ["azure_blob_storage"],
    "connections": {"conn_id": "wasb_default"},
    "distribution": "apache-airflow-providers-microsoft-azure",
}


def rows_to_blob(rows: list[dict], container: str, key: str, conn_id: str = "wasb_default") -> str:
    """Write `rows` in the form that the ending of `key` asks for and return the key."""
    import csv
    import io
    import json

    from airflow.providers.microsoft.azure.hooks.wasb import WasbHook

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
    WasbHook(wasb_conn_id=conn_id).load_string(text, container_name=container, blob_name=key, overwrite=True)
    return key
