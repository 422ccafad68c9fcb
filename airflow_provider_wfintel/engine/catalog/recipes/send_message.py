RECIPE = {
    "description": "Post a message to a chat or an alert service through its webhook.",
    "decorator": "task",
    "actions": ["notify"],
    "services": [],
    "connections": {"conn_id": ""},
    "distribution": "apache-airflow-providers-http",
}


def send_message(
    message: str, conn_id: str, endpoint: str = "", field: str = "text", value: object = None
) -> int:
    """Post `message`, the upstream `value` below it, in the JSON field `field`; return the HTTP status."""
    from airflow.providers.http.hooks.http import HttpHook

    text = message if value is None else f"{message}\n{value}"
    hook = HttpHook(method="POST", http_conn_id=conn_id)
    return hook.run(endpoint, json={field: text}, extra_options={"timeout": 30}).status_code
