RECIPE = {
    "description": "Wait until a query returns a value that counts as true.",
    "decorator": "task.sensor",
    "actions": ["wait_for"],
    "services": [],
    "placeholders": {"P_HOOK_MODULE": "hook", "P_HOOK_CLASS": "hook"},
    "defaults": {"hook": "airflow.providers.common.sql.hooks.sql:DbApiHook"},
    "connections": {"conn_id": ""},
    "distribution": "apache-airflow-providers-common-sql",
}


def wait_for_condition(sql: str, conn_id: str) -> bool:
    """Tell whether the first value that `sql` returns is true; asked again until it is."""
    from P_HOOK_MODULE import P_HOOK_CLASS

    first = P_HOOK_CLASS.get_hook(conn_id).get_first(sql)
    return bool(first and first[0])
