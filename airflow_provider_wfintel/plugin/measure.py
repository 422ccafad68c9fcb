"""What a try cost and how it failed, as one line of the task's own log. Standard library only, no database, no network.

Airflow imports this in every task process. Measuring takes some system calls; whatever goes wrong is swallowed, since
monitoring must never make a task fail.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
import resource  # Airflow runs on POSIX systems only
import sys
import time
from types import TracebackType
from typing import Any

__all__ = ["MARK", "error_fingerprint", "measured_line", "report", "start"]

MARK = "wfintel.try"
"""The line begins with this word; what follows is one JSON object."""

log = logging.getLogger("airflow_provider_wfintel.try")

_STARTED: dict[str, tuple[float, float, dict[str, int]]] = {}
_MOST_STARTED = 8
_MOST_MESSAGE = 2000
# What differs between two sightings of one fault: addresses, quoted values, numbers.
_CHANGING = re.compile(r"0x[0-9a-fA-F]+|'[^']*'|\"[^\"]*\"|\d+")


def start(try_id: str) -> None:
    """Note time, processor time and I/O at the begin of a try. Never raises."""
    try:
        if len(_STARTED) >= _MOST_STARTED:
            _STARTED.clear()
        _STARTED.setdefault(try_id, (time.monotonic(), _processor_seconds(), _bytes()))
    except Exception:
        log.debug("a try cannot be measured", exc_info=True)


def report(item: Any, state: str, error: object = None) -> None:
    """Write the line of a try that has ended in this process. Never raises.

    Args:
        item: Airflow's task instance, of the Task SDK or of the database.
        state: how it ended.
        error: what the task raised, or Airflow's words for it.
    """
    try:
        log.info("%s %s", MARK, measured_line(item, state, error))
    except Exception:
        log.debug("a try cannot be reported", exc_info=True)


def measured_line(item: Any, state: str, error: object = None) -> str:
    """The JSON object of a try.

    `try_id`, `dag_id`, `run_id`, `task_id`, `map_index`, `try_number` and `state` say which try; `peak_rss_bytes` (the
    process and, apart, the largest of its children), `cpu_seconds` (children included), `wall_seconds`, `read_bytes`
    and `written_bytes` what it cost, as far as the system tells; `error_type` and `error_fingerprint` how it failed.
    The words of the error are not repeated: they may hold secrets and are in the log already.
    """
    try_id = str(getattr(item, "id", ""))
    began, used, before = _STARTED.pop(try_id, (None, 0.0, {}))
    data: dict[str, Any] = {
        "try_id": try_id,
        "dag_id": getattr(item, "dag_id", ""),
        "run_id": getattr(item, "run_id", ""),
        "task_id": getattr(item, "task_id", ""),
        "map_index": getattr(item, "map_index", -1),
        "try_number": getattr(item, "try_number", 0),
        "state": state,
    }
    if began is not None:
        data["wall_seconds"] = round(time.monotonic() - began, 3)
        data["cpu_seconds"] = round(_processor_seconds() - used, 3)
        data.update({name: value - before.get(name, 0) for name, value in _bytes().items()})
    data.update(_peaks())
    if error is not None:
        data["error_type"] = _type_name(error)
        data["error_fingerprint"] = error_fingerprint(error)
    return json.dumps(data, separators=(",", ":"), default=str)


def error_fingerprint(error: object) -> str:
    """Equal for two errors of one kind from one place: type, the message without values, and where it was raised.

    16 hexadecimal digits of a SHA-256.
    """
    words = _CHANGING.sub("#", str(error)[:_MOST_MESSAGE])
    where = _place(error.__traceback__) if isinstance(error, BaseException) else ""
    return hashlib.sha256("\n".join((_type_name(error), words, where)).encode()).hexdigest()[:16]


def _type_name(error: object) -> str:
    if not isinstance(error, BaseException):
        return "str"
    owner = type(error)
    return owner.__qualname__ if owner.__module__ == "builtins" else f"{owner.__module__}.{owner.__qualname__}"


def _place(trace: TracebackType | None) -> str:
    """File and function that raised; no line number, which changes with every edit of the file."""
    last = trace
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    if last is None:
        return ""
    code = last.tb_frame.f_code
    return f"{os.path.basename(code.co_filename)}:{code.co_name}"  # noqa: PTH119 - pathlib costs an import


def _processor_seconds() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _peaks() -> dict[str, int]:
    unit = 1 if sys.platform == "darwin" else 1024
    found = {"peak_rss_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit}
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * unit
    return {**found, "children_peak_rss_bytes": children} if children else found


def _bytes() -> dict[str, int]:
    """Bytes read from and written to storage so far; nothing where the system does not tell."""
    try:
        with open("/proc/self/io", "rb") as file:  # noqa: PTH123 - pathlib costs an import
            lines = dict(line.split(b": ") for line in file.read().splitlines())
        return {"read_bytes": int(lines[b"read_bytes"]), "written_bytes": int(lines[b"write_bytes"])}
    except (OSError, KeyError, ValueError):
        return {}
