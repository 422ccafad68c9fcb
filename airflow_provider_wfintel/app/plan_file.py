"""The plan file of the cluster policy: entries of DAGs are put in and taken out, and the file is never half-written."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from airflow_provider_wfintel.exceptions import TargetNotWritableError, UserInputError

__all__ = ["entries", "put_entry", "take_entry"]

_VERSION = 1


def entries(path: Path) -> dict[str, Any]:
    """The entries of the file by DAG id; none if there is no file.

    Raises:
        UserInputError: it is no plan file. It is left as it is.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        raise UserInputError(f"the plan {str(path)!r} cannot be read: {error}", hint="mend or remove it") from error
    if not isinstance(data, dict) or data.get("version") != _VERSION or not isinstance(data.get("dags"), dict):
        raise UserInputError(f"{str(path)!r} is no plan of version {_VERSION}", hint="mend or remove it")
    return dict(data["dags"])


def put_entry(path: Path, dag_id: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    """Put the entry of a DAG into the file, in the place of an earlier one; returns what was written.

    What the DAG file says (`was`) is taken over from the earlier entry for values that it had set: by now Airflow shows
    the value of that plan.

    Raises:
        UserInputError: the file is no plan file.
        TargetNotWritableError: it cannot be written.
    """
    known = entries(path)
    merged = json.loads(json.dumps(entry))
    for name, values in known.get(dag_id, {}).get("tasks", {}).items():
        for field, change in values.items():
            new = merged.get("tasks", {}).get(name, {}).get(field)
            if new is None:
                continue
            new.pop("was", None)
            if "was" in change:
                new["was"] = change["was"]
    _write(path, {**known, dag_id: merged})
    return dict(merged)


def take_entry(path: Path, dag_id: str) -> bool:
    """Take the entry of a DAG out of the file; False if there is none.

    Raises:
        UserInputError: the file is no plan file.
        TargetNotWritableError: it cannot be written.
    """
    known = entries(path)
    if dag_id not in known:
        return False
    _write(path, {name: entry for name, entry in known.items() if name != dag_id})
    return True


def _write(path: Path, dags: Mapping[str, Any]) -> None:
    text = json.dumps({"version": _VERSION, "dags": dict(sorted(dags.items()))}, indent=1) + "\n"
    try:
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, suffix=".new", delete=False) as file:
            file.write(text)
        Path(file.name).chmod(0o644)
        Path(file.name).replace(path)
    except OSError as error:
        raise TargetNotWritableError(
            f"the plan {str(path)!r} cannot be written: {error.strerror}", hint="see [wfintel] plan_file"
        ) from error
