"""Writing what a command answers: JSON for programs, in whole lines and whole files."""

from __future__ import annotations

import contextlib
import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from airflow_provider_wfintel.exceptions import RunError, TargetNotWritableError, UserInputError, WfIntelError

__all__ = ["EXIT_BAD_LINES", "as_known_error", "dump_json", "error_record", "line_writer", "output_folder", "safe_stem"]

EXIT_BAD_LINES = 3
"""Every line was worked through, and at least one of them was bad."""

_STEM = re.compile(r"[^\W_](?:[\w.\-]{0,118}[\w\-])?")


def dump_json(value: Any, *, indent: int | None = None) -> str:
    """JSON text with letters as they are."""
    return json.dumps(value, ensure_ascii=False, indent=indent)


def error_record(record_id: str, error: WfIntelError) -> dict[str, str]:
    """What stands in the output for a line that could not be worked with."""
    return {"id": record_id, "error": error.message, "error_type": error.error_type, "hint": error.hint}


def as_known_error(error: Exception) -> WfIntelError:
    """The error as one that a record can carry. A bug of ours in one line must not cost the other lines."""
    if isinstance(error, WfIntelError):
        return error
    said = f"{type(error).__name__}: {error}"
    return RunError(f"this text hit a bug: {said}", hint="please report it with the text")


@contextlib.contextmanager
def line_writer(path: str | None) -> Iterator[TextIO]:
    """A stream for JSON lines: stdout, or a file that appears only when all lines are written.

    Raises:
        TargetNotWritableError: the folder does not accept the file.
    """
    if path is None or path == "-":
        yield sys.stdout
        return
    target = Path(path)
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        if target.is_dir():
            raise TargetNotWritableError(f"{path!r} is a folder", hint="name a file")
        stream = partial.open("w", encoding="utf-8", errors="backslashreplace")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise TargetNotWritableError(
            f"cannot write {path!r}: {reason}", hint="name a file in a folder that exists"
        ) from error
    try:
        with stream:
            yield stream
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def output_folder(path: str) -> Path:
    """The folder to write into, made if it is not there.

    Raises:
        TargetNotWritableError: it cannot be made, or is a file.
    """
    folder = Path(path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise TargetNotWritableError(
            f"cannot make the folder {path!r}: {reason}", hint="name a folder that can be made"
        ) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise TargetNotWritableError(f"cannot write into {path!r}", hint="name a folder that this user may write to")
    return folder


def safe_stem(record_id: str) -> str:
    """The id as a file name without its ending.

    Raises:
        UserInputError: the id could leave the folder or is no usable file name.
    """
    if not _STEM.fullmatch(record_id):
        raise UserInputError(
            f"the id {record_id[:60]!r} cannot be a file name",
            hint="use letters, digits, '.', '_' and '-' (120 at most)",
        )
    return record_id
