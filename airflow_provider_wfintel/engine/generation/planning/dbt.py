"""dbt on the command line: one task for each command that the words name."""

from __future__ import annotations

import re
import shlex
from dataclasses import replace

from airflow_provider_wfintel.engine.generation.planning.by_catalog import from_choice
from airflow_provider_wfintel.engine.generation.planning.choice import best_action
from airflow_provider_wfintel.engine.generation.planning.desk import Desk
from airflow_provider_wfintel.engine.generation.planning.drafts import Draft
from airflow_provider_wfintel.engine.generation.planning.shell import in_its_folder
from airflow_provider_wfintel.engine.generation.planning.values import SlotValues
from airflow_provider_wfintel.engine.generation.reading.steps import Step
from airflow_provider_wfintel.engine.model import LiteralValue

__all__ = ["dbt_core"]

_VERB = r"(?P<verb>build|run|test|seed|snapshot|compile|docs generate|source freshness|deps)"
_OPTION = r"\s+--?[a-z][\w-]*(?:[ =](?!-)[^\s,;`'\"]+)?"
_DBT = re.compile(rf"\bdbt\s+{_VERB}\b(?P<options>(?:{_OPTION})*)", re.IGNORECASE)
# "dbt seed, run and test": the name of the program is said once.
_MORE = re.compile(
    rf"\s*(?:,|,?\s+and|,?\s+then|&|\+)\s+(?:dbt\s+)?{_VERB}\b(?P<options>(?:{_OPTION})*)", re.IGNORECASE
)
_DBT_CLOUD = re.compile(r"\bdbt[ -]?cloud\b", re.IGNORECASE)
_TAG = re.compile(
    r"\b(?:tagged(?:\s+(?:with|as))?|with\s+(?:the\s+)?tag|tag)[\s:]+[`'\"]?(?P<tag>[\w.-]+)", re.IGNORECASE
)
_SELECTOR = re.compile(
    r"\b(?:selector|yaml\s+selector)\s+(?:called\s+|named\s+)?[`'\"]?(?P<name>[A-Za-z_][\w.-]*\w)", re.IGNORECASE
)
_OPTIONS = (
    ("--project-dir", ("project", "path", "folder")),
    ("--target", ("target",)),
    ("--profile", ("profile",)),
    ("--select", ("model", "table", "identifier")),
)
# Commands that take no selection of models.
_WHOLE = frozenset({"deps", "docs generate", "source freshness"})


def dbt_core(desk: Desk, step: Step, task: str, fed: bool) -> tuple[Draft, ...] | None:  # noqa: ARG001 - every builder is asked the same way
    """Tasks for dbt on the command line, in the order of the words, unless they speak of dbt Cloud."""
    if "dbt" not in step.services or _DBT_CLOUD.search(desk.text) or step.values("job_id") or len(step.services) > 1:
        return None
    stated = [item for item in step.values("command") if item.startswith("dbt ")]
    verbs = _verbs(step, desk.text)
    commands = (
        stated
        if len(stated) >= len(verbs)
        else [_command(step, verb, options, _selector(step, desk.text)) for verb, options in verbs]
    )
    own = replace(step, source="", tool="", target="dbt")
    drafts = []
    for command in commands:
        values = SlotValues({"command": LiteralValue.of(in_its_folder(step, command))}, {})
        choice = best_action(desk.catalog.actions("bash"), own, values, action="trigger")
        if choice is None:
            return None
        name = task if len(commands) == 1 else f"dbt_{command.split()[1]}"
        drafts.append(from_choice(desk, own, choice, values, name))
    return tuple(drafts)


def _verbs(step: Step, text: str) -> list[tuple[str, list[str]]]:
    """The commands that the words of the step name with the options said beside each; else what the text names."""
    found: list[tuple[str, list[str]]] = []
    for match in _DBT.finditer(step.words):
        current: re.Match[str] | None = match
        while current is not None:
            found.append((current.group("verb").lower(), current.group("options").replace("=", " ").split()))
            current = _MORE.match(step.words, current.end())
    if found:
        # The same command with another selection is another run.
        return list({(verb, *options): (verb, options) for verb, options in found}.values())
    elsewhere = _DBT.search(text)
    return [(elsewhere.group("verb").lower() if elsewhere else "test" if step.action == "check" else "build", [])]


def _selector(step: Step, text: str) -> str:
    """The selector that the words name; it may be called like a part of the schedule ("nightly")."""
    if not step.spans:
        return ""
    found = _SELECTOR.search(text, step.spans[0].start, min(len(text), step.spans[-1].end + 40))
    return found.group("name") if found is not None else ""


def _command(step: Step, verb: str, options: list[str], selector: str) -> str:
    parts = ["dbt", *verb.split(" "), *options]
    for option, names in _OPTIONS:
        if option in parts or (option == "--select" and verb in _WHOLE):
            continue
        values = [
            item
            for name in names
            for item in step.values(name)
            if name != "project" or "/" in item or option != "--project-dir"
        ]
        if option == "--select" and selector:
            parts += ["--selector", selector]
            continue
        if option == "--select":
            tagged = [f"tag:{match.group('tag')}" for match in _TAG.finditer(step.words)]
            values = tagged or list(dict.fromkeys(values))
        else:
            values = values[:1]
        if values:
            parts += [option, *values]
    return " ".join(shlex.quote(part) for part in parts)
