"""Use case: learn how DAG files are written here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from airflow_provider_wfintel.engine.generation.service import learn_style
from airflow_provider_wfintel.engine.model import HouseStyle
from airflow_provider_wfintel.exceptions import UserInputError

__all__ = ["style_of_folder"]

_MOST_FILES = 2000
_LARGEST_FILE = 500_000


def style_of_folder(folder: Path) -> HouseStyle:
    """The style of the DAG files in a folder and its subfolders; files are read, never run.

    At most 2,000 files count, in the order of their names; files over 500,000 bytes and those that are no text do not.

    Raises:
        UserInputError: there is no such folder, or it holds no Python file.
    """
    if not folder.is_dir():
        raise UserInputError(f"{str(folder)!r} is no folder", hint="name the folder that holds your DAG files")
    sources = list(_sources(folder))
    if not sources:
        raise UserInputError(f"{str(folder)!r} holds no Python file", hint="name the folder that holds your DAG files")
    return learn_style(sources)


def _sources(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*.py"))[:_MOST_FILES]:
        try:
            if path.is_file() and path.stat().st_size <= _LARGEST_FILE:
                yield path.read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            continue
