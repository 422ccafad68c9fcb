RECIPE = {
    "description": "Store a text or an upstream result as an S3 object.",
    "decorator": "task",
    "actions": ["load"],
    "services": ["amazon_s3"],
    "connections": {"conn_id": "aws_default"},
    "distribution": "apache-airflow-providers-amazon",
}


def put_s3_object(value: object, bucket: str, key: str, conn_id: str = "aws_default") -> str:
    """Store `value`, anything but text as JSON (lines of it under a `.jsonl` key), and return the key."""
    import json

    from airflow.providers.amazon.aws.hooks.s3 import S3Hook

    def as_text(item: object) -> str:
        return item if isinstance(item, str) else json.dumps(item, ensure_ascii=False, default=str)

    lines = isinstance(value, list) and key.endswith((".jsonl", ".ndjson"))
    text = "".join(f"{as_text(item)}\n" for item in value) if lines else as_text(value)
    S3Hook(aws_conn_id=conn_id).load_string(text, key=key, bucket_name=bucket, replace=True)
    return key
