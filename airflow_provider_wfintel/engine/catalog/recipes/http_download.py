RECIPE = {
    "description": "Save what an HTTP address returns as a file.",
    "decorator": "task",
    "actions": ["extract", "copy"],
    "services": ["http"],
    "connections": {"conn_id": "http_default"},
    "distribution": "apache-airflow-providers-http",
}


def http_download(endpoint: str, path: str, conn_id: str = "http_default", query: dict | None = None) -> str:
    """Write the answer to `path`, chunk by chunk, and return the path."""
    from pathlib import Path

    from airflow.providers.http.hooks.http import HttpHook

    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    hook = HttpHook(method="GET", http_conn_id=conn_id)
    response = hook.run(endpoint, data=query, extra_options={"stream": True, "timeout": 300})
    # A reader of the target never sees half a file.
    part = target.with_name(target.name + ".part")
    with part.open("wb") as file:
        for chunk in response.iter_content(chunk_size=1 << 20):
            file.write(chunk)
    part.replace(target)
    return str(target)
