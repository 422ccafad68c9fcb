RECIPE = {
    "description": "Save what a public address returns as a file, without a connection.",
    "decorator": "task",
    "actions": ["extract", "copy"],
    "services": ["http"],
}


def download_url(url: str, path: str) -> str:
    """Write the answer to `path`, chunk by chunk, and return the path."""
    from pathlib import Path

    import requests

    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    # A reader of the target never sees half a file.
    part = target.with_name(target.name + ".part")
    with requests.get(url, stream=True, timeout=300) as response, part.open("wb") as file:
        response.raise_for_status()
        for chunk in response.iter_content(chunk_size=1 << 20):
            file.write(chunk)
    part.replace(target)
    return str(target)
