RECIPE = {
    "description": "Send upstream records to a Kafka topic.",
    "decorator": "task",
    "actions": ["load", "notify"],
    "services": ["kafka"],
    "connections": {"conn_id": "kafka_default"},
    "distribution": "apache-airflow-providers-apache-kafka",
}


def produce_kafka_messages(rows: list, topic: str, conn_id: str = "kafka_default", key: str = "") -> int:
    """Send each of `rows` as JSON, keyed by its field `key`, wait for the broker and return how many."""
    import json

    from airflow.providers.apache.kafka.hooks.produce import KafkaProducerHook

    if rows is None:
        raise ValueError(f"no rows are given for {topic}: connect the task that has them")
    producer = KafkaProducerHook(kafka_config_id=conn_id).get_producer()
    for row in rows:
        message_key = str(row[key]) if key and isinstance(row, dict) and key in row else None
        producer.produce(topic, json.dumps(row, default=str).encode(), key=message_key)
        producer.poll(0)
    left = producer.flush(60)
    if left:
        raise RuntimeError(f"{left} of {len(rows)} messages did not reach {topic}")
    return len(rows)
