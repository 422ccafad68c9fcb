RECIPE = {
    "description": "Insert records into a table that exists.",
    "decorator": "task",
    "actions": ["load"],
    "services": [],
    "placeholders": {"P_HOOK_MODULE": "hook", "P_HOOK_CLASS": "hook"},
    "defaults": {"hook": "airflow.providers.common.sql.hooks.sql:DbApiHook"},
    "connections": {"conn_id": ""},
    "distribution": "apache-airflow-providers-common-sql",
}


def insert_rows(
    rows: list[dict], table: str, conn_id: str, replace: bool = False, key_columns: list[str] | None = None
) -> int:
    """Insert `rows` into `table`, columns by the keys of the records, and return how many.

    With `replace`, a row whose `key_columns` are there already is replaced, where the database can do so.
    """
    import json

    from P_HOOK_MODULE import P_HOOK_CLASS

    if rows is None:
        raise ValueError(f"no rows are given for {table}: connect the task that has them")
    if not rows:
        print(f"nothing to insert into {table}")
        return 0
    columns = list(dict.fromkeys(key for row in rows for key in row))
    # Nested values have no column type of their own: they are stored as JSON text.
    values = [
        [json.dumps(cell) if isinstance(cell, dict | list) else cell for cell in map(row.get, columns)]
        for row in rows
    ]
    hook = P_HOOK_CLASS.get_hook(conn_id)
    keys = {"replace_index": key_columns} if replace and key_columns else {}
    hook.insert_rows(table=table, rows=values, target_fields=columns, replace=replace, **keys)
    return len(rows)
