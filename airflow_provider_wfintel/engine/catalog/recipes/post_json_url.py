RECIPE = {
    "description": "Send an upstream value or a fixed body as JSON to an address, without a connection.",
    "decorator": "task",
    "actions": ["load", "notify", "trigger"],
    "services": ["http", "webhook"],
}


def post_json_url(url: str, payload: object) -> int:
    """Send `payload` and return the HTTP status."""
    import json

    import requests

    response = requests.post(
        url,
        data=json.dumps(payload, default=str),
        headers={"Content-Type": "application/json"},
        timeout=60,
    )
    response.raise_for_status()
    return response.status_code
