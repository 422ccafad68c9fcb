RECIPE = {
    "description": "Append records to a Google sheet.",
    "decorator": "task",
    "actions": ["load"],
    "services": ["google_sheets"],
    "connections": {"conn_id": "google_cloud_default"},
    "distribution": "apache-airflow-providers-google",
}


def sheets_append(
    rows: list, spreadsheet_id: str, worksheet: str = "Sheet1", conn_id: str = "google_cloud_default"
) -> int:
    """Append `rows` below the last filled row of `worksheet` and return how many."""
    from airflow.providers.google.suite.hooks.sheets import GSheetsHook

    columns = list(dict.fromkeys(key for row in rows if isinstance(row, dict) for key in row))
    values = [
        [row.get(key, "") for key in columns]
        if isinstance(row, dict)
        else row
        if isinstance(row, list)
        else [row]
        for row in rows
    ]
    if values:
        hook = GSheetsHook(gcp_conn_id=conn_id)
        hook.append_values(spreadsheet_id, worksheet, values, insert_data_option="INSERT_ROWS")
    return len(values)
