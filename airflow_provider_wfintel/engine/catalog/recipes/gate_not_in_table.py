RECIPE = {
    "description": "Let a run through only if its date is not in a table of days off.",
    "decorator": "task.short_circuit",
    "actions": ["branch", "check"],
    "services": [],
    "placeholders": {"P_HOOK_MODULE": "hook", "P_HOOK_CLASS": "hook"},
    "defaults": {"hook": "airflow.providers.common.sql.hooks.sql:DbApiHook"},
    "connections": {"conn_id": ""},
    "distribution": "apache-airflow-providers-common-sql",
}


def gate_not_in_table(
    table: str, conn_id: str, column: str = "date", timezone: str = "UTC", logical_date=None
) -> bool:
    """Tell whether the run's date is missing from `column` of `table`; all tasks below are skipped if it is there."""
    import re

    import pendulum

    from P_HOOK_MODULE import P_HOOK_CLASS

    # Names cannot be bound as parameters, so only plain ones may enter the SQL text.
    for name in (table, column):
        if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)?", name):
            raise ValueError(f"{name!r} is no plain table or column name")
    day = (logical_date or pendulum.now("UTC")).in_timezone(timezone).to_date_string()
    hook = P_HOOK_CLASS.get_hook(conn_id)
    days = {str(row[0])[:10] for row in hook.get_records(f"SELECT {column} FROM {table}")}
    return day not in days
