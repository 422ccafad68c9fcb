RECIPE = {
    "description": "Move the objects under a prefix of an S3 bucket to another place.",
    "decorator": "task",
    "actions": ["copy"],
    "services": ["amazon_s3", "minio"],
    "connections": {"conn_id": "aws_default"},
    "distribution": "apache-airflow-providers-amazon",
}


def move_s3_objects(
    bucket: str,
    target_bucket: str,
    prefix: str = "",
    target_prefix: str = "",
    conn_id: str = "aws_default",
) -> int:
    """Copy every object under `prefix`, which may hold wildcards, then delete it; return how many were moved."""
    from airflow.providers.amazon.aws.hooks.s3 import S3Hook

    hook = S3Hook(aws_conn_id=conn_id)
    keys = hook.list_keys(bucket, prefix=prefix, apply_wildcard="*" in prefix) or []
    folder = prefix.split("*")[0].rpartition("/")[0]
    for key in keys:
        if key.endswith("/"):
            continue
        name = key[len(folder) :].lstrip("/")
        target = f"{target_prefix.rstrip('/')}/{name}" if target_prefix else name
        hook.copy_object(key, target, source_bucket_name=bucket, dest_bucket_name=target_bucket)
        # One by one: an object that arrives meanwhile is not deleted uncopied.
        hook.delete_objects(bucket, key)
    print(f"{len(keys)} objects moved from {bucket} to {target_bucket}")
    return len(keys)
