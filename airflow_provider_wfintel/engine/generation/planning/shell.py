"""Shell commands that the words state."""

from __future__ import annotations

import re
import shlex

from airflow_provider_wfintel.engine.generation.reading.steps import Step

__all__ = ["in_its_folder", "shell_command"]

_RUNNERS = ((".py", "python "), (".sh", ""), (".sql", ""), (".r", "Rscript "))
_LITERAL = re.compile(
    r"\b(?:literal(?:ly)?|verbatim|as is|as-is|must not be (?:expanded|executed|run|interpreted)|not (?:be )?expand\w*|unexpanded|exactly as written|wörtlich|textuellement|literalmente)\b",
    re.IGNORECASE,
)
_DOUBLE = re.compile(r'"((?:[^"\\]|\\.)*)"')
_EXPANDS = re.compile(r"\$\(|`|\$\{|\$\w")


def in_its_folder(step: Step, command: str) -> str:
    """The command, run in the folder that the words name right behind it ("make all in /srv/jobs")."""
    for path in (*step.values("path"), *step.values("folder")):
        said = rf"{re.escape(command)}\s+(?:in|inside|from)\s+(?:the\s+(?:folder|directory)\s+)?{re.escape(path)}(?![\w./])"
        if "/" in path and re.search(said, step.words):
            return f"cd {shlex.quote(path)} && {command}"
    return command


def shell_command(step: Step, text: str) -> str | None:
    """The command of a step, or None if its words name none.

    Where the text says that a part is meant literally, expansions in it are quoted so that the shell leaves them alone.
    """
    commands = step.values("command")
    command = commands[0].strip() if commands else _script(step)
    if not command:
        return None
    command = in_its_folder(step, command)
    if _LITERAL.search(text) and _EXPANDS.search(command):
        command = _DOUBLE.sub(
            lambda match: shlex.quote(match.group(1)) if _EXPANDS.search(match.group(1)) else match.group(0), command
        )
        outside = re.sub(r"'[^']*'", "", command)
        if _EXPANDS.search(outside):
            command = " ".join(shlex.quote(part) if _EXPANDS.search(part) else part for part in command.split(" "))
    return command


def _script(step: Step) -> str:
    for slot in ("script", "path", "file_name"):
        for value in step.values(slot):
            for suffix, runner in _RUNNERS:
                if value.lower().endswith(suffix) and suffix != ".sql" and " " not in value:
                    return f"{runner}{shlex.quote(value)}"
    return ""
