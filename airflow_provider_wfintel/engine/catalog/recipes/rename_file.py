RECIPE = {
    "description": "Give a file of the worker another name.",
    "decorator": "task",
    "actions": ["transform", "copy"],
    "services": ["filesystem"],
}


def rename_file(path: str, target_path: str) -> str:
    """Rename the file at `path`; a name without a folder stays in the folder of the file. Return the new path."""
    from pathlib import Path

    source = Path(path)
    target = Path(target_path) if "/" in target_path else source.with_name(target_path)
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.parent == target.parent:
        source.replace(target)
        return str(target)
    # Another folder may be on another disk; written beside the target first, so that nobody sees half a file.
    part = target.with_name(target.name + ".part")
    with source.open("rb") as read, part.open("wb") as file:
        while block := read.read(1 << 20):
            file.write(block)
    part.replace(target)
    source.unlink()
    return str(target)
