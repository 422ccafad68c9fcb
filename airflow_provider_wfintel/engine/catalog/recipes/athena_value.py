RECIPE = {
    "description": "Read the one value that an Athena query returned.",
    "decorator": "task",
    "actions": ["query"],
    "services": ["amazon_athena"],
    "connections": {"conn_id": "aws_default"},
    "distribution": "apache-airflow-providers-amazon",
}


def athena_value(query_execution_id: str, conn_id: str = "aws_default") -> object:
    """Return the first value of the result of a finished query, as a number if it is one; None for no row."""
    from airflow.providers.amazon.aws.hooks.athena import AthenaHook

    answer = AthenaHook(aws_conn_id=conn_id).get_query_results(query_execution_id, max_results=2)
    if answer is None:
        raise ValueError(f"the Athena query {query_execution_id} has no result to read")
    # The first row holds the names of the columns.
    rows = answer["ResultSet"]["Rows"][1:]
    text = rows[0]["Data"][0].get("VarCharValue") if rows else None
    try:
        return float(text) if "." in text else int(text)
    except (TypeError, ValueError):
        return text
