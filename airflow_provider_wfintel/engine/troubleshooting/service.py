"""The front door of the troubleshooting engine: logs and facts in, diagnoses and incidents out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from airflow_provider_wfintel.engine.catalog.failures import FailureClass, failure_classes
from airflow_provider_wfintel.engine.model import Diagnosis
from airflow_provider_wfintel.engine.troubleshooting.conclude import conclude
from airflow_provider_wfintel.engine.troubleshooting.events import LogDocument
from airflow_provider_wfintel.engine.troubleshooting.live import document_of_exception
from airflow_provider_wfintel.engine.troubleshooting.matching import default_index
from airflow_provider_wfintel.engine.troubleshooting.redaction import redact
from airflow_provider_wfintel.engine.troubleshooting.scoring import find_hits
from airflow_provider_wfintel.exceptions import UserInputError

if TYPE_CHECKING:
    from airflow_provider_wfintel.engine.model import TryFacts
    from airflow_provider_wfintel.engine.troubleshooting.facts import facts_to_mapping
    from airflow_provider_wfintel.engine.troubleshooting.incidents import (
        FailedTry,
        Incident,
        cause_of,
        group_incidents,
        known_cause,
    )
    from airflow_provider_wfintel.engine.troubleshooting.reading import Window

__all__ = [
    "ACTING_CONFIDENCE",
    "FailedTry",
    "FailureClass",
    "Incident",
    "cause_of",
    "diagnose",
    "diagnose_exception",
    "diagnose_file",
    "diagnose_stream",
    "facts_to_mapping",
    "failure_classes",
    "group_incidents",
    "known_cause",
    "redact",
]

# A retry decision in a task process needs no more than what is imported above; the rest is loaded when it is asked for.
_LATER = {
    "FailedTry": "incidents",
    "Incident": "incidents",
    "facts_to_mapping": "facts",
    "cause_of": "incidents",
    "group_incidents": "incidents",
    "known_cause": "incidents",
}

ACTING_CONFIDENCE = 0.95
"""From this confidence on a diagnosis is right in at least 98 of 100 measured cases (docs/explanation/diagnosis.md), so
that what a policy allows may be done without a person. Below it a person decides."""


def diagnose(
    text: str, facts: Mapping[str, Any] | TryFacts | None = None, *, secrets: Collection[str] = ()
) -> Diagnosis:
    """Why a try failed, from its log and what is known beside it.

    Args:
        text: the log: lines of JSON, text, or both; empty if there is none.
        facts: what is known beside the log: `TryFacts`, its JSON form, or what `facts.fact_events` reads.
        secrets: values that must not appear in the answer.
    """
    from airflow_provider_wfintel.engine.troubleshooting.reading import window_of_text

    return _diagnose(window_of_text(text), facts, secrets)


def diagnose_stream(
    stream: BinaryIO, facts: Mapping[str, Any] | TryFacts | None = None, *, secrets: Collection[str] = ()
) -> Diagnosis:
    """The same for a stream of bytes, plain or gzip, of any size; memory stays constant."""
    from airflow_provider_wfintel.engine.troubleshooting.reading import window_of_stream

    return _diagnose(window_of_stream(stream), facts, secrets)


def diagnose_file(
    path: str | Path, facts: Mapping[str, Any] | TryFacts | None = None, *, secrets: Collection[str] = ()
) -> Diagnosis:
    """The same for a file.

    Raises:
        UserInputError: the file cannot be read.
    """
    try:
        with Path(path).open("rb") as stream:
            return diagnose_stream(stream, facts, secrets=secrets)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UserInputError(f"cannot read {str(path)!r}: {reason}", hint="name a log file that exists") from error


def diagnose_exception(error: BaseException, *, secrets: Collection[str] = ()) -> Diagnosis:
    """Why a try failed, from the exception alone, in the process in which it was raised."""
    document = document_of_exception(error, secrets)
    return conclude(document, find_hits(document, default_index()))


def _diagnose(window: Window, facts: Mapping[str, Any] | TryFacts | None, secrets: Collection[str]) -> Diagnosis:
    from airflow_provider_wfintel.engine.troubleshooting.circumstances import circumstances, first_steps
    from airflow_provider_wfintel.engine.troubleshooting.facts import fact_events, facts_to_mapping
    from airflow_provider_wfintel.engine.troubleshooting.reading import read_document

    if facts is not None and not isinstance(facts, Mapping):
        facts = facts_to_mapping(facts)
    document = read_document(redact(window.text, secrets), omitted_bytes=window.omitted)
    known = fact_events(facts, has_log=bool(window.text.strip()))
    if known:
        masked = tuple(
            event._replace(text=redact(event.text, secrets), raw=redact(event.raw, secrets)) for event in known
        )
        document = LogDocument((*document.events, *masked), document.lines, document.omitted_bytes)
    found = conclude(document, find_hits(document, default_index()))
    beside = tuple(redact(sentence, secrets) for sentence in circumstances(facts))
    if not beside:
        return found
    steps = tuple(redact(step, secrets) for step in first_steps(facts, found.fix_location))
    return replace(found, circumstances=beside, steps=(*steps, *found.steps))


def __getattr__(name: str) -> object:
    """Load a name of the front door that is seldom needed."""
    home = _LATER.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = import_module(f"{__name__.rpartition('.')[0]}.{home}")
    value: object = getattr(module, name)
    globals()[name] = value
    return value
