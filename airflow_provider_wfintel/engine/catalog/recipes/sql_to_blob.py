RECIPE = {
    "description": "Write the result of a query to an Azure blob as CSV.",
    "decorator": "task",
    "actions": ["copy", "extract", "load"],
    "services": ["azure_blob_storage"],
    "placeholders": {"P_HOOK_MODULE": "hook", "P_HOOK_CLASS": "hook"},
    "defaults": {"hook": "airflow.providers.common.sql.hooks.sql:DbApiHook"},
    "connections": {"sql_conn_id": "", "conn_id": "wasb_default"},
    "distribution": "apache-airflow-providers-microsoft-azure",
}


def sql_to_blob(sql: str, sql_conn_id: str, container: str, key: str, conn_id: str = "wasb_default") -> str:
    """Write the rows of `sql`, batch by batch through a file, and return the key."""
    import csv
    import tempfile
    from pathlib import Path

    from P_HOOK_MODULE import P_HOOK_CLASS
    from airflow.providers.microsoft.azure.hooks.wasb import WasbHook

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"

        def write(cursor) -> int:
            count = 0
            with path.open("w", newline="", encoding="utf-8") as file:
                writer = csv.writer(file, lineterminator="\n")
                writer.writerow([column[0] for column in cursor.description])
                while batch := cursor.fetchmany(5000):
                    writer.writerows(batch)
                    count += len(batch)
            return count

        count = P_HOOK_CLASS.get_hook(sql_conn_id).run(sql, handler=write)
        WasbHook(wasb_conn_id=conn_id).load_file(str(path), container, key, overwrite=True)
    print(f"{count} rows written to {key}")
    return key
