RECIPE = {
    "description": "Read the messages that wait in an SQS queue.",
    "decorator": "task",
    "actions": ["extract"],
    "services": ["amazon_sqs"],
    "connections": {"conn_id": "aws_default"},
    "distribution": "apache-airflow-providers-amazon",
}


def read_sqs_messages(
    queue_url: str, conn_id: str = "aws_default", limit: int = 1000, as_json: bool = False
) -> list:
    """Return the bodies of up to `limit` messages, decoded with `as_json`, and delete them from the queue."""
    import json

    from airflow.providers.amazon.aws.hooks.sqs import SqsHook

    client = SqsHook(aws_conn_id=conn_id).conn
    bodies: list = []
    while len(bodies) < limit:
        answer = client.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10, WaitTimeSeconds=2)
        messages = answer.get("Messages", [])
        if not messages:
            break
        for message in messages:
            bodies.append(json.loads(message["Body"]) if as_json else message["Body"])
            client.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
    print(f"{len(bodies)} messages read")
    return bodies
