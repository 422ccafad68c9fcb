"""What a step hands to the job, function or script that it starts: the day of the run, parameters of the DAG, stated pairs.

"with the run date as payload", "passing customer_id to it", "with parameter day set to the run date".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from airflow_provider_wfintel.engine.generation.planning.desk import Desk
from airflow_provider_wfintel.engine.generation.planning.drafts import Draft
from airflow_provider_wfintel.engine.generation.planning.naming import slug
from airflow_provider_wfintel.engine.generation.reading.steps import Step
from airflow_provider_wfintel.engine.model import Argument, LiteralValue, Span, TaskSpec

__all__ = ["with_handed_over"]

_DAY = (
    r"(?:(?:the\s+|its\s+|our\s+)?(?:dag\s+|airflow\s+)?(?:(?:run|execution|logical|business|processing|partition|current|schedule|scheduled|reporting)[\s_-]*(?:date|day)|"
    r"(?:date|day)\s+of\s+the\s+(?:dag\s+)?run)|today['’]s\s+date|den?\s+lauftag|das\s+laufdatum)"
)
_BEFORE = r"(?:yesterday['’]s\s+date|the\s+(?:date\s+of\s+the\s+)?(?:previous|prior)\s+day(?:['’]s\s+date)?)"
_RUN_ID = r"(?:(?:the\s+)?(?:dag\s+)?run[\s_]id)"
_START = r"(?:(?:the\s+)?(?:start\s+of\s+the\s+data\s+interval|(?:data\s+)?interval\s+start|data_interval_start))"
_END = r"(?:(?:the\s+)?(?:end\s+of\s+the\s+data\s+interval|(?:data\s+)?interval\s+end|data_interval_end))"
_PASSES = r"(?:pass(?:ing|es|ed)?|hand(?:ing|ed|s)?(?:\s+over)?|giv(?:e|es|ing|en)|feed(?:s|ing)?|supply(?:ing)?|supplies|send(?:s|ing)?|provid(?:e|es|ing))"
_CUE = (
    rf"(?:(?P<passes>{_PASSES})\s+(?:it\s+|them\s+|in\s+|along\s+|on\s+|over\s+)?|(?P<with>with|using|mit|for|für)\s+)"
)
_ROLE = r"(?:param(?:eter)?s?|arguments?|args?|variables?|vars?|fields?|keys?|inputs?|options?|flags?|payload|body|event|conf(?:ig(?:uration)?)?|values?|environment\s+variables?|env\s+vars?)"
_OF = r"(?:(?:the|an?|its|job|notebook|query|script|python|spark|glue|base|named|json|request|run|als|command[\s-]line)\s+)*"
_AS = re.compile(
    rf"\s+(?:as|in(?:to)?|under|via|through|als)\s+{_OF}(?:(?P<role>{_ROLE})(?![\w_]))?\s*(?:called\s+|named\s+)?(?P<quote>[`\"']?)(?P<key>(?:--)?[A-Za-z_][\w-]*)?(?P=quote)",
    re.IGNORECASE,
)
_SET = re.compile(
    rf"\b(?:{_ROLE}\s+)(?P<quote>[`\"']?)(?P<key>(?:--)?[A-Za-z_][\w-]*)(?P=quote)\s*(?:set\s+to|being|equal\s+to|=|:|to)\s*(?P<value>.{{1,60}})",
    re.IGNORECASE,
)
_PAIR = re.compile(
    r"(?<![\w&?/.{=-])(?P<key>[A-Za-z_]\w*)\s?=\s?(?P<value>(?:'[^'\n]*'|\"[^\"\n]*\"|\{\{[^{}\n]*\}\}|[^\s,;'\"{}()]+))"
)
_SMALL = frozenset(
    ("the", "a", "an", "it", "to", "and", "then", "of", "for", "from", "is", "on", "at", "by", "with", "that", "so")
)
_AND = re.compile(r"\s*(?:,\s*(?:and\s+)?|and\s+|plus\s+|und\s+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Handed:
    """One value: its template, the name that the job knows it by (empty: none is said) and the words."""

    key: str
    template: str
    default_key: str
    span: Span


def with_handed_over(desk: Desk, step: Step, drafts: tuple[Draft, ...]) -> tuple[Draft, ...]:
    """The drafts with what the words hand over, in the argument that takes it; unchanged where none does."""
    sinks = [index for index, draft in enumerate(drafts) if _sink(draft.task) is not None]
    if len(sinks) != 1:
        return drafts
    index = sinks[0]
    found = _handed(desk, step)
    if not found:
        return drafts
    draft = drafts[index]
    task = _filled(desk, draft.task, found, step)
    if task is None:
        return drafts
    desk.said.extend(item.span for item in found)
    return (*drafts[:index], replace(draft, task=task), *drafts[index + 1 :])


def _handed(desk: Desk, step: Step) -> list[_Handed]:
    found: list[_Handed] = []
    for span in step.spans:
        found.extend(_in_words(desk, span))
    return found


def _values(desk: Desk) -> list[tuple[re.Pattern[str], Callable[[re.Match[str]], tuple[str, str]]]]:
    """What can be handed over: a pattern for its words, and the template and usual name of a match."""
    before = "{{ macros.ds_add(ds, -1) }}" if desk.dated else "{{ macros.ds_add(dag_run.run_after | ds, -1) }}"
    fixed = [
        (_BEFORE, before, "run_date"),
        (_DAY, desk.run_day, "run_date"),
        (_RUN_ID, "{{ run_id }}", "run_id"),
        (_START, "{{ data_interval_start }}", "interval_start"),
        (_END, "{{ data_interval_end }}", "interval_end"),
    ]
    result: list[tuple[re.Pattern[str], Callable[[re.Match[str]], tuple[str, str]]]] = []
    names = "|".join(map(re.escape, desk.declared))
    if names:
        article = r"(?:(?:the|that|this|its|given|both)\s+)*(?:param(?:eter)?\s+)?"
        words = rf"{article}[`\"']?(?P<name>{names})(?![\w])[`\"']?(?:\s+(?:param(?:eter)?s?|values?))?"
        result.append((re.compile(words), lambda item: ("{{ params.%s }}" % item.group("name"), item.group("name"))))  # noqa: UP031
    for words, template, name in fixed:
        result.append((re.compile(words, re.IGNORECASE), lambda _, template=template, name=name: (template, name)))  # type: ignore[misc]
    return result


def _in_words(desk: Desk, span: Span) -> list[_Handed]:
    text = desk.text[: span.end]
    values = _values(desk)
    found: list[_Handed] = []
    for cue in re.compile(_CUE, re.IGNORECASE).finditer(text, span.start):
        at = cue.end()
        batch: list[_Handed] = []
        while (value := _value_at(values, text, at)) is not None:
            template, name, end = value
            key, role, behind = _key_behind(text, end)
            batch.append(_Handed(key, template, name, Span(cue.start() if not batch else at, behind)))
            told = (
                cue.group("passes")
                or role
                or (cue.group("with") and cue.group("with").lower() != "for" and cue.group("with") != "für")
            )
            if not (told or template.startswith("{{ params.")):
                batch.pop()
                break
            more = _AND.match(text, behind)
            if more is None:
                break
            at = more.end()
        found.extend(batch)
    for item in _SET.finditer(text, span.start):
        value = _value_at(values, text, item.start("value"))
        if value is not None:
            found.append(_Handed(item.group("key"), value[0], value[1], Span(item.start(), value[2])))
    if found or re.search(rf"\b(?:{_ROLE})\b", text[span.start :], re.IGNORECASE):
        found.extend(_pairs(desk, text, span, found))
    found.extend(_spoken_pairs(text, span, found))
    return _once(found)


# "with inputFilePattern gs://in/*.txt and outputTable p:d.t": names that are no words of the sentence.
_SPOKEN = re.compile(
    r"(?:\bwith|\band|,)\s+(?:the\s+)?(?P<key>[a-z]+(?:[A-Z][a-z0-9]+)+)\s+(?:set\s+to\s+|of\s+|as\s+)?(?P<value>[`'\"]?[\w*][^\s,;'\"`]*[\w*/}][`'\"]?)"
)


def _spoken_pairs(text: str, span: Span, found: list[_Handed]) -> list[_Handed]:
    """Pairs of a name in camel case and the value behind it."""
    pairs = []
    for item in _SPOKEN.finditer(text, span.start):
        own = Span(item.start("key"), item.end())
        if not any(own.overlaps(other.span) for other in found):
            pairs.append(_Handed(item.group("key"), item.group("value").strip("`'\""), "", own))
    return pairs


def _once(found: list[_Handed]) -> list[_Handed]:
    kept: list[_Handed] = []
    for item in sorted(found, key=lambda item: (item.key == "", item.span)):
        if not any(other.span.overlaps(item.span) for other in kept):
            kept.append(item)
    return sorted(kept, key=lambda item: item.span)


def _value_at(
    values: list[tuple[re.Pattern[str], Callable[[re.Match[str]], tuple[str, str]]]], text: str, at: int
) -> tuple[str, str, int] | None:
    for pattern, meaning in values:
        match = pattern.match(text, at)
        if match is not None:
            template, name = meaning(match)
            return template, name, match.end()
    return None


def _key_behind(text: str, at: int) -> tuple[str, str, int]:
    """`(key, role, index behind)` of "as the job parameter day"."""
    match = _AS.match(text, at)
    if match is None or not (match.group("role") or match.group("key")):
        return "", "", at
    key = match.group("key") or ""
    plain = not match.group("quote")
    if plain and key.lower() in _SMALL:
        return ("", match.group("role") or "", match.end("role")) if match.group("role") else ("", "", at)
    return key, match.group("role") or "argument", match.end()


def _pairs(desk: Desk, text: str, span: Span, found: list[_Handed]) -> list[_Handed]:
    """Stated `name=value` pairs beside them."""
    values = _values(desk)
    pairs = []
    for item in _PAIR.finditer(text, span.start):
        own = Span(item.start(), item.end())
        if any(own.overlaps(other.span) for other in found) or text.count("`", span.start, item.start()) % 2:
            continue  # what stands in backticks is a command or a statement
        value = _value_at(values, text, item.start("value"))
        if value is not None:
            pairs.append(_Handed(item.group("key"), value[0], value[1], Span(item.start(), value[2])))
        else:
            plain = item.group("value").strip("'\"").rstrip(".")
            pairs.append(_Handed(item.group("key"), plain, "", own))
    return pairs


# --- where it goes ---------------------------------------------------------------------------------------

_SINKS: dict[str, tuple[str, str]] = {
    "LambdaInvokeFunctionOperator": ("payload", "json"),
    "CloudFunctionInvokeFunctionOperator": ("input_data", "data"),
    "DatabricksRunNowOperator": ("job_parameters", "object"),
    "DatabricksNotebookOperator": ("notebook_params", "object"),
    "GlueJobOperator": ("script_args", "dashed"),
    "BatchOperator": ("parameters", "object"),
    "StepFunctionStartExecutionOperator": ("state_machine_input", "object"),
    "AzureDataFactoryRunPipelineOperator": ("parameters", "object"),
    "AzureSynapseRunPipelineOperator": ("parameters", "object"),
    "DataflowTemplatedJobStartOperator": ("parameters", "object"),
    "JenkinsJobTriggerOperator": ("parameters", "object"),
    "TriggerDagRunOperator": ("conf", "object"),
    "PapermillOperator": ("parameters", "object"),
    "SparkSubmitOperator": ("application_args", "flags"),
    "KubernetesPodOperator": ("arguments", "flags"),
    "GKEStartPodOperator": ("arguments", "flags"),
    "DockerOperator": ("environment", "environment"),
    "CloudRunExecuteJobOperator": ("overrides", "overrides"),
    "HttpOperator": ("data", "http"),
    "BashOperator": ("bash_command", "command"),
    "SSHOperator": ("command", "command"),
}
"""Which argument of an operator takes what is handed over, and in which shape."""
_DBT = re.compile(r"\bdbt\s+(?:build|run|test|seed|snapshot)\b")
_ENVIRONMENT = re.compile(r"\benv(?:ironment)?[\s-]*var", re.IGNORECASE)


def _sink(task: TaskSpec) -> tuple[str, str] | None:
    if task.operator.recipe == "call_python_callable":
        return "arguments", "object"
    return _SINKS.get(task.operator.path.rpartition(":")[2]) if task.operator.kind != "taskflow" else None


def _filled(desk: Desk, task: TaskSpec, found: list[_Handed], step: Step) -> TaskSpec | None:
    name, shape = _sink(task) or ("", "")
    pod = task.operator.path.endswith("PodOperator")
    if pod and _ENVIRONMENT.search(step.words):
        name, shape = "env_vars", "environment"
    pairs = {item.key or item.default_key: _leaf(item.template) for item in found}
    unnamed = [item.default_key for item in found if not item.key]
    if unnamed:
        listed = ", ".join(map(repr, unnamed))
        desk.notes.assume("parameters", f"What is handed to {task.task_id!r} goes by the name {listed}.", found[0].span)
    if shape == "http":
        return _with_body(task, pairs, found)
    if shape == "command":
        return _with_command(task, name, found, shell=task.operator.path.endswith(":BashOperator"))
    present = task.argument(name)
    value = _shaped(shape, pairs, present.value if present is not None else None)
    if value is None:
        return None
    own = Argument(name, value, "stated", found[0].span)
    return replace(task, arguments=(*(item for item in task.arguments if item.name != name), own))


def _with_body(task: TaskSpec, pairs: dict[str, object], found: list[_Handed]) -> TaskSpec | None:
    """A request with the pairs: as its query where it only reads, else as a JSON body."""
    if task.argument("data") is not None:
        return None
    method = task.argument("method")
    reads = method is not None and isinstance(method.value, LiteralValue) and method.value.value == "GET"
    if reads:
        return replace(
            task, arguments=(*task.arguments, Argument("data", LiteralValue.of(pairs), "stated", found[0].span))
        )
    body = "{" + ", ".join(f'"{key}": "{_text(item)}"' for key, item in pairs.items()) + "}"
    arguments = [*task.arguments, Argument("data", LiteralValue.of(_leaf(body)), "stated", found[0].span)]
    if task.argument("headers") is None:
        arguments.append(Argument("headers", LiteralValue.of({"Content-Type": "application/json"}), "implied"))
    return replace(task, arguments=tuple(arguments))


def _leaf(text: str) -> object:
    return {"__template__": text} if "{{" in text else text


def _text(leaf: object) -> str:
    return str(leaf["__template__"]) if isinstance(leaf, dict) else str(leaf)


def _shaped(shape: str, pairs: dict[str, object], present: object) -> LiteralValue | None:
    """The pairs in the shape of the argument, added to what it holds already."""
    before = present.value if isinstance(present, LiteralValue) else None
    if shape == "json":
        if before is not None:
            return None
        inside = ", ".join(f'"{key}": "{_text(item)}"' for key, item in pairs.items())
        text = "{" + inside + "}"
        return LiteralValue.of(_leaf(text))
    if shape == "data":
        return LiteralValue.of({"data": _leaf("{" + ", ".join(f'"{k}": "{_text(v)}"' for k, v in pairs.items()) + "}")})
    if shape == "flags":
        flags = [part for key, item in pairs.items() for part in (f"--{key.lstrip('-')}", item)]
        kept = [part for part in before if "=" not in str(part)] if isinstance(before, list) else []
        return LiteralValue.of([*kept, *flags])
    if shape == "overrides":
        variables = [{"name": key.upper(), "value": item} for key, item in pairs.items()]
        return None if before is not None else LiteralValue.of({"container_overrides": [{"env": variables}]})
    if shape == "dashed":
        pairs = {f"--{key.lstrip('-')}": item for key, item in pairs.items()}
    if shape == "environment":
        pairs = {slug(key).upper(): item for key, item in pairs.items()}
    return LiteralValue.of({**(before if isinstance(before, dict) and not _is_open(before) else {}), **pairs})


def _is_open(data: dict[str, object]) -> bool:
    return any(key.startswith("<") for key in data)


def _with_command(task: TaskSpec, name: str, found: list[_Handed], *, shell: bool) -> TaskSpec | None:
    """The command with what is handed over as flags. What a person enters reaches a shell only as a variable of it."""
    command = task.argument(name)
    if command is None or not isinstance(command.value, LiteralValue):
        return None
    text = str(command.value.value)
    if any(item.template in text for item in found) or "\n" in text or re.search(r"[|&;<>]", text):
        return None
    if _DBT.search(text):
        inside = ", ".join(f'"{item.key or item.default_key}": "{item.template}"' for item in found)
        told = Argument(name, LiteralValue.of(f"{text} --vars '{{{inside}}}'"), command.origin, command.evidence)
        return replace(task, arguments=tuple(told if item.name == name else item for item in task.arguments))
    variables: dict[str, object] = {}
    for item in found:
        key = (item.key or item.default_key).lstrip("-")
        asked = item.template.startswith("{{ params.")
        if asked and not shell:
            return None
        if asked:
            variables[slug(key).upper()] = _leaf(item.template)
        text += f' --{key} "${slug(key).upper()}"' if asked else f" --{key} {item.template}"
    told = Argument(name, LiteralValue.of(text), command.origin, command.evidence)
    arguments = [told if item.name == name else item for item in task.arguments]
    if variables:
        present = task.argument("env")
        before = present.value.value if present is not None and isinstance(present.value, LiteralValue) else {}
        arguments = [item for item in arguments if item.name not in ("env", "append_env")]
        arguments.append(Argument("env", LiteralValue.of({**before, **variables}), "stated", found[0].span))
        arguments.append(Argument("append_env", LiteralValue.of(True), "implied"))
    return replace(task, arguments=tuple(arguments))
