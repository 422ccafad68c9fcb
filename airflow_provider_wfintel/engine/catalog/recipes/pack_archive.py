RECIPE = {
    "description": "Pack a file or a folder of the worker into a zip or tar archive.",
    "decorator": "task",
    "actions": ["transform"],
    "services": ["filesystem"],
}


def pack_archive(path: str, target_path: str = "") -> str:
    """Pack the file or folder at `path` into `target_path` (`.zip`, `.tar`, `.tar.gz`, `.tgz`) and return its path."""
    import tarfile
    import zipfile
    from pathlib import Path

    source = Path(path)
    target = Path(target_path or f"{path.rstrip('/')}.tar.gz")
    if not source.exists():
        raise FileNotFoundError(f"{source} is not there: nothing to pack")
    target.parent.mkdir(parents=True, exist_ok=True)
    # Written beside the target first, so that nobody sees half an archive.
    part = target.with_name(target.name + ".part")
    files = sorted(file for file in source.rglob("*") if file.is_file()) if source.is_dir() else [source]
    names = [(file, file.relative_to(source.parent)) for file in files if file not in (part, target)]
    if target.suffix == ".zip":
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
            for file, name in names:
                archive.write(file, name)
    else:
        with tarfile.open(part, "w:gz" if target.suffix in (".gz", ".tgz") else "w") as archive:
            for file, name in names:
                archive.add(file, name)
    part.replace(target)
    return str(target)
