"""Child processes of the demo: each in a process group of its own, all ended when the demo ends."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from airflow_provider_wfintel.exceptions import RunError

__all__ = ["Child", "Crew", "ends_on_signals", "log_tail"]

STOP_SECONDS = 25.0
TAIL_LINES = 25


def log_tail(path: Path, lines: int = TAIL_LINES) -> str:
    """The last lines of a log file."""
    with contextlib.suppress(OSError):
        return "\n".join(path.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
    return ""


@contextlib.contextmanager
def ends_on_signals() -> Iterator[None]:
    """Make SIGTERM and SIGHUP end the block as Ctrl-C does, so that no process stays behind. For the main thread."""

    def leave(*_: object) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, leave) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@dataclass(frozen=True, slots=True)
class Child:
    """One process that the demo started, and the file that it logs to."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self.process.poll() is None


@dataclass(slots=True)
class Crew:
    """All processes of the demo. Leaving the `with` block ends every one of them and what they started.

    Attributes:
        folder: the working directory of the processes.
        logs: the folder of their log files.
        environment: their environment.
    """

    folder: Path
    logs: Path
    environment: Mapping[str, str]
    children: list[Child] = field(default_factory=list)

    def __enter__(self) -> Crew:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self, name: str, arguments: Sequence[str]) -> Child:
        """Start `python -m …` in the background."""
        log = self.logs / f"{name}.log"
        with log.open("ab") as stream:
            process = subprocess.Popen(  # noqa: S603 - our own interpreter, arguments from our own code
                [sys.executable, "-m", *arguments],
                cwd=self.folder,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        child = Child(name, process, log)
        self.children.append(child)
        return child

    def run(self, name: str, arguments: Sequence[str], *, timeout: float) -> None:
        """Run `python -m …` to its end.

        Raises:
            RunError: it failed, or took longer than `timeout` seconds.
        """
        child = self.start(name, arguments)
        try:
            status = child.process.wait(timeout)
        except subprocess.TimeoutExpired as error:
            raise RunError(f"{name} took longer than {timeout:.0f} s\n{log_tail(child.log)}") from error
        self.children.remove(child)
        if status != 0:
            raise RunError(f"{name} ended with status {status}\n{log_tail(child.log)}", hint=f"see {child.log}")

    def ask(self, arguments: Sequence[str], *, timeout: float) -> tuple[int, str]:
        """Run `python -m …` to its end and give its exit status and what it said on stdout.

        Raises:
            RunError: it took longer than `timeout` seconds.
        """
        try:
            done = subprocess.run(  # noqa: S603 - our own interpreter, arguments from our own code
                [sys.executable, "-m", *arguments],
                cwd=self.folder,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=timeout,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise RunError(f"{' '.join(arguments)} took longer than {timeout:.0f} s") from error
        return done.returncode, done.stdout or done.stderr[-2000:]

    def check(self) -> None:
        """Make sure that everything that was started still runs.

        Raises:
            RunError: a process ended; the error holds the end of its log.
        """
        for child in self.children:
            if not child.alive:
                status = child.process.returncode
                raise RunError(
                    f"{child.name} ended with status {status}\n{log_tail(child.log)}", hint=f"see {child.log}"
                )

    def stop(self) -> None:
        """End all processes: ask first, then force; also what they started and did not end themselves."""
        import psutil

        descendants: list[Any] = []
        for child in self.children:
            with contextlib.suppress(psutil.Error):
                descendants += psutil.Process(child.process.pid).children(recursive=True)
        self._signal(signal.SIGTERM)
        self._await_end(time.monotonic() + STOP_SECONDS)
        self._signal(signal.SIGKILL)
        for child in self.children:
            child.process.wait()
        _kill_left_over(descendants)
        self.children.clear()

    def _signal(self, number: signal.Signals) -> None:
        for child in self.children:
            # The group outlives its leader while a member runs, and its number is not given away before that.
            if child.alive or number == signal.SIGKILL:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(child.process.pid, number)

    def _await_end(self, until: float) -> None:
        while any(child.alive for child in self.children) and time.monotonic() < until:
            time.sleep(0.1)


def _kill_left_over(descendants: Iterable[Any]) -> None:
    """End what a child started in a process group of its own, as bash tasks do."""
    import psutil

    for process in descendants:
        with contextlib.suppress(psutil.Error):
            if process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
                process.kill()
                process.wait(5)
