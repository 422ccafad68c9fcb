RECIPE = {
    "description": "Delete the objects of an S3 bucket that are old enough.",
    "decorator": "task",
    "actions": ["delete"],
    "services": ["amazon_s3", "minio"],
    "connections": {"conn_id": "aws_default"},
    "distribution": "apache-airflow-providers-amazon",
}


def delete_old_s3_objects(
    bucket: str, older_than_days: float, prefix: str = "", conn_id: str = "aws_default"
) -> int:
    """Delete every object of `bucket` under `prefix` not changed for `older_than_days` days; return how many."""
    from datetime import datetime, timedelta, timezone

    from airflow.providers.amazon.aws.hooks.s3 import S3Hook

    hook = S3Hook(aws_conn_id=conn_id)
    limit = datetime.now(timezone.utc) - timedelta(days=older_than_days)
    keys = hook.list_keys(bucket, prefix=prefix, to_datetime=limit) or []
    # The API takes a thousand keys at once.
    for start in range(0, len(keys), 1000):
        hook.delete_objects(bucket, keys[start : start + 1000])
    print(f"{len(keys)} objects deleted from {bucket}")
    return len(keys)
