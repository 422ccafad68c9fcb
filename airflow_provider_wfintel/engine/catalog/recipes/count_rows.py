RECIPE = {
    "description": "Count the rows of a table.",
    "decorator": "task",
    "actions": ["query", "check"],
    "services": [],
    "placeholders": {"P_HOOK_MODULE": "hook", "P_HOOK_CLASS": "hook"},
    "defaults": {"hook": "airflow.providers.common.sql.hooks.sql:DbApiHook"},
    "connections": {"conn_id": ""},
    "distribution": "apache-airflow-providers-common-sql",
}


def count_rows(table: str, conn_id: str) -> int:
    """Return the number of rows of `table`."""
    import re

    from P_HOOK_MODULE import P_HOOK_CLASS

    # A table name cannot be bound as a parameter, so only a plain one may enter the SQL text.
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_$]*(\.[A-Za-z_][A-Za-z0-9_$]*){0,2}", table):
        raise ValueError(f"{table!r} is no plain table name")
    first = P_HOOK_CLASS.get_hook(conn_id).get_first(f"SELECT COUNT(*) FROM {table}")
    return int(first[0])
