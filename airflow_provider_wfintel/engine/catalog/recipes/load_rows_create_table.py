RECIPE = {
    "description": "Insert records into a table, which is created from their keys if it is missing.",
    "decorator": "task",
    "actions": ["load"],
    "services": ["sqlite", "postgres", "mysql"],
    "placeholders": {"P_HOOK_MODULE": "hook", "P_HOOK_CLASS": "hook"},
    "defaults": {"hook": "airflow.providers.common.sql.hooks.sql:DbApiHook"},
    "connections": {"conn_id": ""},
    "distribution": "apache-airflow-providers-common-sql",
}


def load_rows_create_table(rows: list[dict], table: str, conn_id: str, empty_first: bool = False) -> int:
    """Insert `rows` into `table` and return how many; with `empty_first` the old rows go in the same run."""
    import json
    import re

    from P_HOOK_MODULE import P_HOOK_CLASS

    if rows is None:
        raise ValueError(f"no rows are given for {table}: connect the task that has them")
    if not rows:
        print(f"nothing to load into {table}")
        return 0
    columns = list(dict.fromkeys(key for row in rows for key in row))
    # Names cannot be bound as parameters, so only plain ones may enter the SQL text.
    for name in [table, *columns]:
        if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)?", name):
            raise ValueError(f"{name!r} is no plain table or column name")
    hook = P_HOOK_CLASS.get_hook(conn_id)

    def column_type(column: str) -> str:
        values = [row[column] for row in rows if row.get(column) is not None]
        if values and all(isinstance(value, int) and not isinstance(value, bool) for value in values):
            return "BIGINT"
        return (
            "DOUBLE PRECISION"
            if values and all(isinstance(value, int | float) for value in values)
            else "TEXT"
        )

    definition = ", ".join(f"{column} {column_type(column)}" for column in columns)
    hook.run(f"CREATE TABLE IF NOT EXISTS {table} ({definition})")
    if empty_first:
        hook.run(f"DELETE FROM {table}")
    # Nested values have no column type of their own: they are stored as JSON text.
    values = [
        [json.dumps(cell) if isinstance(cell, dict | list) else cell for cell in map(row.get, columns)]
        for row in rows
    ]
    hook.insert_rows(table=table, rows=values, target_fields=columns)
    return len(rows)
