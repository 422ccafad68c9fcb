"""`read_settings`: retries, limits, name, owner and tags that a description gives to its DAG."""

from __future__ import annotations

from airflow_provider_wfintel.engine.generation.schedule.lexicon import read_items
from airflow_provider_wfintel.engine.generation.settings.limits import find_limits, find_pool, find_timeouts
from airflow_provider_wfintel.engine.generation.settings.names import find_name, find_owner, find_tags
from airflow_provider_wfintel.engine.generation.settings.reading import SettingsReading
from airflow_provider_wfintel.engine.generation.settings.retries import DEFAULT_RETRIES, RetriesFound, find_retries
from airflow_provider_wfintel.engine.model import Assumption, Caution, LimitSpec, RetrySpec, Span

__all__ = ["read_settings"]


def read_settings(text: str) -> SettingsReading:
    """Read the settings of a DAG from a description in words. No text raises."""
    items = read_items(text, also=__package__ or "")
    retries = find_retries(items)
    limits = find_limits(items)
    pool, slots, pool_spans = find_pool(text)
    timeouts = find_timeouts(items)
    name, owner = find_name(text), find_owner(text)
    tags, tag_span = find_tags(text)
    spans = [found.mention.span for found in retries] + limits.spans + pool_spans + [item.span for item in timeouts]
    spans += [item.span for item in (name, owner) if item is not None]
    spans += [tag_span] if tag_span is not None else []
    warnings = []
    if name is not None and name.refused:
        text_of = "the name of the DAG is no plain identifier (letters, digits, '_', '-', '.'): it is not taken over"
        warnings.append(Caution("dag_id", text_of, name.span))
    return SettingsReading(
        retry=_whole_dag(retries),
        retry_spans=tuple(found.mention.span for found in retries),
        retries=tuple(found.mention for found in retries),
        limits=LimitSpec(limits.active_runs, limits.active_tasks, pool, slots),
        mapped_limit=limits.mapped,
        mapped_span=limits.mapped_span,
        owner=owner.value if owner is not None else "",
        tags=tags,
        dag_id=name.value if name is not None else "",
        timeouts=tuple(timeouts),
        consumed=tuple(sorted(set(spans))),
        assumptions=_assumptions(retries),
        warnings=tuple(warnings),
    )


def _whole_dag(retries: list[RetriesFound]) -> RetrySpec | None:
    return next((found.mention.retry for found in retries if found.mention.scope is None), None)


def _assumptions(retries: list[RetriesFound]) -> tuple[Assumption, ...]:
    said = []
    for found in retries:
        span: Span = found.mention.span
        if found.no_number:
            said.append(
                Assumption("retries", f"the text names no number of retries: {DEFAULT_RETRIES} are assumed", span)
            )
        if found.from_attempts:
            count = found.mention.retry.retries
            said.append(Assumption("retries", f"the attempts are read as the first try and {count} retries", span))
    return tuple(said)
