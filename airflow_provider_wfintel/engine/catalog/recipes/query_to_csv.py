RECIPE = {
    "description": "Write the result of a query to a CSV file of the worker.",
    "decorator": "task",
    "actions": ["extract", "copy"],
    "services": [],
    "placeholders": {"P_HOOK_MODULE": "hook", "P_HOOK_CLASS": "hook"},
    "defaults": {"hook": "airflow.providers.common.sql.hooks.sql:DbApiHook"},
    "connections": {"conn_id": ""},
    "distribution": "apache-airflow-providers-common-sql",
}


def query_to_csv(sql: str, path: str, conn_id: str, delimiter: str = ",") -> str:
    """Write the rows of `sql` with a header line to `path` and return it; `.gz` at its end compresses it."""
    import csv
    import gzip
    from contextlib import closing
    from pathlib import Path

    from P_HOOK_MODULE import P_HOOK_CLASS

    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    # Written beside the target first, so that nobody sees half a file.
    part = target.with_name(target.name + ".part")
    opened = gzip.open(part, "wt", newline="", encoding="utf-8") if path.endswith(".gz") else None
    hook = P_HOOK_CLASS.get_hook(conn_id)
    with closing(hook.get_conn()) as connection, closing(connection.cursor()) as cursor:
        cursor.execute(sql)
        with opened or part.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, delimiter=delimiter, lineterminator="\n")
            writer.writerow([column[0] for column in cursor.description])
            while rows := cursor.fetchmany(1000):
                writer.writerows(rows)
    part.replace(target)
    return path
