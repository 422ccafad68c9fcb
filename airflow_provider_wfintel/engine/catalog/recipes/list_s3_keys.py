RECIPE = {
    "description": "List the keys of an S3 bucket under a prefix.",
    "decorator": "task",
    "actions": ["extract"],
    "services": ["amazon_s3"],
    "connections": {"conn_id": "aws_default"},
    "distribution": "apache-airflow-providers-amazon",
}


def list_s3_keys(
    bucket: str, prefix: str = "", pattern: str = "*", conn_id: str = "aws_default", limit: int = 1000
) -> list[str]:
    """Return the keys that match `pattern`, sorted; folders themselves are left out."""
    from fnmatch import fnmatch

    from airflow.providers.amazon.aws.hooks.s3 import S3Hook

    keys = S3Hook(aws_conn_id=conn_id).list_keys(bucket_name=bucket, prefix=prefix) or []
    found = sorted(key for key in keys if not key.endswith("/") and fnmatch(key.rsplit("/", 1)[-1], pattern))
    # Each key becomes a task of its own further down; a wrong prefix must not start thousands.
    if len(found) > limit:
        raise ValueError(f"{len(found)} keys match in {bucket}/{prefix}, more than {limit}")
    return found
