"""The child of `dag_import`: run as a script, never imported by the package.

Arguments: the DAG file, the file for the result, seconds, MiB.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from pathlib import Path
from types import FrameType
from typing import Any

_BLOCKED = {
    "os.system",
    "os.exec",
    "os.fork",
    "os.forkpty",
    "os.posix_spawn",
    "os.spawn",
    "os.kill",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.mkdir",
    "os.chmod",
    "os.chown",
    "os.link",
    "os.symlink",
    "os.truncate",
    "os.putenv",
    "shutil.rmtree",
    "shutil.move",
    "pty.spawn",
    "subprocess.Popen",
    "ctypes.dlopen",
    "urllib.Request",
    "webbrowser.open",
}
_NEVER = {"socket.connect", "socket.bind", "socket.sendto", "ftplib.connect", "smtplib.connect"}


def limit(seconds: int, mebibytes: int) -> None:
    """Set limits on CPU time, memory, file size and open files of this process."""
    import resource

    for kind, value in (
        (resource.RLIMIT_CPU, seconds + 5),
        (resource.RLIMIT_AS, mebibytes << 20),
        (resource.RLIMIT_FSIZE, 16 << 20),
        (resource.RLIMIT_NOFILE, 512),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        resource.setrlimit(kind, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


class Guard:
    """Stops and records what a DAG file does beyond describing DAGs while it is imported."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.active = False
        self.events: list[str] = []

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        """The audit hook."""
        if not self.active:
            return
        writes = event == "open" and _is_writing(arguments)
        if event not in _NEVER and event not in _BLOCKED and not writes:
            return
        if event not in _NEVER and not self._by_dag_file():
            return
        self.events.append(f"{event} {str(arguments)[:120]}")
        raise PermissionError(f"{event} is not allowed while a DAG file is imported")

    def _by_dag_file(self) -> bool:
        """Whether the DAG file's own code caused the event, not the import of a library."""
        frame: FrameType | None = sys._getframe(2)
        while frame is not None:
            name = frame.f_code.co_filename
            if name == self.path:
                return True
            if name.startswith("<frozen importlib"):
                return False
            frame = frame.f_back
        return False


def _is_writing(arguments: tuple[Any, ...]) -> bool:
    mode = arguments[1] if len(arguments) > 1 else "r"
    flags = arguments[2] if len(arguments) > 2 else 0
    if isinstance(mode, str):
        return any(letter in mode for letter in "wax+")
    return bool(isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR))


def inspect(path: str, guard: Guard) -> dict[str, Any]:
    """Import the file, serialize its DAGs and read them back."""
    from airflow.dag_processing.dagbag import DagBag
    from airflow.serialization.serialized_objects import DagSerialization

    logging.disable(logging.CRITICAL)
    guard.active = True
    bag = DagBag(dag_folder=path, safe_mode=False, load_op_links=False, bundle_name="wfintel")
    guard.active = False
    serialize_errors = []
    task_ids = []
    for dag_id, dag in bag.dags.items():
        task_ids.extend(dag.task_ids)
        try:
            DagSerialization.from_dict(json.loads(json.dumps(DagSerialization.to_dict(dag))))
        except Exception as error:  # whatever Airflow raises is the finding
            serialize_errors.append(f"{dag_id}: {type(error).__name__}: {error}"[:500])
    return {
        "import_errors": [str(text) for text in bag.import_errors.values()],
        "serialize_errors": serialize_errors,
        "dag_ids": sorted(bag.dags),
        "task_ids": task_ids,
        "events": guard.events,
    }


def main(arguments: list[str]) -> int:
    """Write the result as JSON; the exit status is 0 whenever there is one."""
    path, result, seconds, mebibytes = arguments
    # The folder of this script must not hide modules of the same name.
    sys.path[:] = [part for part in sys.path if part != str(Path(__file__).resolve().parent)]
    limit(int(seconds), int(mebibytes))
    guard = Guard(path)
    sys.addaudithook(guard)
    found = inspect(path, guard)
    Path(result).write_text(json.dumps(found), encoding="utf-8")
    return 0


if __name__ == "__main__":
    status = main(sys.argv[1:])
    sys.stderr.flush()
    os._exit(status)  # no exit handlers: they may belong to the file that was imported
