"""A child process for code that is not ours: it ends, with all that it started, when the caller is done with it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

__all__ = ["run_child"]


def run_child(
    script: Path, arguments: Sequence[str], *, home: Path, environment: Mapping[str, str], timeout: float
) -> tuple[int | None, str]:
    """Run a Python file of ours in a process group of its own and wait at most `timeout` seconds.

    Args:
        script: the file.
        arguments: its arguments.
        home: the folder that it works in; what it says on standard error is kept there in `stderr.txt`.
        environment: all of its environment variables.
        timeout: seconds after which it is stopped.

    Returns:
        Its exit status, None if it was stopped, and what it said on standard error.
    """
    log = home / "stderr.txt"
    with log.open("wb") as errors:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own file
            [sys.executable, str(script), *arguments],
            cwd=home,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            start_new_session=True,
        )
        try:
            code: int | None = process.wait(timeout)
        except subprocess.TimeoutExpired:
            code = None
        finally:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    return code, log.read_text(encoding="utf-8", errors="replace")
