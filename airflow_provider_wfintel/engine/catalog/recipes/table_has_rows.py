RECIPE = {
    "description": "Go on only if a table has rows.",
    "decorator": "task.short_circuit",
    "actions": ["check", "branch"],
    "services": [],
    "placeholders": {"P_HOOK_MODULE": "hook", "P_HOOK_CLASS": "hook"},
    "defaults": {"hook": "airflow.providers.common.sql.hooks.sql:DbApiHook"},
    "connections": {"conn_id": ""},
    "distribution": "apache-airflow-providers-common-sql",
}


def table_has_rows(table: str, conn_id: str, minimum: int = 1) -> bool:
    """Tell whether `table` has at least `minimum` rows; all tasks below are skipped if not."""
    import re

    from P_HOOK_MODULE import P_HOOK_CLASS

    # A table name cannot be bound as a parameter, so only a plain one may enter the SQL text.
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_$]*(\.[A-Za-z_][A-Za-z0-9_$]*){0,2}", table):
        raise ValueError(f"{table!r} is no plain table name")
    first = P_HOOK_CLASS.get_hook(conn_id).get_first(f"SELECT COUNT(*) FROM {table}")
    print(f"{table} has {first[0]} rows, {minimum} needed")
    return int(first[0]) >= minimum
