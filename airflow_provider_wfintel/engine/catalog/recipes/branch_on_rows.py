RECIPE = {
    "description": "Take one way or the other, by the number of rows of a table.",
    "decorator": "task.branch",
    "actions": ["branch"],
    "services": [],
    "placeholders": {"P_HOOK_MODULE": "hook", "P_HOOK_CLASS": "hook"},
    "defaults": {"hook": "airflow.providers.common.sql.hooks.sql:DbApiHook"},
    "connections": {"conn_id": ""},
    "distribution": "apache-airflow-providers-common-sql",
}


def branch_on_rows(
    table: str, conn_id: str, operator: str, threshold: int, if_true: list, if_false: list
) -> list:
    """Return the ids of the tasks to go on with: `if_true` if the number of rows compares as wanted."""
    import operator as operators
    import re

    from P_HOOK_MODULE import P_HOOK_CLASS

    compare = {
        "<": operators.lt,
        "<=": operators.le,
        ">": operators.gt,
        ">=": operators.ge,
        "==": operators.eq,
        "!=": operators.ne,
    }[operator]
    # A table name cannot be bound as a parameter, so only a plain one may enter the SQL text.
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_$]*(\.[A-Za-z_][A-Za-z0-9_$]*){0,2}", table):
        raise ValueError(f"{table!r} is no plain table name")
    rows = int(P_HOOK_CLASS.get_hook(conn_id).get_first(f"SELECT COUNT(*) FROM {table}")[0])
    print(f"{table}: {rows} {operator} {threshold}?")
    return if_true if compare(rows, threshold) else if_false
