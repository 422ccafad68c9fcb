RECIPE = {
    "description": "Copy a file to another path.",
    "decorator": "task",
    "actions": ["copy"],
    "services": ["filesystem"],
}


def copy_file(path: str, target_path: str) -> str:
    """Copy the file at `path` to `target_path` and return that path."""
    from pathlib import Path

    target = Path(target_path)
    target.parent.mkdir(parents=True, exist_ok=True)
    # Written beside the target first, so that nobody sees half a file.
    part = target.with_name(target.name + ".part")
    part.write_bytes(Path(path).read_bytes())
    part.replace(target)
    return str(target)
