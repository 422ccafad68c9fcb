RECIPE = {
    "description": "Run a query and hand its rows on as records.",
    "decorator": "task",
    "actions": ["extract", "query"],
    "services": [],
    "placeholders": {"P_HOOK_MODULE": "hook", "P_HOOK_CLASS": "hook"},
    "defaults": {"hook": "airflow.providers.common.sql.hooks.sql:DbApiHook"},
    "connections": {"conn_id": ""},
    "distribution": "apache-airflow-providers-common-sql",
}


def query_rows(sql: str, conn_id: str, limit: int = 10000) -> list[dict]:
    """Return the rows of `sql` as records; more than `limit` is an error, since results travel as XCom."""
    from P_HOOK_MODULE import P_HOOK_CLASS

    def records(cursor) -> list[dict]:
        columns = [column[0] for column in cursor.description]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchmany(limit + 1)]

    rows = P_HOOK_CLASS.get_hook(conn_id).run(sql, handler=records)
    if len(rows) > limit:
        raise ValueError(f"the query returns more than {limit} rows: copy them with a transfer operator")
    # XCom holds JSON: dates, decimals and the like become text.
    plain = (str, int, float, bool, type(None))
    return [
        {key: value if isinstance(value, plain) else str(value) for key, value in row.items()} for row in rows
    ]
