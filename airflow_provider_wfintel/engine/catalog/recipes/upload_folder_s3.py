RECIPE = {
    "description": "Upload the files of a folder of the worker to an S3 bucket.",
    "decorator": "task",
    "actions": ["copy"],
    "services": ["filesystem"],
    "connections": {"conn_id": "aws_default"},
    "distribution": "apache-airflow-providers-amazon",
}


def upload_folder_s3(folder: str, bucket: str, prefix: str = "", conn_id: str = "aws_default") -> list[str]:
    """Upload all files below `folder` under `prefix`, by their path within the folder, and return the keys."""
    from pathlib import Path

    from airflow.providers.amazon.aws.hooks.s3 import S3Hook

    files = sorted(path for path in Path(folder).rglob("*") if path.is_file())
    if not files:
        raise FileNotFoundError(f"{folder} has no files to upload")
    hook = S3Hook(aws_conn_id=conn_id)
    keys = [f"{prefix}{path.relative_to(folder).as_posix()}" for path in files]
    for path, key in zip(files, keys, strict=True):
        hook.load_file(str(path), key=key, bucket_name=bucket, replace=True)
    return keys
