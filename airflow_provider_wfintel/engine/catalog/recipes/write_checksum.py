RECIPE = {
    "description": "Write the checksum of a file of the worker beside it.",
    "decorator": "task",
    "actions": ["transform"],
    "services": ["filesystem"],
}


def write_checksum(path: str, checksum_path: str = "", algorithm: str = "sha256") -> str:
    """Write the checksum of the file at `path` as `sha256sum` does, to `path` with its name added; return where."""
    import hashlib
    from pathlib import Path

    digest = hashlib.new(algorithm)
    with Path(path).open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    target = Path(checksum_path or f"{path}.{algorithm}")
    target.write_text(f"{digest.hexdigest()}  {Path(path).name}\n", encoding="utf-8")
    return str(target)
