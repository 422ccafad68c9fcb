RECIPE = {
    "description": "Send an upstream value or a fixed body as JSON to an HTTP API.",
    "decorator": "task",
    "actions": ["load", "notify", "trigger"],
    "services": ["http", "webhook"],
    "connections": {"conn_id": "http_default"},
    "distribution": "apache-airflow-providers-http",
}


def http_post_json(
    payload: object,
    endpoint: str = "",
    conn_id: str = "http_default",
    method: str = "POST",
    headers: dict | None = None,
) -> int:
    """Send `payload` and return the HTTP status."""
    import json

    from airflow.providers.http.hooks.http import HttpHook

    hook = HttpHook(method=method, http_conn_id=conn_id)
    response = hook.run(
        endpoint,
        data=json.dumps(payload, default=str),
        headers={"Content-Type": "application/json", **(headers or {})},
        extra_options={"timeout": 60},
    )
    return response.status_code
