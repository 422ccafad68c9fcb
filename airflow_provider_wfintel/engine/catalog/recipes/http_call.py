RECIPE = {
    "description": "Call an HTTP API of a service that has no provider of its own.",
    "decorator": "task",
    "actions": ["extract", "load", "trigger", "query", "notify", "delete"],
    "services": ["http"],
    "connections": {"conn_id": "http_default"},
    "distribution": "apache-airflow-providers-http",
}


def http_call(
    endpoint: str,
    conn_id: str = "http_default",
    method: str = "GET",
    payload: object = None,
    headers: dict | None = None,
) -> object:
    """Send the request, `payload` as JSON, and return the JSON answer, or its text."""
    from airflow.providers.http.hooks.http import HttpHook

    hook = HttpHook(method=method, http_conn_id=conn_id)
    body = {} if payload is None else {"json": payload}
    response = hook.run(endpoint, headers=headers, extra_options={"timeout": 60}, **body)
    if "json" in response.headers.get("Content-Type", ""):
        return response.json()
    return response.text
