RECIPE = {
    "description": "Store a text or an upstream result as an S3 object.",
    "decorator": "task",
    "actions": ["load"],
    "services": ["amazon_s3"],
    "connections": {"conn_id": "aws_default"},
    "distribution": "apache-airflow-providers-amazon",
}


def put_s3_object(value: object, bucket: str, key: str, conn_id: str = "aws_default") -> str:
    """Store `value`, anything but text as JSON, and return the key."""
    import json

    from airflow.providers.amazon.aws.hooks.s3 import S3Hook

    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    S3Hook(aws_conn_id=conn_id).load_string(text, key=key, bucket_name=bucket, replace=True)
    return key
