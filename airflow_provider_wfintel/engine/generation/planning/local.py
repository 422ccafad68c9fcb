"""Work on the worker itself: client programs that the words spell out, a file that is loaded, files that are deleted."""

from __future__ import annotations

import re

from airflow_provider_wfintel.engine.generation.planning.by_catalog import from_choice
from airflow_provider_wfintel.engine.generation.planning.by_recipe import from_recipe
from airflow_provider_wfintel.engine.generation.planning.choice import best_action, is_kind
from airflow_provider_wfintel.engine.generation.planning.desk import Desk
from airflow_provider_wfintel.engine.generation.planning.drafts import Draft, literal
from airflow_provider_wfintel.engine.generation.planning.shell import shell_command
from airflow_provider_wfintel.engine.generation.planning.values import SlotValues, slot_values
from airflow_provider_wfintel.engine.generation.reading.steps import Step
from airflow_provider_wfintel.engine.model import LiteralValue

__all__ = ["MADE", "OUTWARDS", "client_program", "delete_files", "load_file"]

MADE = "made"
"""The kind of a slot that holds a file which a step before leaves on the worker."""

# Programs that speak to a service by themselves, with the services whose work they do.
_PROGRAMS = {
    "pg_dump": ("postgres",), "pg_dumpall": ("postgres",), "pg_restore": ("postgres",), "psql": ("postgres", "amazon_redshift"),
    "mysqldump": ("mysql",), "mysql": ("mysql",), "mongodump": ("mongodb",), "mongoexport": ("mongodb",), "dbt": ("dbt",),
    "influx": ("influxdb",), "redis-cli": ("redis",), "clickhouse-client": ("clickhouse",),
}  # fmt: skip
_CSV = re.compile(r"/\S*\.csv$", re.IGNORECASE)
_FILE = re.compile(
    r"(?P<folder>/(?:[\w.@+-]+/)*)(?P<name>(?:\{\{[\w. |]+\}\}|[\w@+-])(?:\{\{[\w. |]+\}\}|[\w.@+-])*\.\w{1,8}\*?)$"
)
_FOLDER = re.compile(r"/(?:[\w.@+-]+/?)+$")


def client_program(desk: Desk, step: Step, task: str, fed: bool) -> tuple[Draft, ...] | None:  # noqa: ARG001 - every builder is asked the same way
    """A command that the words state, of a program that does the work of the one service that they name."""
    command = shell_command(step, desk.text) if step.values("command") else None
    named = set(step.services)
    if command is None or not named or not named <= set(_PROGRAMS.get(command.split(" ")[0], ())):
        return None
    values = SlotValues({"command": LiteralValue.of(command)}, {})
    choice = best_action(desk.catalog.actions("bash"), step, values, action="trigger")
    return None if choice is None else (from_choice(desk, step, choice, values, task),)


def load_file(desk: Desk, step: Step, task: str, fed: bool) -> tuple[Draft, ...] | None:
    """One CSV file of the worker that goes into a table."""
    paths = [value for name in ("path", "file_name") for value in step.values(name) if _CSV.fullmatch(value)]
    made = any(item.slot.kind == MADE for item in step.slots)
    if fed and not made and not (len(paths) == 1 and paths[0] in step.words):
        return None  # What an upstream task hands on is loaded, unless the words of the step itself name the file.
    if step.action not in ("load", "copy") or step.source not in ("", "filesystem") or step.foreach is not None:
        return None
    if step.lemma.split(" ")[0].lower() in OUTWARDS or re.search(
        r"\b(?:dump\w*|export\w*|unload\w*)\b", step.words, re.IGNORECASE
    ):
        # The table goes into the file, not the file into the table.
        return None
    if len(paths) != 1 or "*" in paths[0] or not step.values("table") or not is_kind(step.target, "sql"):
        return None
    if step.target in _OWN_LOADING or step.tool:
        return None
    extra = (literal("path", paths[0]),)
    return (from_recipe(desk, step, "load_csv_file", slot_values(step), task, service=step.target, extra=extra),)


OUTWARDS = frozenset(("dump", "export", "unload", "save", "write", "back"))
"""Verbs by which what is in a database goes out of it."""
# Their hooks do not insert rows with SQL.
_OWN_LOADING = frozenset(("google_bigquery", "google_alloydb", "google_cloud_sql"))


def delete_files(desk: Desk, step: Step, task: str, fed: bool) -> tuple[Draft, ...] | None:  # noqa: ARG001 - every builder is asked the same way
    """Files of the worker: one by its full name, or those of a folder by pattern and age. What is not said is asked."""
    if step.action != "delete" or step.services not in ((), ("filesystem",)) or step.foreach is not None:
        return None
    paths, patterns = step.values("path"), [item for item in step.values("pattern") if "/" not in item]
    age = slot_values(step).values.get("older_than_days")
    one = _FILE.fullmatch(paths[0]) if len(paths) == 1 and not patterns and age is None else None
    if one is not None and ".." not in paths[0]:
        extra = (literal("folder", one.group("folder")), literal("pattern", one.group("name")))
    elif age is not None and len(paths) == len(patterns) == 1 and _FOLDER.fullmatch(paths[0]) and ".." not in paths[0]:
        extra = (literal("folder", paths[0]), literal("pattern", patterns[0]))
    else:
        if age is not None:
            words = " ".join(step.words.split())[:100]
            text = f"Which folder and which pattern of file names does {words!r} mean? Nothing is deleted until both are given."
            desk.notes.ask("pattern", text, span=desk.span(step), task_id=task)
        return None
    return (from_recipe(desk, step, "delete_files", slot_values(step), task, service="filesystem", extra=extra),)
