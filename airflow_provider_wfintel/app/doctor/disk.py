"""Is there room left where logs, generated DAGs and temporary files go?"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from airflow_provider_wfintel.app.doctor.line import Check, Line, Scene, fail, ok, warn

__all__ = ["CHECK", "of_room"]

_FAIL_BYTES = 200 * 1024**2
_WARN_BYTES = 1024**3
_WARN_SHARE = 0.02


def of_room(what: str, free: int, total: int) -> Line:
    """The line about one file system, in bytes."""
    said = f"{free / 1024**3:.1f} of {total / 1024**3:.1f} GiB are free for {what}"
    fix = "delete old logs (`airflow db clean`, log rotation) or add room"
    if free < _FAIL_BYTES:
        return fail(said, fix)
    return warn(said, fix) if free < _WARN_BYTES or free < _WARN_SHARE * total else ok(said)


def _look(scene: Scene) -> Iterator[Line]:
    by_device: dict[int, tuple[list[str], Path]] = {}
    for what, path in _places(scene).items():
        if path.exists():
            by_device.setdefault(path.stat().st_dev, ([], path))[0].append(what)
    for names, path in by_device.values():
        usage = shutil.disk_usage(path)
        yield of_room(", ".join(names), usage.free, usage.total)


def _places(scene: Scene) -> Mapping[str, Path]:
    from airflow.providers.common.compat.sdk import conf
    from sqlalchemy import make_url

    places = {"task logs": Path(conf.get("logging", "base_log_folder")), "temporary files": Path(tempfile.gettempdir())}
    if scene.settings.dags_save_folder is not None:
        places["generated DAGs"] = scene.settings.dags_save_folder
    url = make_url(conf.get("database", "sql_alchemy_conn"))
    if url.get_backend_name() == "sqlite" and url.database:
        places["the database"] = Path(url.database).parent
    return places


CHECK = Check("disk", _look, needs_database=False)
