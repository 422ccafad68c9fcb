RECIPE = {
    "description": "Post a message to Microsoft Teams through the webhook of a workflow.",
    "decorator": "task",
    "actions": ["notify"],
    "services": ["microsoft_teams"],
    "connections": {"conn_id": "microsoft_teams_default"},
    "distribution": "apache-airflow-providers-http",
}


def send_teams_message(
    message: str, conn_id: str = "microsoft_teams_default", endpoint: str = "", value: object = None
) -> int:
    """Post `message`, the upstream `value` below it, as an adaptive card; return the HTTP status."""
    from airflow.providers.http.hooks.http import HttpHook

    text = message if value is None else f"{message}\n\n{value}"
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [{"type": "TextBlock", "text": text, "wrap": True}],
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
    hook = HttpHook(method="POST", http_conn_id=conn_id)
    payload = {"type": "message", "attachments": [attachment]}
    return hook.run(endpoint, json=payload, extra_options={"timeout": 30}).status_code
