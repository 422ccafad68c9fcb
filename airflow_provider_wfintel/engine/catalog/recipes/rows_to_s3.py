RECIPE = {
    "description": "Write records to an S3 object as CSV or JSON lines.",
    "decorator": "task",
    "actions": ["load", "copy"],
    "services": ["amazon_s3"],
    "connections": {"conn_id": "aws_default"},
    "distribution": "apache-airflow-providers-amazon",
}


def rows_to_s3(rows: list[dict], bucket: str, key: str, conn_id: str = "aws_default") -> str:
    """Write `rows` in the form that the ending of `key` asks for and return the key."""
    import csv
    import io
    import json

    from airflow.providers.amazon.aws.hooks.s3 import S3Hook

    if rows is None:
        raise ValueError(f"no rows are given for {key}: connect the task that has them")
    records = rows if all(isinstance(row, dict) for row in rows) else [{"value": row} for row in rows]
    if key.endswith(".csv"):
        buffer = io.StringIO()
        writer = csv.DictWriter(
            buffer, list(dict.fromkeys(name for row in records for name in row)), lineterminator="\n"
        )
        writer.writeheader()
        writer.writerows(records)
        text = buffer.getvalue()
    else:
        # One JSON object per line: what query engines read without further ado.
        text = "".join(json.dumps(row, ensure_ascii=False, default=str) + "\n" for row in records)
    S3Hook(aws_conn_id=conn_id).load_string(text, key=key, bucket_name=bucket, replace=True)
    return key
