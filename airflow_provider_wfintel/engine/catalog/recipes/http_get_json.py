RECIPE = {
    "description": "Read JSON records from an HTTP API, page after page if it has pages.",
    "decorator": "task",
    "actions": ["extract", "query"],
    "services": ["http"],
    "connections": {"conn_id": "http_default"},
    "distribution": "apache-airflow-providers-http",
}


def http_get_json(
    endpoint: str,
    conn_id: str = "http_default",
    query: dict | None = None,
    headers: dict | None = None,
    items_key: str = "",
    next_key: str = "",
) -> list[dict]:
    """Return the records behind `endpoint`; `items_key` holds them, `next_key` the next page's address."""
    from urllib.parse import urlsplit

    from airflow.providers.http.hooks.http import HttpHook

    hook = HttpHook(method="GET", http_conn_id=conn_id)
    records: list[dict] = []
    while endpoint:
        page = hook.run(endpoint, data=query, headers=headers, extra_options={"timeout": 60}).json()
        found = page.get(items_key, []) if items_key and isinstance(page, dict) else page
        records.extend(found if isinstance(found, list) else [found])
        following = page.get(next_key) if next_key and isinstance(page, dict) else None
        # The next page is often given as a whole address: the host is that of the connection.
        parts = urlsplit(following or "")
        endpoint, query = (f"{parts.path}?{parts.query}" if parts.query else parts.path), None
    print(f"{len(records)} records read")
    return records
