RECIPE = {
    "description": "List the files of a folder on an FTP server.",
    "decorator": "task",
    "actions": ["extract"],
    "services": ["ftp"],
    "connections": {"conn_id": "ftp_default"},
    "distribution": "apache-airflow-providers-ftp",
}


def list_ftp_files(
    folder: str, pattern: str = "*", conn_id: str = "ftp_default", limit: int = 1000
) -> list[str]:
    """Return the full paths of the files that match `pattern`, sorted."""
    from fnmatch import fnmatch

    from airflow.providers.ftp.hooks.ftp import FTPHook

    with FTPHook(ftp_conn_id=conn_id) as hook:
        names = [name.rsplit("/", 1)[-1] for name in hook.list_directory(folder)]
    found = sorted(f"{folder.rstrip('/')}/{name}" for name in names if fnmatch(name, pattern))
    # Each file becomes a task of its own further down; a wrong pattern must not start thousands.
    if len(found) > limit:
        raise ValueError(f"{len(found)} files match {pattern!r} in {folder}, more than {limit}")
    return found
