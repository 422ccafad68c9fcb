RECIPE = {
    "description": "Read JSON records from a public address, without a connection.",
    "decorator": "task",
    "actions": ["extract"],
    "services": ["http"],
}


def fetch_json_url(url: str, query: dict | None = None, items_key: str = "") -> list[dict]:
    """Return the records behind `url`; `items_key` names the key that holds them."""
    import requests

    response = requests.get(url, params=query, timeout=60)
    response.raise_for_status()
    page = response.json()
    found = page.get(items_key, []) if items_key and isinstance(page, dict) else page
    records = found if isinstance(found, list) else [found]
    print(f"{len(records)} records read")
    return records
