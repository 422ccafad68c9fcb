RECIPE = {
    "description": "Load one CSV file into a table, which is created from the header if it is missing.",
    "decorator": "task",
    "actions": ["load", "copy"],
    "services": [],
    "placeholders": {"P_HOOK_MODULE": "hook", "P_HOOK_CLASS": "hook"},
    "defaults": {"hook": "airflow.providers.common.sql.hooks.sql:DbApiHook"},
    "connections": {"conn_id": ""},
    "distribution": "apache-airflow-providers-common-sql",
}


def load_csv_file(
    path: str, table: str, conn_id: str, delimiter: str = ",", create_table: bool = True
) -> int:
    """Insert the rows of the file at `path` into `table` and return how many."""
    import csv
    import re
    from pathlib import Path

    from P_HOOK_MODULE import P_HOOK_CLASS

    def typed(text: str) -> int | float | str | None:
        if text == "":
            return None
        # A leading zero means a code, not a number.
        if re.fullmatch(r"-?(0|[1-9]\d{0,17})", text):
            return int(text)
        return float(text) if re.fullmatch(r"-?\d{1,15}\.\d+", text) else text

    with Path(path).open(newline="", encoding="utf-8-sig") as file:
        reader = csv.reader(file, delimiter=delimiter)
        columns = [re.sub(r"\W+", "_", name.strip(), flags=re.ASCII) for name in next(reader, [])]
        rows = [[typed(cell) for cell in row] for row in reader if row]
    # Names cannot be bound as parameters, so only plain ones may enter the SQL text.
    for name in [table, *columns]:
        if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)?", name):
            raise ValueError(f"{path}: {name!r} is no plain table or column name")
    if not rows:
        print(f"{path} has no rows")
        return 0
    hook = P_HOOK_CLASS.get_hook(conn_id)
    if create_table:

        def column_type(index: int) -> str:
            values = [row[index] for row in rows if index < len(row) and row[index] is not None]
            if values and all(isinstance(value, int) for value in values):
                return "BIGINT"
            numbers = values and all(isinstance(value, int | float) for value in values)
            return "DOUBLE PRECISION" if numbers else "TEXT"

        definition = ", ".join(f"{name} {column_type(index)}" for index, name in enumerate(columns))
        hook.run(f"CREATE TABLE IF NOT EXISTS {table} ({definition})")
    hook.insert_rows(table=table, rows=rows, target_fields=columns)
    return len(rows)
