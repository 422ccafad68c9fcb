RECIPE = {
    "description": "Uncompress a gzip file of the worker.",
    "decorator": "task",
    "actions": ["transform"],
    "services": ["filesystem"],
}


def gunzip_file(path: str, target_path: str = "") -> str:
    """Uncompress the gzip file at `path`, to the same name without `.gz` if no other is given; return the new path."""
    import gzip
    from pathlib import Path

    target = Path(target_path or path.removesuffix(".gz"))
    if target == Path(path):
        raise ValueError(f"{path} does not end in .gz: a name for the uncompressed file is needed")
    target.parent.mkdir(parents=True, exist_ok=True)
    # Written beside the target first, so that nobody sees half a file.
    part = target.with_name(target.name + ".part")
    with gzip.open(path, "rb") as source, part.open("wb") as file:
        while block := source.read(1 << 20):
            file.write(block)
    part.replace(target)
    return str(target)
