RECIPE = {
    "description": "List the files of a folder that match a pattern.",
    "decorator": "task",
    "actions": ["extract"],
    "services": ["filesystem"],
}


def list_files(folder: str, pattern: str = "*", limit: int = 1000) -> list[str]:
    """Return the paths of the matching files, sorted."""
    from pathlib import Path

    paths = sorted(str(path) for path in Path(folder).glob(pattern) if path.is_file())
    # Each path becomes a task of its own further down; a wrong pattern must not start thousands.
    if len(paths) > limit:
        raise ValueError(f"{len(paths)} files match {pattern!r} in {folder}, more than {limit}")
    print(f"{len(paths)} files found")
    return paths
