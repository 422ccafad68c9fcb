"""Templates in the user's words: dates and ids of the run that Airflow fills in; anything else in braces stays text."""

from __future__ import annotations

import re
from dataclasses import replace

from airflow_provider_wfintel.engine.generation.checks.strings import REMOVED_VARIABLES
from airflow_provider_wfintel.engine.generation.planning.desk import Desk
from airflow_provider_wfintel.engine.model import (
    Argument,
    ArgumentValue,
    LiteralValue,
    MappingSpec,
    TaskSpec,
    TemplateValue,
)

__all__ = ["is_live", "with_live_templates"]

_TAG = re.compile(r"\{\{(?P<inside>[^{}]*)\}\}")
_OTHER_TAGS = re.compile(r"\{%|\{#")
_QUOTED = r"(?:'[^'\"{}\\]*'|\"[^'\"{}\\]*\")"
_DATES = "logical_date|data_interval_start|data_interval_end"
_NAMES = (
    f"ds|ds_nodash|ts|ts_nodash|ts_nodash_with_tz|run_id|{_DATES}|dag_run\\.run_after|dag_run\\.run_id|ti\\.map_index"
)
# Only what cannot fail to exist or give away a secret: no variables, connections or parameters.
_LIVE = re.compile(
    rf"\s*(?:(?:{_NAMES})|(?:{_DATES})\.(?:strftime|format)\({_QUOTED}\)"
    rf"|(?:{_DATES})\.(?:add|subtract)\((?:years|months|weeks|days|hours|minutes)=\d+\)"
    rf"|macros\.ds_add\(ds,\s*-?\d+\)|macros\.ds_format\(ds,\s*{_QUOTED},\s*{_QUOTED}\))"
    r"(?:\s*\|\s*(?:ds|ds_nodash|ts|ts_nodash|ts_nodash_with_tz|lower|upper))?\s*"
)
_OF_AIRFLOW = re.compile(
    r"\s*(?:var|conn|params|macros|ti|task|task_instance|dag|dag_run|inlets|outlets|prev_\w+|triggering_\w+|"
    rf"{_NAMES}|{'|'.join(REMOVED_VARIABLES)})\b"
)
_PARAM = re.compile(r"\s*params\.(?P<name>\w+)\s*")
_DATED = re.compile(rf"\b(?:ds|ts)(?:_nodash)?(?:_with_tz)?\b|\b(?:{_DATES})\b")


def is_live(text: str) -> bool:
    """Whether a text holds templates and all of them are dates or ids of the run."""
    tags = [match.group("inside") for match in _TAG.finditer(text)]
    return bool(tags) and not _OTHER_TAGS.search(text) and "{{" not in _TAG.sub("", text) and all(map(_known, tags))


def _known(inside: str) -> bool:
    return _LIVE.fullmatch(inside) is not None


def _of_params(desk: Desk, inside: str) -> bool:
    """Whether a tag is nothing but a parameter that the text declares."""
    match = _PARAM.fullmatch(inside)
    return match is not None and match.group("name") in desk.declared


def with_live_templates(desk: Desk, tasks: tuple[TaskSpec, ...]) -> tuple[TaskSpec, ...]:
    """Turn stated texts with templates into templates where Airflow renders the argument; say so where it does not."""
    return tuple(_with_live(desk, task) for task in tasks)


def _with_live(desk: Desk, task: TaskSpec) -> TaskSpec:
    arguments = tuple(_argument(desk, task, item) for item in task.arguments)
    return replace(task, arguments=arguments, mapping=_mapping(desk, task, task.mapping))


def _mapping(desk: Desk, task: TaskSpec, mapping: MappingSpec | None) -> MappingSpec | None:
    """The mapping with templates in its stated items, each as its argument takes it."""
    if mapping is None or not isinstance(mapping.over, LiteralValue) or "{{" not in mapping.over.json:
        return mapping
    if mapping.argument:
        return replace(mapping, over=_argument(desk, task, Argument(mapping.argument, mapping.over)).value)
    rows = [
        {
            name: _leaf(_argument(desk, task, Argument(name, LiteralValue.of(value))).value)
            for name, value in row.items()
        }
        for row in mapping.over.value
    ]
    return replace(mapping, over=LiteralValue.of(rows))


