RECIPE = {
    "description": "Run a query that returns one value.",
    "decorator": "task",
    "actions": ["query", "extract"],
    "services": [],
    "placeholders": {"P_HOOK_MODULE": "hook", "P_HOOK_CLASS": "hook"},
    "defaults": {"hook": "airflow.providers.common.sql.hooks.sql:DbApiHook"},
    "connections": {"conn_id": ""},
    "distribution": "apache-airflow-providers-common-sql",
}


def query_value(sql: str, conn_id: str) -> object:
    """Return the first column of the first row, None if there is no row."""
    from P_HOOK_MODULE import P_HOOK_CLASS

    first = P_HOOK_CLASS.get_hook(conn_id).get_first(sql)
    return first[0] if first else None
