RECIPE = {
    "description": "Read the rows that an Athena query returned.",
    "decorator": "task",
    "actions": ["extract"],
    "services": ["amazon_athena"],
    "connections": {"conn_id": "aws_default"},
    "distribution": "apache-airflow-providers-amazon",
}


def athena_rows(query_execution_id: str, conn_id: str = "aws_default", limit: int = 10000) -> list[dict]:
    """Return the rows of a finished query as records; the values are text, as Athena gives them."""
    from airflow.providers.amazon.aws.hooks.athena import AthenaHook

    hook = AthenaHook(aws_conn_id=conn_id)
    pages = hook.get_query_results_paginator(query_execution_id, max_items=limit + 2)
    if pages is None:
        raise ValueError(f"the Athena query {query_execution_id} has no result to read")
    found = [row["Data"] for page in pages for row in page["ResultSet"]["Rows"]]
    rows = [[cell.get("VarCharValue") for cell in row] for row in found]
    # Rows go from task to task as XCom; a large result stays in S3.
    if len(rows) > limit + 1:
        raise ValueError(f"the Athena query {query_execution_id} returned more than {limit} rows")
    # The first row holds the names of the columns.
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
