RECIPE = {
    "description": "Compress a file of the worker with gzip.",
    "decorator": "task",
    "actions": ["transform"],
    "services": ["filesystem"],
}


def gzip_file(path: str, target_path: str = "") -> str:
    """Compress the file at `path`, to the same name with `.gz` if no other is given; return the new path."""
    import gzip
    from pathlib import Path

    target = Path(target_path or f"{path}.gz")
    target.parent.mkdir(parents=True, exist_ok=True)
    # Written beside the target first, so that nobody sees half a file.
    part = target.with_name(target.name + ".part")
    with Path(path).open("rb") as source, gzip.open(part, "wb") as file:
        while block := source.read(1 << 20):
            file.write(block)
    part.replace(target)
    return str(target)
