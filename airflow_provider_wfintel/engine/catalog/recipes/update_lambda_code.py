RECIPE = {
    "description": "Put new code from S3 into a Lambda function that exists.",
    "decorator": "task",
    "actions": ["trigger", "load"],
    "services": ["aws_lambda"],
    "connections": {"conn_id": "aws_default"},
    "distribution": "apache-airflow-providers-amazon",
}


def update_lambda_code(function: str, bucket: str, key: str, conn_id: str = "aws_default") -> str:
    """Publish the archive at `bucket`/`key` as a new version of `function`, wait for it and return its number."""
    from airflow.providers.amazon.aws.hooks.lambda_function import LambdaHook

    client = LambdaHook(aws_conn_id=conn_id).conn
    answer = client.update_function_code(FunctionName=function, S3Bucket=bucket, S3Key=key, Publish=True)
    client.get_waiter("function_updated_v2").wait(FunctionName=function)
    return answer["Version"]
