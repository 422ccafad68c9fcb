"""Write the pages of the reference that are made from the code: settings, classes for DAG authors, options of commands.

    python scripts/build_reference.py [FOLDER]

A test makes them again and compares, so a page cannot say what the code does not.
"""

from __future__ import annotations

import argparse
import inspect
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from airflow_provider_wfintel.cli.main import build_parser
from airflow_provider_wfintel.get_provider_info import get_provider_info

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "reference"
MADE = "<!-- made by scripts/build_reference.py -->\n\n"


def cell(text: str) -> str:
    """Text for a cell of a table."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


def settings() -> str:
    """The options of `[wfintel]`."""
    section = get_provider_info()["config"]["wfintel"]
    rows = [
        f"| `{name}` | {cell(str(option['type']))} | `{option['default']}` | {cell(option['description'])} |"
        for name, option in section["options"].items()
    ]
    head = (
        "In `airflow.cfg`, or as `AIRFLOW__WFINTEL__NAME`. A wrong value is refused with a message that names it.\n\n"
    )
    return (
        f"# Settings\n\n{MADE}{head}| `[wfintel]` | type | default | meaning |\n|---|---|---|---|\n"
        + "\n".join(rows)
        + "\n"
    )


def classes() -> str:
    """Operators, sensors, triggers, hooks and notifiers with their arguments, by their docstrings."""
    info, parts = get_provider_info(), [f"# Classes for DAG authors\n\n{MADE}"]
    for kind in ("operators", "sensors", "triggers", "hooks"):
        parts.append(f"## {kind.title()}\n\n")
        for module in sorted(name for entry in info[kind] for name in entry["python-modules"]):
            parts += described(module)
    parts.append("## Notifiers\n\n")
    for module in sorted({path.rpartition(".")[0] for path in info["notifications"]}):
        parts += described(module)
    return "".join(parts).rstrip() + "\n"


def described(module: str) -> Iterator[str]:
    """The public classes of a module."""
    found = import_module(module)
    for name in getattr(found, "__all__", ()):
        item = getattr(found, name)
        if not inspect.isclass(item) or item.__module__ != module:
            continue
        yield f"### {name}\n\n`{module}.{name}`\n\n```text\n{inspect.cleandoc(item.__doc__ or '')}\n```\n\n"
        fields = tuple(getattr(item, "template_fields", ()) or ())
        if fields:
            yield f"Templated: {', '.join(f'`{field}`' for field in fields)}.\n\n"


def commands() -> str:
    """The arguments of every command of `wfintel`. Not the printed help: its form differs between versions of Python."""
    (group,) = [item for item in build_parser()._actions if isinstance(item, argparse._SubParsersAction)]
    parts = [
        f"# Options of commands\n\n{MADE}What `wfintel COMMAND --help` says. [Command line](cli.md) has the forms of inputs and answers.\n\n"
    ]
    for name, command in sorted(group.choices.items()):
        parts += [f"## wfintel {name}\n\n{cell(command.description or '')}\n\n", *arguments(command)]
    return "".join(parts).rstrip() + "\n"


def arguments(command: argparse.ArgumentParser, above: str = "") -> Iterator[str]:
    """The arguments of a command as a table, then those of the commands below it."""
    rows, below = [], []
    for action in command._actions:
        if isinstance(action, argparse._SubParsersAction):
            below = list(action.choices.items())
        elif not isinstance(action, argparse._HelpAction) and action.help != argparse.SUPPRESS:
            rows.append(f"| `{form_of(action)}` | {cell(said_of(action))} |")
    if rows:
        yield "| argument | |\n|---|---|\n" + "\n".join(rows) + "\n\n"
    for name, inner in below:
        yield f"### {above}{name}\n\n"
        yield from arguments(inner, f"{above}{name} ")


def form_of(action: argparse.Action) -> str:
    """How an argument is written."""
    value = action.metavar or ("|".join(map(str, action.choices)) if action.choices else action.dest.upper())
    value = " ".join(value) if isinstance(value, tuple) else str(value)
    if not action.option_strings:
        return value
    names = ", ".join(action.option_strings)
    return names if action.nargs == 0 else f"{names} {value}"


def said_of(action: argparse.Action) -> str:
    """The help of an argument, with its default in place."""
    fields = {**vars(action), "prog": "wfintel"}
    return (action.help or "") % fields


PAGES = {"settings.md": settings, "classes.md": classes, "options.md": commands}


def main() -> int:
    """Write all pages."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    for name, make in PAGES.items():
        (folder / name).write_text(make(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
