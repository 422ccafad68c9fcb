RECIPE = {
    "description": "Read the rows of a Google sheet.",
    "decorator": "task",
    "actions": ["extract"],
    "services": ["google_sheets"],
    "connections": {"conn_id": "google_cloud_default"},
    "distribution": "apache-airflow-providers-google",
}


def sheets_read(
    spreadsheet_id: str, worksheet: str = "Sheet1", conn_id: str = "google_cloud_default"
) -> list[dict]:
    """Return the rows of `worksheet` as records, keyed by its first row."""
    from airflow.providers.google.suite.hooks.sheets import GSheetsHook

    values = GSheetsHook(gcp_conn_id=conn_id).get_values(spreadsheet_id, worksheet)
    columns, rows = (values[0], values[1:]) if values else ([], [])
    # Empty cells at the end of a row are not sent.
    return [dict(zip(columns, [*row, *[""] * (len(columns) - len(row))], strict=False)) for row in rows]
