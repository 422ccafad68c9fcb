RECIPE = {
    "description": "Write records to a DynamoDB table.",
    "decorator": "task",
    "actions": ["load"],
    "services": ["amazon_dynamodb"],
    "connections": {"conn_id": "aws_default"},
    "distribution": "apache-airflow-providers-amazon",
}


def put_dynamodb_items(
    rows: list[dict], table: str, conn_id: str = "aws_default", key_columns: list[str] | None = None
) -> int:
    """Write `rows` and return how many; of rows with the same `key_columns` the last one stays."""
    import json
    from decimal import Decimal

    from airflow.providers.amazon.aws.hooks.dynamodb import DynamoDBHook

    # DynamoDB takes no floats, only decimals.
    items = json.loads(json.dumps(rows, default=str), parse_float=Decimal)
    DynamoDBHook(aws_conn_id=conn_id, table_name=table, table_keys=key_columns).write_batch_data(items)
    return len(items)
