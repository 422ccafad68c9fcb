"""`only_if_changed`: a gate around the function of a task that does nothing while its input files are the same."""

from __future__ import annotations

import functools
import hashlib
import json
import logging
import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from types import CodeType
from typing import Any, TypeVar

__all__ = ["only_if_changed"]

log = logging.getLogger(__name__)

F = TypeVar("F", bound=Callable[..., Any])
_CHUNK = 1 << 20


def only_if_changed(*, reads: Sequence[str], writes: Sequence[str]) -> Callable[[F], F]:
    """Call a function only if what it works on, or what it is, is not as it was when it last succeeded.

    What is compared: the contents of the files that it reads, its compiled code, its arguments, plain values of its
    module that it uses, and that the files that it writes are still as it left them. Functions that it calls are not
    compared. The task succeeds either way, so that tasks behind it run.

    Args:
        reads: files that it reads; if one is missing, the function is called and has to say so.
        writes: files that it writes. Beside the first, a file `.NAME.inputs.json` keeps the checksums.

    Returns:
        A decorator. A function that returns anything is called every time, since nobody knows what it would return.

    Raises:
        ValueError: no file is named.
    """
    if not reads or not writes or isinstance(reads, str) or isinstance(writes, str):
        raise ValueError("only_if_changed needs lists of files: reads=[…], writes=[…]")
    kept = Path(writes[0]).with_name(f".{Path(writes[0]).name}.inputs.json")

    def decorate(function: F) -> F:
        @functools.wraps(function)
        def gate(*args: Any, **kwargs: Any) -> Any:
            inputs = _inputs(function, args, kwargs, reads)
            if inputs is not None and _known(kept) == {"inputs": inputs, "outputs": _checksums(writes)}:
                log.info("nothing to do: %s and the code are as they were when %s was written", list(reads), writes[0])
                return None
            result = function(*args, **kwargs)
            # Inputs that changed while the function ran were perhaps not seen by it.
            if result is None and inputs is not None and inputs == _inputs(function, args, kwargs, reads):
                _keep(kept, {"inputs": inputs, "outputs": _checksums(writes)})
            return result

        return gate  # type: ignore[return-value]

    return decorate


def _inputs(function: Callable[..., Any], args: Any, kwargs: Any, reads: Sequence[str]) -> str | None:
    """One checksum of all that goes in; None if that cannot be said."""
    files = _checksums(reads)
    code = getattr(function, "__code__", None)
    if code is None or None in files.values() or getattr(function, "__closure__", None):
        return None
    around = getattr(function, "__globals__", {})
    plain = {name: value for name in code.co_names if _is_plain(value := around.get(name))}
    try:
        told = json.dumps([files, _told(code), plain, args, kwargs], sort_keys=True)
    except (TypeError, ValueError):
        return None
    return hashlib.sha256(told.encode()).hexdigest()


def _told(code: CodeType) -> list[Any]:
    """What a piece of compiled code does, the same in every process: its instructions, names and constants."""
    return [
        code.co_code.hex(),
        list(code.co_names),
        list(code.co_varnames),
        [_constant(item) for item in code.co_consts],
    ]


def _constant(value: object) -> Any:
    if isinstance(value, CodeType):
        return _told(value)
    # The order of a set differs between processes.
    return sorted(map(repr, value)) if isinstance(value, frozenset) else repr(value)


def _is_plain(value: object) -> bool:
    if isinstance(value, list | tuple):
        return all(map(_is_plain, value))
    if isinstance(value, dict):
        return all(isinstance(key, str) and _is_plain(item) for key, item in value.items())
    return isinstance(value, str | int | float | bool)


def _checksums(paths: Sequence[str]) -> dict[str, str | None]:
    return {path: _checksum(path) for path in paths}


def _checksum(path: str) -> str | None:
    found = hashlib.sha256()
    try:
        with Path(path).open("rb") as file:
            while chunk := file.read(_CHUNK):
                found.update(chunk)
    except OSError:
        return None
    return found.hexdigest()


def _known(kept: Path) -> Any:
    try:
        found = json.loads(kept.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) and None not in dict(found.get("outputs") or {"": None}).values() else None


def _keep(kept: Path, values: dict[str, Any]) -> None:
    """Write the checksums at once or not at all; a folder that cannot be written to only means work next time."""
    try:
        handle, partial = tempfile.mkstemp(dir=kept.parent, prefix=kept.name)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(values, file)
        Path(partial).replace(kept)
    except OSError as error:
        log.warning("the checksums cannot be kept in %s (%s): the work is done again next time", kept, error)
