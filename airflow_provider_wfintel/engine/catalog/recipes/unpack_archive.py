RECIPE = {
    "description": "Unpack a zip or tar archive into a folder, without leaving it.",
    "decorator": "task",
    "actions": ["transform", "extract"],
    "services": ["filesystem"],
}


def unpack_archive(path: str, folder: str = "", pattern: str = "*") -> list[str]:
    """Unpack the archive at `path` into `folder` (beside it if empty); return the files whose names match."""
    import tarfile
    import zipfile
    from pathlib import Path

    target = Path(folder or Path(path).parent).resolve()
    target.mkdir(parents=True, exist_ok=True)
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            names = [entry.filename for entry in archive.infolist() if not entry.is_dir()]
            # An entry such as "../../etc/passwd" must not be written where it wants to.
            outside = [name for name in names if not (target / name).resolve().is_relative_to(target)]
            if outside:
                raise ValueError(f"{path} has entries outside of its folder: {outside[:3]}")
            archive.extractall(target)
    else:
        with tarfile.open(path) as archive:
            names = [entry.name for entry in archive.getmembers() if entry.isfile()]
            archive.extractall(target, filter="data")
    return sorted(str(target / name) for name in names if Path(name).match(pattern))
