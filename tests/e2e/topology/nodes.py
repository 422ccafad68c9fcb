"""Processes that can be killed like a machine: with all that they have started, at once and without a farewell."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

__all__ = ["Node"]


@dataclass
class Node:
    """One process of a deployment, which may be started again.

    Attributes:
        name: a word for people; its log has this name.
        command: the program and its arguments.
        folder: where its log is.
        environment: all of its environment.
    """

    name: str
    command: Sequence[str]
    folder: Path
    environment: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None

    @classmethod
    def python(cls, name: str, arguments: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Node:
        """A node that runs `python -m …`."""
        return cls(name, [sys.executable, "-m", *arguments], folder, environment)

    @property
    def log(self) -> Path:
        return self.folder / f"{self.name}.log"

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        with self.log.open("ab") as stream:
            self.process = subprocess.Popen(
                list(self.command), env=dict(self.environment), cwd=self.folder, stdin=subprocess.DEVNULL,
                stdout=stream, stderr=stream, start_new_session=True,
            )  # fmt: skip

    def kill(self) -> None:
        """SIGKILL for the process and everything that it has started, by their numbers."""
        for process in self._family():
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        if self.process is not None:
            self.process.wait(30)

    def stop(self) -> None:
        """SIGTERM, and SIGKILL for what is left after some seconds."""
        family = self._family()
        if self.process is not None and self.alive:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.process.pid, signal.SIGTERM)
        until = time.monotonic() + 15
        while self.alive and time.monotonic() < until:
            time.sleep(0.2)
        for process in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        if self.process is not None:
            self.process.wait(30)

    def _family(self) -> list[psutil.Process]:
        if self.process is None:
            return []
        try:
            first = psutil.Process(self.process.pid)
            # Children first would give their parents time to start new ones.
            return [first, *first.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []
