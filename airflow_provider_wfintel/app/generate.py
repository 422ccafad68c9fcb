"""Use case: a description becomes a DAG file.

The REST routes, the command line and the operators call these functions and nothing below them.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import lru_cache
from pathlib import Path
from typing import Any

from airflow_provider_wfintel.app.opinion import SecondReader, with_second_opinion
from airflow_provider_wfintel.engine.catalog import load_catalog
from airflow_provider_wfintel.engine.generation import service
from airflow_provider_wfintel.engine.model import DeploymentContext, Generation, Span, SpecEdit, to_json
from airflow_provider_wfintel.exceptions import (
    GeneratedCodeError,
    NotTextError,
    TargetExistsError,
    TargetNotWritableError,
    UserInputError,
)

__all__ = [
    "GenerateRequest",
    "generate_workflow",
    "generation_to_dict",
    "remembered_workflow",
    "upcoming_runs",
    "write_dag_file",
]


@dataclass(frozen=True, slots=True)
class GenerateRequest:
    """One description and how to read it.

    Attributes:
        text: the description in words.
        enhanced_intelligence: whether a second opinion is wanted.
        second_reader: who gives it; without one the deterministic reader answers alone and the answer says so.
        context_aware: whether `context` is used at all; without it the text alone decides.
        context: what the deployment has (connections, pools, DAG ids, ...), if the caller knows it.
        services_folder: service records of the deployment's own, added to the catalogue.
        pattern: id of a pattern of the catalogue that takes the place of the text.
        values: `(name, value)` pairs for the parameters of the pattern; lists are tuples.
        edits: what a person has set in a form, after the words were read.
    """

    text: str = ""
    enhanced_intelligence: bool = False
    context_aware: bool = True
    context: DeploymentContext | None = None
    services_folder: Path | None = None
    second_reader: SecondReader | None = None
    pattern: str = ""
    values: tuple[tuple[str, object], ...] = ()
    edits: tuple[SpecEdit, ...] = ()


def generate_workflow(request: GenerateRequest) -> Generation:
    """Read the description and write the DAG file for it. Nothing is stored or written to disk.

    Raises:
        UserInputError: the text is empty, too long or not text, or the pattern or its values cannot be used.
    """
    if request.pattern and request.text:
        raise UserInputError("a text and a pattern are given", hint="give one of them")
    if request.values and not request.pattern:
        raise UserInputError("values are given, but no pattern", hint="name the pattern that they are for")
    try:
        request.text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise NotTextError("the text holds half of a character", hint="hand in text that is valid Unicode") from error
    context = request.context if request.context_aware else None
    folder = request.services_folder
    if request.pattern:
        values = dict(request.values)
        generation = service.generate_from_pattern(request.pattern, values, context=context, services_folder=folder)
    else:
        generation = service.generate(request.text, context=context, services_folder=folder)
    if request.enhanced_intelligence:
        generation = with_second_opinion(generation, request.second_reader, request.services_folder)
    if not request.edits:
        return generation
    return service.edited(generation, request.edits, context=context, services_folder=folder)


def remembered_workflow(request: GenerateRequest) -> Generation:
    """`generate_workflow`, from memory if this process has answered the same request with the same catalogue.

    The 256 answers asked for last are kept.

    Raises:
        UserInputError: the text is empty, too long or not text.
    """
    if request.enhanced_intelligence:  # a model may answer otherwise the next time
        return generate_workflow(request)
    return _remembered(request, load_catalog(request.services_folder).version)


@lru_cache(maxsize=256)
def _remembered(request: GenerateRequest, catalog_version: str) -> Generation:  # noqa: ARG001 - a part of the key
    return generate_workflow(request)


def upcoming_runs(generation: Generation, now: datetime | None = None) -> tuple[str, ...]:
    """The next five runs after `now` (default: this moment) if the DAG were on, as ISO times; none without a clock."""
    moment = (now or datetime.now(timezone.utc)).isoformat(timespec="seconds")
    return service.upcoming_runs(generation.spec, moment)


def generation_to_dict(
    generation: Generation, *, now: datetime | None = None, services_folder: Path | None = None
) -> dict[str, Any]:
    """The answer as JSON data, in the form that the command line and REST share.

    Spans are `[start, end)` pairs of character offsets, except inside `spec`, which is the model's own
    JSON form and reads back with `from_json(WorkflowSpec, ...)`. The `words` beside a span quote the text.
    """
    text = generation.text
    return {
        "text": text,
        "spec": to_json(generation.spec),
        "source": generation.source,
        "services": _services(generation),
        "mentions": [
            {
                "service": item.service,
                "span": _pair(item.span),
                "role": item.role,
                "confidence": item.confidence,
                "alternatives": list(item.alternatives),
                "actions": list(service.suggested_actions(item.service, services_folder=services_folder)),
            }
            for item in generation.mentions
        ],
        "evidence": [
            {
                "task_id": item.task_id,
                "spans": [_pair(span) for span in item.spans],
                "words": [span.of(text) for span in item.spans],
            }
            for item in generation.evidence
        ],
        "unused": [{"span": _pair(span), "words": span.of(text)} for span in generation.unused],
        "assumptions": [_remark(item.about, item.text, item.span) for item in generation.assumptions],
        "clarifications": [
            {**_remark(item.about, item.text, item.span), "options": list(item.options), "task_id": item.task_id}
            for item in generation.clarifications
        ],
        "warnings": [_remark(item.about, item.text, item.span) for item in generation.warnings],
        "requirements": list(generation.requirements),
        "next_runs": list(upcoming_runs(generation, now)),
        "taken": [{"about": item.about, "value": item.value, "source": item.source} for item in generation.taken],
        "patterns": [
            {"id": item.id, "title": item.title, "confidence": item.confidence, "why": list(item.why)}
            for item in generation.patterns
        ],
        "suggestions": [
            {
                "id": item.id,
                "text": item.text,
                "reason": item.reason,
                "sentence": item.sentence,
                "task_id": item.task_id,
            }
            for item in generation.suggestions
        ],
        "operators": [
            {"task_id": task_id, "choices": [{"path": item.path, "asks": list(item.asks)} for item in choices]}
            for task_id, choices in service.operator_choices(generation.spec, services_folder=services_folder).items()
        ],
    }


def _services(generation: Generation) -> list[str]:
    """Catalogue ids that the workflow uses, each once: those of its tasks, then those of its alerts."""
    used = [name for task in generation.spec.tasks for name in task.services]
    used += [alert.service for alert in generation.spec.alerts if alert.service]
    return list(dict.fromkeys(used))


def _pair(span: Span) -> list[int]:
    return [span.start, span.end]


def _remark(about: str, text: str, span: Span | None) -> dict[str, Any]:
    return {"about": about, "text": text, "span": None if span is None else _pair(span)}


def write_dag_file(path: str | Path, source: str, *, force: bool = False) -> Path:
    """Write a DAG file in one step: the folder holds the whole new file or stays as it was.

    Args:
        path: the file to write; its folder must exist.
        source: the Python source.
        force: whether an existing file may be replaced. It keeps its permissions.

    Returns:
        The absolute path that was written.

    Raises:
        TargetExistsError: the file exists and `force` is not set.
        TargetNotWritableError: the folder is missing or does not accept the file.
        GeneratedCodeError: the source holds characters that no text file can hold.
    """
    target = Path(path).expanduser().absolute()
    _refuse_bad_target(target, force=force)
    try:
        data = source.encode("utf-8")
    except UnicodeEncodeError as error:
        raise GeneratedCodeError(
            f"the source for {target.name!r} cannot be written as UTF-8: {error.reason}",
            hint="remove the broken characters from the description",
        ) from error
    temporary = target.with_name(f".wfintel-{secrets.token_hex(6)}.tmp")
    try:
        _write_new(temporary, data)
        _put_in_place(temporary, target, force=force)
    except FileExistsError as error:
        raise _exists(target) from error
    except OSError as error:
        raise TargetNotWritableError(
            f"cannot write {str(target)!r}: {error.strerror or error}",
            hint="choose a folder that this user may write to and that has room",
        ) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
    return target


def _refuse_bad_target(target: Path, *, force: bool) -> None:
    if "\0" in str(target):
        raise TargetNotWritableError(f"{str(target)!r} is no usable file name", hint="choose another name")
    try:
        if target.is_dir():
            raise TargetNotWritableError(f"{str(target)!r} is a folder", hint="name a file, such as my_dag.py")
        if not target.parent.is_dir():
            raise TargetNotWritableError(f"the folder {str(target.parent)!r} does not exist", hint="make it first")
        if not force and os.path.lexists(target):
            raise _exists(target)
    except OSError as error:  # a path that is too long, for one
        raise TargetNotWritableError(f"{str(target)!r} is no usable file name", hint="choose another name") from error


def _exists(target: Path) -> TargetExistsError:
    return TargetExistsError(f"{str(target)!r} exists", hint="choose another name or allow overwriting with force")


def _write_new(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def _put_in_place(temporary: Path, target: Path, *, force: bool) -> None:
    if force:
        with contextlib.suppress(FileNotFoundError):
            temporary.chmod(target.stat().st_mode & 0o7777)
        temporary.replace(target)
        return
    try:
        # A hard link fails if somebody made the file meanwhile; a rename would overwrite theirs.
        os.link(temporary, target)
    except FileExistsError:
        raise
    except OSError:
        if os.path.lexists(target):
            raise FileExistsError(target) from None
        temporary.replace(target)
