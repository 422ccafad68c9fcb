RECIPE = {
    "description": "Stream records into a BigQuery table.",
    "decorator": "task",
    "actions": ["load"],
    "services": ["google_bigquery"],
    "connections": {"conn_id": "google_cloud_default"},
    "distribution": "apache-airflow-providers-google",
}


def insert_bigquery_rows(
    rows: list[dict], dataset: str, table: str, project: str = "", conn_id: str = "google_cloud_default"
) -> int:
    """Insert `rows` into a table that exists and return how many."""
    from airflow.providers.google.cloud.hooks.bigquery import BigQueryHook

    if rows is None:
        raise ValueError(f"no rows are given for {table}: connect the task that has them")
    hook = BigQueryHook(gcp_conn_id=conn_id, use_legacy_sql=False)
    for start in range(0, len(rows), 500):
        hook.insert_all(
            project_id=project or hook.project_id,
            dataset_id=dataset,
            table_id=table,
            rows=[{"json": row} for row in rows[start : start + 500]],
            fail_on_error=True,
        )
    return len(rows)
