RECIPE = {
    "description": "Give for each file the arguments of the transfer that copies it.",
    "decorator": "task",
    "actions": ["copy"],
    "services": [],
}


def file_arguments(paths: list[str], source: str, target: str, folder: str = "") -> list[dict]:
    """Return for each path the argument `source` with the path and `target` with its name in `folder`."""
    names = [path.rstrip("/").rsplit("/", 1)[-1] for path in paths]
    doubled = sorted({name for name in names if names.count(name) > 1})
    # Two files of one name would overwrite each other without a word.
    if doubled:
        raise ValueError(f"several files are called alike: {doubled[:3]}")
    return [{source: path, target: f"{folder}{name}"} for path, name in zip(paths, names, strict=True)]
