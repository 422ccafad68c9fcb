RECIPE = {
    "description": "Move a file into another folder.",
    "decorator": "task",
    "actions": ["copy", "load"],
    "services": ["filesystem"],
}


def move_file(path: str, folder: str) -> str:
    """Move the file at `path` into `folder`, also across disks, and return its new path."""
    from pathlib import Path

    source, target = Path(path), Path(folder) / Path(path).name
    target.parent.mkdir(parents=True, exist_ok=True)
    # Written beside the target first, so that nobody sees half a file.
    part = target.with_name(target.name + ".part")
    part.write_bytes(source.read_bytes())
    part.replace(target)
    source.unlink()
    return str(target)
