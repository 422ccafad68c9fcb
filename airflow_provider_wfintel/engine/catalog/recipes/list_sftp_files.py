RECIPE = {
    "description": "List the files of a folder on an SFTP server.",
    "decorator": "task",
    "actions": ["extract"],
    "services": ["sftp"],
    "connections": {"conn_id": "sftp_default"},
    "distribution": "apache-airflow-providers-sftp",
}


def list_sftp_files(
    folder: str, pattern: str = "*", conn_id: str = "sftp_default", limit: int = 1000
) -> list[str]:
    """Return the full paths of the files that match `pattern`, sorted."""
    from airflow.providers.sftp.hooks.sftp import SFTPHook

    names = SFTPHook(ssh_conn_id=conn_id).get_files_by_pattern(folder, pattern)
    # Each file becomes a task of its own further down; a wrong pattern must not start thousands.
    if len(names) > limit:
        raise ValueError(f"{len(names)} files match {pattern!r} in {folder}, more than {limit}")
    return sorted(f"{folder.rstrip('/')}/{name}" for name in names)
