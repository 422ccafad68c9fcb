"""Run-time values of tasks in the plan file that the cluster policy reads: set and dropped, one writer at a time."""

from __future__ import annotations

import fcntl
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from airflow_provider_wfintel.exceptions import UserInputError

__all__ = ["PlanValues"]

_EMPTY: dict[str, Any] = {"version": 1, "dags": {}}
_NAME = "remedies"


class PlanValues:
    """The file that `[wfintel] plan_file` names, in the form of `policies/run_time_plan.py`.

    It must be on a file system that the dag-processor and the workers see under the same path. A value that was set
    before keeps what the DAG file said then as its `was`, also if that was nothing, so that raising twice does not lose
    the beginning.

    Args:
        path: the file; None: the deployment has none, and nothing can be set.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path

    def get(self, dag_id: str, task_id: str) -> dict[str, dict[str, Any]]:
        """What is set for a task, by field. Nothing if there is no file or it cannot be read."""
        try:
            data = self._read() if self._path else _EMPTY
        except UserInputError:
            return {}
        found = data["dags"].get(dag_id, {}).get("tasks", {}).get(task_id, {})
        return dict(found) if isinstance(found, dict) else {}

    def set(self, dag_id: str, task_id: str, field: str, value: object, was: object) -> None:
        """Set a value.

        Raises:
            UserInputError: there is no plan file, it cannot be written, or it is none.
        """
        with self._changing() as data:
            dag = data["dags"].setdefault(dag_id, {"plan": _NAME})
            entry = dag.setdefault("tasks", {}).setdefault(task_id, {})
            before = entry.get(field, {})
            guard = before.get("was") if before else was
            entry[field] = {"set": value} if guard is None else {"set": value, "was": guard}

    def drop(self, dag_id: str, task_id: str, field: str) -> bool:
        """Take a value out; False if it was not set.

        Raises:
            UserInputError: see `set`.
        """
        with self._changing() as data:
            dag = data["dags"].get(dag_id, {})
            tasks = dag.get("tasks", {})
            found = tasks.get(task_id, {}).pop(field, None) is not None
            if not tasks.get(task_id, True):
                del tasks[task_id]
            if dag and not tasks and not set(dag) - {"plan", "tasks"}:
                del data["dags"][dag_id]
        return found

    @contextmanager
    def _changing(self) -> Iterator[dict[str, Any]]:
        if self._path is None:
            raise UserInputError(
                "the deployment has no run-time plan", hint="set [wfintel] plan_file to a file that all components see"
            )
        try:
            with self._path.with_name(f"{self._path.name}.lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                data = self._read()
                yield data
                self._write(data)
        except OSError as error:
            raise UserInputError(
                f"the plan {str(self._path)!r} cannot be written: {error.strerror or error}",
                hint="see that the api-server may write the folder of [wfintel] plan_file",
            ) from error

    def _read(self) -> dict[str, Any]:
        assert self._path is not None  # noqa: S101 - the callers have asked
        try:
            data = json.loads(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return json.loads(json.dumps(_EMPTY))  # type: ignore[no-any-return]
        except (OSError, ValueError) as error:
            raise UserInputError(f"the plan {str(self._path)!r} cannot be read: {error}", hint="mend it") from error
        if not isinstance(data, dict) or data.get("version") != 1 or not isinstance(data.get("dags"), dict):
            raise UserInputError(f"{str(self._path)!r} is no plan of version 1", hint="mend it")
        return data

    def _write(self, data: dict[str, Any]) -> None:
        assert self._path is not None  # noqa: S101
        handle, name = tempfile.mkstemp(dir=self._path.parent, prefix=f".{self._path.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                json.dump(data, stream, indent=1, sort_keys=True)
                stream.flush()
                os.fsync(stream.fileno())
            # Other components read it under other users.
            Path(name).chmod(0o644)
            Path(name).replace(self._path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
