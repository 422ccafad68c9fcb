"""A file system over the real one: what is there is read, what is missing is made up, what is written goes to a folder.

A DAG reads and writes paths such as `/data/in/orders.csv` that this machine does not have. Paths outside Python's own
folders and the folder of the trial are led into that folder. Nothing outside it is changed.
"""

from __future__ import annotations

import builtins
import bz2
import contextlib
import io
import os
import shutil
import sys
import sysconfig
import tarfile
from pathlib import Path
from typing import Any

from airflow_provider_wfintel.host.trial.recorder import Recorder
from airflow_provider_wfintel.host.trial.samples import SAMPLES, TABLE, sample_of

__all__ = ["SAMPLES", "Overlay"]

_LISTED = ("sample_1.csv", "sample_2.csv", "sample_1.json", "sample_1.txt", "sample_1.parquet", "sample_1.xml")
_WRITING = set("wax+")


class Overlay:
    """Patches the functions by which Python opens, lists, moves and removes files, while a task runs."""

    def __init__(self, recorder: Recorder, home: Path) -> None:
        self.recorder, self.root = recorder, str(home / "files")
        self.active = False
        self.mentioned: tuple[str, ...] = ()
        """The paths among the arguments of the task that runs."""
        self._work = str(home / "work")
        self._real = {name: getattr(os, name) for name in _OS}
        self._open = builtins.open
        real = {sys.prefix, sys.base_prefix, *sysconfig.get_paths().values(), *(part for part in sys.path if part)}
        self._kept = tuple(
            os.path.abspath(part) for part in (*real, str(home), "/proc", "/dev", "/usr", "/etc", "/sys")
        )

    def install(self) -> None:
        """Put the functions in place; they do nothing special until `active` is set."""
        builtins.open = io.open = self._opened  # type: ignore[assignment]
        # They keep the function that they saw when they were imported.
        tarfile.bltn_open = bz2._builtin_open = self._opened  # type: ignore[attr-defined]
        for name in _OS:
            setattr(os, name, self._wrapped(name))

    def mention(self, values: Any) -> None:
        """Take the paths out of the arguments of a task: only they are made up if they are missing."""
        found: list[str] = []
        _texts(values, found)
        paths = (text.removeprefix("file://") for text in found if "/" in text or "." in text)
        self.mentioned = tuple(
            {os.path.abspath(path) for path in paths if len(path) < 1000 and "\n" not in path} - {"/"}
        )

    def _path(self, path: Any, *, writes: bool = False) -> str | None:
        """The place in the folder of the trial, or None if the path is to be taken as it is."""
        if not self.active or not isinstance(path, str | os.PathLike) or isinstance(os.fspath(path), bytes):
            return None
        text = os.path.abspath(os.fspath(path))
        if not _under(text, self._work) and any(_under(text, part) for part in self._kept):
            return None
        if writes or self._exists(self.root + text):
            return self.root + text
        return self.root + text if any(_under(text, item) or _under(item, text) for item in self.mentioned) else None

    def _exists(self, path: str) -> bool:
        try:
            self._real["stat"](path)
        except OSError:
            return False
        return True

    def _provide(self, path: str, *, folder: bool = False) -> None:
        """Have something at this place of the trial's folder: the real thing, or a sample."""
        if self._exists(path):
            return
        origin, active = path[len(self.root) :], self.active
        self.active = False
        try:
            target = Path(path)
            if self._exists(origin) and os.path.isfile(origin):
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(origin, path)
            elif folder or (not target.suffix and not self._exists(origin)):
                target.mkdir(parents=True, exist_ok=True)
                for name in _LISTED if self.recorder.has_rows else ():
                    (target / name).write_text(SAMPLES.get(Path(name).suffix, TABLE), encoding="utf-8")
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(sample_of(target.name))
        finally:
            self.active = active

    def _opened(self, file: Any, mode: str = "r", *args: Any, **keywords: Any) -> Any:
        writes = bool(_WRITING & set(mode))
        moved = self._path(file, writes=writes)
        if moved is None:
            return self._open(file, mode, *args, **keywords)
        self.recorder.add("local", "files", "write" if writes else "read", str(file))
        if "w" in mode or "x" in mode:
            with contextlib.suppress(FileExistsError):
                self._real["makedirs"](os.path.dirname(moved), exist_ok=True)
        else:
            self._provide(moved)
        return self._open(moved, mode, *args, **keywords)

    def _wrapped(self, name: str) -> Any:
        real = self._real[name]

        def call(path: Any = ".", *args: Any, **keywords: Any) -> Any:
            if any(keywords.get(item) is not None for item in ("dir_fd", "src_dir_fd")):
                return real(path, *args, **keywords)  # A name within a folder that is open: it was led there already.
            moved = self._path(path, writes=name not in ("stat", "lstat", "listdir", "scandir"))
            if moved is None:
                return real(path, *args, **keywords)
            if name in ("listdir", "scandir"):
                self.recorder.add("local", "files", "list", str(path))
                self._provide(moved, folder=True)
            elif name in ("stat", "lstat"):
                if not self._exists(moved):
                    # What the DAG asks for is there; a file that it may write next is made then.
                    self._provide(moved)
            elif name in ("mkdir", "makedirs"):
                self.recorder.add("local", "files", name, str(path))
                if self._exists(moved):
                    return None
                self._real["makedirs"](moved, exist_ok=True)
                return None
            else:
                self.recorder.add("local", "files", name, str(path), args)
                self._provide(moved)
                args = tuple(self._target(item) for item in args)
            return real(moved, *args, **keywords)

        return call

    def _target(self, path: Any) -> Any:
        moved = self._path(path, writes=True)
        if moved is None:
            return path
        self._real["makedirs"](os.path.dirname(moved), exist_ok=True)
        return moved


_OS = (
    "stat",
    "lstat",
    "listdir",
    "scandir",
    "mkdir",
    "makedirs",
    "remove",
    "unlink",
    "rename",
    "replace",
    "rmdir",
    "chmod",
    "utime",
)


def _under(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _texts(value: Any, found: list[str], depth: int = 0) -> None:
    if isinstance(value, str):
        found.append(value)
    elif depth < 4 and isinstance(value, dict | list | tuple):
        for item in value.values() if isinstance(value, dict) else value:
            _texts(item, found, depth + 1)
