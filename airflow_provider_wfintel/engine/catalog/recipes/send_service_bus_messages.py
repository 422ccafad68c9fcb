RECIPE = {
    "description": "Send upstream records to an Azure Service Bus queue.",
    "decorator": "task",
    "actions": ["load", "notify"],
    "services": ["azure_service_bus"],
    "connections": {"conn_id": "azure_service_bus_default"},
    "distribution": "apache-airflow-providers-microsoft-azure",
}


def send_service_bus_messages(rows: list, queue: str, conn_id: str = "azure_service_bus_default") -> int:
    """Send each of `rows` as JSON and return how many."""
    import json

    from airflow.providers.microsoft.azure.hooks.asb import MessageHook

    if rows is None:
        raise ValueError(f"no rows are given for {queue}: connect the task that has them")
    messages = [json.dumps(row, default=str) for row in rows]
    MessageHook(azure_service_bus_conn_id=conn_id).send_message(queue_name=queue, messages=messages)
    return len(messages)
