RECIPE = {
    "description": "Read the messages that wait in a Kafka topic.",
    "decorator": "task",
    "actions": ["extract"],
    "services": ["kafka"],
    "connections": {"conn_id": "kafka_default"},
    "distribution": "apache-airflow-providers-apache-kafka",
}


def read_kafka_messages(
    topic: str, conn_id: str = "kafka_default", limit: int = 1000, wait_seconds: float = 10
) -> list[str]:
    """Return up to `limit` messages as text and commit what was read."""
    from airflow.providers.apache.kafka.hooks.consume import KafkaConsumerHook

    consumer = KafkaConsumerHook([topic], kafka_config_id=conn_id).get_consumer()
    texts: list[str] = []
    try:
        while len(texts) < limit:
            messages = consumer.consume(num_messages=min(100, limit - len(texts)), timeout=wait_seconds)
            if not messages:
                break
            for message in messages:
                if message.error():
                    raise RuntimeError(f"{topic}: {message.error()}")
                texts.append(message.value().decode("utf-8", "replace"))
        if texts:
            consumer.commit(asynchronous=False)
    finally:
        consumer.close()
    print(f"{len(texts)} messages read")
    return texts
