"""Front door of the generator. Nothing above this floor imports past it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from airflow_provider_wfintel.engine.catalog import Catalog
from airflow_provider_wfintel.engine.generation.mentions import find_mentions, named_services, require_text
from airflow_provider_wfintel.engine.model import (
    Correction,
    DeploymentContext,
    Generation,
    HouseStyle,
    Mention,
    OperatorChoice,
    Question,
    SpecEdit,
    WorkflowSpec,
)

__all__ = [
    "detect",
    "differences",
    "edited",
    "find_corrections",
    "generate",
    "generate_from_pattern",
    "learn_style",
    "named_services",
    "operator_choices",
    "suggested_actions",
    "upcoming_runs",
]

# Records below this priority are for what is rarely asked for.
_USUAL = 10


def detect(text: str, *, services_folder: Path | None = None) -> tuple[Mention, ...]:
    """The service names in a text, in its order; those with the role `passing` are no part of the workflow.

    Args:
        text: any text.
        services_folder: service records of one's own, see `load_catalog`.

    Raises:
        UserInputError: the text is empty, too long or not text, or a record of the folder is wrong.
    """
    return find_mentions(require_text(text), extra_folder=services_folder)


def generate(text: str, *, context: DeploymentContext | None = None, services_folder: Path | None = None) -> Generation:
    """Read a description and write the DAG file for it. The same text and context give the same answer.

    Args:
        text: the description.
        context: what the deployment has, if it is to be used.
        services_folder: service records of one's own, see `load_catalog`.

    Raises:
        UserInputError: the text is empty, too long, not text or in a language that is not read, or a record of
            the folder is wrong.
    """
    # Detecting names needs neither the planner nor the writer.
    from airflow_provider_wfintel.engine.generation.compose import compose

    return compose(text, context or DeploymentContext(), services_folder)


def generate_from_pattern(
    pattern_id: str,
    values: Mapping[str, object],
    *,
    context: DeploymentContext | None = None,
    services_folder: Path | None = None,
) -> Generation:
    """The DAG file of a pattern of the catalogue with values for its parameters.

    Raises:
        UserInputError: there is no such pattern or parameter, a value has the wrong type, a required one is missing,
            or the values are read as other work than the pattern's.
    """
    from airflow_provider_wfintel.engine.generation.patterns.instantiate import instantiate

    return instantiate(pattern_id, values, context=context, services_folder=services_folder)


def edited(
    generation: Generation,
    edits: Sequence[SpecEdit],
    *,
    context: DeploymentContext | None = None,
    services_folder: Path | None = None,
) -> Generation:
    """An answer with what a person has set in a form: the spec is changed and the file written anew.

    Raises:
        UserInputError: a value is impossible.
        SpecError: the edited spec cannot be written.
    """
    from airflow_provider_wfintel.engine.catalog import load_catalog
    from airflow_provider_wfintel.engine.generation.edits import edited as edit

    decorated = bool(context and context.style.decorated)
    return edit(generation, edits, load_catalog(services_folder), decorated=decorated)


def operator_choices(
    spec: WorkflowSpec, *, services_folder: Path | None = None
) -> dict[str, tuple[OperatorChoice, ...]]:
    """What else the catalogue has to carry out each task, by task id, the most fitting first; for `SpecEdit`.

    Raises:
        CatalogError: the folder does not exist or holds a bad record.
    """
    from airflow_provider_wfintel.engine.catalog import load_catalog
    from airflow_provider_wfintel.engine.generation.operators import operator_choices as choices

    return choices(spec, load_catalog(services_folder))


def suggested_actions(service: str, *, services_folder: Path | None = None) -> tuple[str, ...]:
    """What can be done with a service of the catalogue, the most usual first; nothing for an unknown one.

    Raises:
        CatalogError: the folder does not exist or holds a bad record.
    """
    from airflow_provider_wfintel.engine.catalog import load_catalog

    catalog = load_catalog(services_folder)
    if service not in catalog:
        return ()
    records = sorted(catalog.actions(service), key=lambda item: -item.priority)
    return tuple(dict.fromkeys(item.action for item in records if item.priority >= _USUAL))


def upcoming_runs(spec: WorkflowSpec, after: str, count: int = 5) -> tuple[str, ...]:
    """The first runs after a moment (ISO date and time), if the clock decides about them; else none.

    Raises:
        SpecError: the moment or the schedule is not valid.
    """
    from airflow_provider_wfintel.engine.generation.schedule import next_runs

    found = next_runs(spec.schedule, max(after, spec.start_date) if spec.start_date else after, count)
    return tuple(run for run in found if not spec.end_date or run[:10] <= spec.end_date[:10])


def learn_style(sources: Iterable[str]) -> HouseStyle:
    """How most of some DAG files are written; see `HouseStyle`. The texts are read, never run."""
    from airflow_provider_wfintel.engine.generation.style import learn_style as learn

    return learn(sources)


def find_corrections(spec: WorkflowSpec, saved: str) -> tuple[Correction, ...]:
    """What a person changed between the generated DAG and the file they saved: operators and connections, by task.

    Raises:
        UserInputError: the saved file is no valid Python.
    """
    from airflow_provider_wfintel.engine.generation.corrections import find_corrections as find

    return find(spec, saved)


def differences(spec: WorkflowSpec, draft: Mapping[str, Any], catalog: Catalog) -> tuple[Question, ...]:
    """A question for everything that another reader's draft of the same text has otherwise.

    Raises:
        SpecError: the draft is none that can be worked with.
    """
    from airflow_provider_wfintel.engine.generation.opinion.compare import compare
    from airflow_provider_wfintel.engine.generation.opinion.draft import draft_spec

    return compare(spec, draft_spec(draft, catalog))
