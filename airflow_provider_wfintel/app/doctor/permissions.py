"""May this process write our tables, and read and write the files and folders that are configured?"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from airflow_provider_wfintel.app.doctor.line import Check, Line, Scene, fail, ok

__all__ = ["CHECK", "of_paths"]


def of_paths(scene: Scene, logs: Path) -> Iterator[Line]:
    """A line for each configured path that cannot be used as it must be.

    Args:
        scene: what is configured.
        logs: the folder of task logs.
    """
    settings = scene.settings
    for option, path in (
        ("alerts_file", settings.alerts_file),
        ("remedy_policy_file", settings.remedy_policy_file),
        ("services_folder", settings.services_folder),
    ):
        if path is not None and not os.access(path, os.R_OK):
            yield fail(f"[wfintel] {option} {str(path)!r} cannot be read", f"make it readable for {_user()}")
    for option, folder in (
        ("dags_save_folder", settings.dags_save_folder),
        ("the folder of plan_file", settings.plan_file.parent if settings.plan_file else None),
        ("the folder of task logs", logs),
    ):
        if folder is not None and not (folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)):
            yield fail(f"{option} {str(folder)!r} is no folder that can be written", f"make it one for {_user()}")


def _user() -> str:
    return f"the user with the number {os.getuid()}" if hasattr(os, "getuid") else "this user"


def _look(scene: Scene) -> Iterator[Line]:
    from airflow.providers.common.compat.sdk import conf

    from airflow_provider_wfintel.store.health import may_write

    lines = list(of_paths(scene, Path(conf.get("logging", "base_log_folder"))))
    if scene.may_write:
        with scene.sessions() as session:
            refusal = may_write(session)
        if refusal:
            fix = "let the database user of sql_alchemy_conn INSERT, UPDATE and DELETE in all wfintel_ tables"
            lines.append(fail(f"our tables cannot be written ({refusal})", fix))
    yield from lines or [ok("tables, files and folders can be used")]


CHECK = Check("permissions", _look)
