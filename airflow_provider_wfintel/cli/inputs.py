"""Reading what a command is given: one text, a file, stdin, or JSON lines; and a deployment's context."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from airflow_provider_wfintel.exceptions import InputTooLargeError, NotTextError, UserInputError, WfIntelError

if TYPE_CHECKING:
    from airflow_provider_wfintel.engine.model import DeploymentContext

__all__ = [
    "Record",
    "add_catalog_argument",
    "add_text_arguments",
    "catalog_folder",
    "read_context",
    "read_records",
    "read_text",
    "single_text",
    "with_style",
]

MAX_BYTES = 4_000_000
"""More than this is not even read; the engine's own limit for a description is far lower."""


@dataclass(frozen=True, slots=True)
class Record:
    """One line of a JSON lines input: its id and text, or the error that makes it useless.

    `repeated` tells that an earlier line has the same id, so that nothing must be written under it; `data` is the whole
    object of the line, for commands that read more than the text.
    """

    id: str
    text: str = ""
    error: WfIntelError | None = None
    repeated: bool = False
    data: Mapping[str, Any] = field(default_factory=dict)


def add_text_arguments(parser: argparse.ArgumentParser) -> argparse._MutuallyExclusiveGroup:
    """Add the three ways to hand in text, of which exactly one must be used, and return their group."""
    given = parser.add_mutually_exclusive_group(required=True)
    given.add_argument("text", nargs="?", metavar="TEXT", help="the description; - reads it from stdin")
    given.add_argument("--text-file", metavar="FILE", help="read the description from this file")
    given.add_argument("--jsonl", metavar="IN", help='many descriptions: one {"id", "text"} per line; - is stdin')
    return given


def add_catalog_argument(parser: argparse.ArgumentParser) -> None:
    """Add the option for service records of one's own."""
    parser.add_argument("--catalog", metavar="DIR", help="a folder with service records of your own")


def catalog_folder(args: argparse.Namespace) -> Path | None:
    """The folder of `--catalog`, if it was given."""
    return Path(args.catalog) if args.catalog else None


def single_text(args: argparse.Namespace) -> str:
    """The one text of `TEXT`, stdin or `--text-file`.

    Raises:
        UserInputError: the file cannot be read, is too large or is not text.
    """
    if args.text_file:
        return read_text(args.text_file)
    return read_text("-") if args.text == "-" else str(args.text)


def read_text(path: str) -> str:
    """The text of a file, or of stdin for `-`.

    Raises:
        UserInputError: there is no such file, or it cannot be read.
        InputTooLargeError: it holds more than `MAX_BYTES` bytes.
        NotTextError: it is not UTF-8 text.
    """
    return _decode(_read_bytes(path), path)


def read_records(path: str, *, text: bool = True) -> Iterator[Record]:
    """The lines of a JSON lines file, in order; a bad line is a record with an error. Blank lines are skipped.

    `text` says whether every line must have one; without it, the command reads what it needs from `data`.

    Raises:
        UserInputError: the file itself cannot be read.
    """
    seen: set[str] = set()
    stream = sys.stdin.buffer if path == "-" else _open(path)
    with stream:
        for number, line in enumerate(stream, start=1):
            if line.strip():
                yield _record(line, number, seen, text)


def _record(line: bytes, number: int, seen: set[str], text: bool) -> Record:
    name = f"line-{number}"
    try:
        data = json.loads(_decode(line, f"line {number}"))
    except (ValueError, RecursionError):
        return Record(name, error=UserInputError(f"line {number} is not JSON", hint='expected {"id": …, "text": …}'))
    except WfIntelError as error:
        return Record(name, error=error)
    if not isinstance(data, dict):
        return Record(name, error=UserInputError(f"line {number} is no object", hint='expected {"id": …, "text": …}'))
    if isinstance(data.get("id"), str | int) and not isinstance(data.get("id"), bool):
        name = str(data["id"])
    else:
        return Record(name, error=UserInputError(f"line {number} has no id", hint="give every line an id of its own"))
    if name in seen:
        twice = UserInputError(f"the id {name!r} comes twice", hint="give every line an id of its own")
        return Record(name, error=twice, repeated=True)
    seen.add(name)
    if not text:
        return Record(name, data=data)
    if not isinstance(data.get("text"), str):
        return Record(name, error=UserInputError(f"line {number} has no text", hint='expected "text": "…"'))
    return Record(name, text=data["text"], data=data)


def read_context(path: str) -> DeploymentContext:
    """What a deployment has, from a JSON file.

    `connections` and `pools` may be objects (`{"id": "type"}`, `{"name": slots}`) or lists of pairs.

    Raises:
        UserInputError: the file cannot be read or does not have that form.
    """
    from airflow_provider_wfintel.engine.model import DeploymentContext, from_json

    try:
        data = json.loads(read_text(path))
    except ValueError as error:
        raise UserInputError(f"{path!r} is not JSON: {error}", hint="see the reference of --context") from error
    if not isinstance(data, dict):
        raise UserInputError(f"{path!r} holds no JSON object", hint="see the reference of --context")
    for key in ("connections", "pools"):
        if isinstance(data.get(key), dict):
            data[key] = [list(pair) for pair in data[key].items()]
    return from_json(DeploymentContext, data)


def with_style(context: DeploymentContext | None, folder: str) -> DeploymentContext:
    """The context with the house style of the DAG files in a folder and its subfolders.

    Raises:
        UserInputError: there is no such folder, or no Python file in it can be read.
    """
    from airflow_provider_wfintel.app.style import style_of_folder
    from airflow_provider_wfintel.engine.model import DeploymentContext

    return replace(context or DeploymentContext(), style=style_of_folder(Path(folder)))


def _open(path: str) -> Any:
    try:
        return Path(path).open("rb")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UserInputError(f"cannot read {path!r}: {reason}", hint="name a file that exists") from error


def _read_bytes(path: str) -> bytes:
    if path == "-":
        data: bytes = sys.stdin.buffer.read(MAX_BYTES + 1)
    else:
        try:
            with _open(path) as stream:
                data = stream.read(MAX_BYTES + 1)
        except OSError as error:  # a folder opens on some systems and fails on reading
            raise UserInputError(f"cannot read {path!r}: {error.strerror}", hint="name a file that exists") from error
    if len(data) > MAX_BYTES:
        raise InputTooLargeError(
            f"{path!r} holds more than {MAX_BYTES:,} bytes", hint="a description is a few sentences"
        )
    return data


def _decode(data: bytes, where: str) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotTextError(f"{where!r} is not UTF-8 text", hint="save it as UTF-8 text and try again") from error
    if "\0" in text:
        raise NotTextError(f"{where!r} holds binary data", hint="hand in plain text")
    return text
