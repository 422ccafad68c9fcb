RECIPE = {
    "description": "Read the messages that wait in a Kafka topic.",
    "decorator": "task",
    "actions": ["extract"],
    "services": ["kafka"],
    "connections": {"conn_id": "kafka_default"},
    "distribution": "apache-airflow-providers-apache-kafka",
}


def read_kafka_messages(
    topic: str,
    conn_id: str = "kafka_default",
    limit: int = 1000,
    wait_seconds: float = 10,
    as_json: bool = False,
) -> list:
    """Return up to `limit` messages as text, or decoded with `as_json`, and commit what was read."""
    import json

    from airflow.providers.apache.kafka.hooks.consume import KafkaConsumerHook

    consumer = KafkaConsumerHook([topic], kafka_config_id=conn_id).get_consumer()
    found: list = []
    try:
        while len(found) < limit:
            messages = consumer.consume(num_messages=min(100, limit - len(found)), timeout=wait_seconds)
            if not messages:
                break
            for message in messages:
                if message.error():
                    raise RuntimeError(f"{topic}: {message.error()}")
                text = message.value().decode("utf-8", "replace")
                found.append(json.loads(text) if as_json else text)
        if found:
            consumer.commit(asynchronous=False)
    finally:
        consumer.close()
    print(f"{len(found)} messages read")
    return found