def _leaf(value: ArgumentValue) -> object:
    """A literal or template inside JSON data."""
    if isinstance(value, TemplateValue):
        return {"__template__": value.template}
    return value.value if isinstance(value, LiteralValue) else None


def _argument(desk: Desk, task: TaskSpec, argument: Argument) -> Argument:
    value = argument.value
    if not isinstance(value, LiteralValue) or "{{" not in value.json:
        return argument
    if not _is_rendered(desk, task, argument.name):
        text = (
            f"Airflow does not fill in templates in {argument.name!r} of {task.task_id!r}: the braces stay as they are."
        )
        desk.notes.warn("template", text, argument.evidence)
        return argument
    content = _rewritten(desk, argument, value.value)
    if isinstance(content, dict) and set(content) == {"__template__"}:
        return replace(argument, value=TemplateValue(content["__template__"]))
    return replace(argument, value=LiteralValue.of(content))


def _is_rendered(desk: Desk, task: TaskSpec, argument: str) -> bool:
    if task.operator.kind == "taskflow":
        return True
    signature = desk.signature(task.operator.path)
    return signature is None or argument in signature.template_fields


def _rewritten(desk: Desk, argument: Argument, data: object) -> object:
    if isinstance(data, list):
        return [_rewritten(desk, argument, item) for item in data]
    if isinstance(data, dict):
        marked = set(data) in ({"__template__"}, {"__output__"}, {"__param__"})
        return data if marked else {key: _rewritten(desk, argument, item) for key, item in data.items()}
    if not isinstance(data, str) or "{{" not in data:
        return data
    renewed = _TAG.sub(lambda found: _renewed(desk, argument, found), data)

    def live_tag(tag: str) -> bool:
        return _known(tag) or _of_params(desk, tag)

    foreign = [tag for tag in _TAG.findall(renewed) if not live_tag(tag)]
    if any(_OF_AIRFLOW.match(tag) for tag in foreign):
        shown = " ".join(data.split())[:100]
        known = "only dates and ids of the run, such as {{ ds }} or {{ run_id }}, are filled in"
        desk.notes.warn("template", f"{shown!r}: {known}; other templates are kept as text.", argument.evidence)
    # What is not of Airflow (`docker ps --format {{.Names}}`) arrives as it is, beside what is filled in.
    live = _TAG.sub(lambda tag: tag[0] if live_tag(tag["inside"]) else f"{{% raw %}}{tag[0]}{{% endraw %}}", renewed)
    kept = [tag for tag in _TAG.findall(renewed) if live_tag(tag)]
    if not kept or not _plain_rest(renewed):
        return data
    # The writer of the file knows a parameter by one spelling.
    text = _TAG.sub(
        lambda tag: f"{{{{ {tag['inside'].strip()} }}}}" if _of_params(desk, tag["inside"]) else tag[0], live
    )
    if not desk.dated and any(_DATED.search(match.group("inside").split("|")[0]) for match in _TAG.finditer(text)):
        shown = " ".join(text.split())[:100]
        words = f"{shown!r} needs a logical date, which runs that an asset or a person starts may lack"
        desk.notes.warn("template", f"{words}: {{{{ dag_run.run_after | ds }}}} is always there.", argument.evidence)
    return {"__template__": text}


def _plain_rest(text: str) -> bool:
    """Whether nothing of Jinja is left beside the tags."""
    return not _OTHER_TAGS.search(text) and "{{" not in _TAG.sub("", text)


def _renewed(desk: Desk, argument: Argument, found: re.Match[str]) -> str:
    """The tag, with a variable that Airflow 3 no longer has replaced where there is one expression for it."""
    word = re.split(r"[\s.|]", found.group("inside").strip())[0]
    if word not in REMOVED_VARIABLES:
        return found.group()
    wanted = REMOVED_VARIABLES[word]
    new = f"{{{{ {found.group('inside').strip().replace(word, wanted, 1)} }}}}"
    usable = is_live(new)
    ending = f"{new} is written instead" if usable else f"use {wanted}"
    desk.notes.warn("template", f"Airflow 3 has no template variable {word!r}: {ending}.", argument.evidence)
    return new if usable else found.group()
