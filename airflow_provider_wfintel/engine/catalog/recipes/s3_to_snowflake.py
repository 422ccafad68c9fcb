RECIPE = {
    "description": "Load objects of S3 into a Snowflake table by way of the table's own stage.",
    "decorator": "task",
    "actions": ["copy"],
    "services": ["snowflake"],
    "connections": {"conn_id": "snowflake_default", "s3_conn_id": "aws_default"},
    "distribution": "apache-airflow-providers-snowflake",
}


def s3_to_snowflake(
    bucket: str,
    key: str,
    table: str,
    file_format: str = "(TYPE = CSV SKIP_HEADER = 1)",
    by_name: bool = False,
    conn_id: str = "snowflake_default",
    s3_conn_id: str = "aws_default",
) -> int:
    """Load the object `key`, or all objects whose keys begin with it or match its `*`, and return how many they were.

    With `by_name`, columns are matched by the names in the files.
    """
    import tempfile
    from pathlib import Path

    from airflow.providers.amazon.aws.hooks.s3 import S3Hook
    from airflow.providers.snowflake.hooks.snowflake import SnowflakeHook

    store = S3Hook(aws_conn_id=s3_conn_id)
    found = store.list_keys(bucket_name=bucket, prefix=key, apply_wildcard="*" in key) or []
    keys = [key] if key in found else [item for item in found if not item.endswith("/")]
    if not keys:
        raise FileNotFoundError(f"nothing in {bucket} begins with {key!r}")
    schema, _, name = table.rpartition(".")
    stage = f"@{schema}.%{name}" if schema else f"@%{name}"
    # A new folder of the stage for every load: what another run put there is not loaded twice.
    with tempfile.TemporaryDirectory() as folder:
        stage = f"{stage}/{Path(folder).name}"
        statements = []
        for number, item in enumerate(keys):
            path = Path(folder) / f"{number}-{Path(item).name}"
            body = store.get_conn().get_object(Bucket=bucket, Key=item)["Body"]
            with path.open("wb") as file:
                while part := body.read(1 << 20):
                    file.write(part)
            statements.append(f"PUT 'file://{path}' '{stage}' AUTO_COMPRESS = FALSE")
        matched = " MATCH_BY_COLUMN_NAME = CASE_INSENSITIVE" if by_name else ""
        statements.append(
            f"COPY INTO {table} FROM '{stage}' FILE_FORMAT = {file_format}{matched} PURGE = TRUE"
        )
        SnowflakeHook(snowflake_conn_id=conn_id).run(statements)
    return len(keys)
