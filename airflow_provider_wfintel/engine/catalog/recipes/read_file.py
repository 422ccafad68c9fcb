RECIPE = {
    "description": "Read a text file.",
    "decorator": "task",
    "actions": ["extract"],
    "services": ["filesystem"],
}


def read_file(path: str, limit: int = 1_000_000) -> str:
    """Return the text of the file at `path`; a file of more than `limit` bytes is too large for XCom."""
    from pathlib import Path

    file = Path(path)
    if file.stat().st_size > limit:
        raise ValueError(f"{path} has more than {limit} bytes")
    return file.read_text(encoding="utf-8")
