RECIPE = {
    "description": "Delete the files of a folder that match a pattern, if they are old enough.",
    "decorator": "task",
    "actions": ["delete"],
    "services": ["filesystem"],
}


def delete_files(folder: str, pattern: str, older_than_days: float = 0) -> int:
    """Delete matching files that have not changed for `older_than_days` days and return how many."""
    import time
    from pathlib import Path

    latest = time.time() - older_than_days * 86400
    paths = [path for path in Path(folder).glob(pattern) if path.is_file() and path.stat().st_mtime <= latest]
    for path in paths:
        path.unlink()
    print(f"{len(paths)} files deleted in {folder}")
    return len(paths)
