"""`read_settings`: retries, limits, name, owner and tags that a description gives to its DAG."""

from __future__ import annotations

from itertools import pairwise

from airflow_provider_wfintel.engine.generation.schedule.lexicon import read_items
from airflow_provider_wfintel.engine.generation.settings.durations import find_pokes, find_timeouts
from airflow_provider_wfintel.engine.generation.settings.limits import find_limits, find_pool
from airflow_provider_wfintel.engine.generation.settings.names import find_name, find_owner, find_tags
from airflow_provider_wfintel.engine.generation.settings.past_runs import PastRuns, find_past_runs
from airflow_provider_wfintel.engine.generation.settings.reading import SettingsReading
from airflow_provider_wfintel.engine.generation.settings.retries import DEFAULT_RETRIES, RetriesFound, find_retries
from airflow_provider_wfintel.engine.generation.settings.run_params import find_params
from airflow_provider_wfintel.engine.model import Assumption, Caution, LimitSpec, RetrySpec, Span

__all__ = ["read_settings"]


def read_settings(text: str) -> SettingsReading:
    """Read the settings of a DAG from a description in words. No text raises."""
    items = read_items(text, also=__package__ or "")
    retries = find_retries(items)
    limits = find_limits(items)
    pool, slots, pool_spans = find_pool(text)
    timeouts, pokes = find_timeouts(items), find_pokes(items)
    name, owner = find_name(text), find_owner(text)
    tags, tag_span = find_tags(text)
    past, declared = find_past_runs(text), find_params(text)
    spans = (
        [found.mention.span for found in retries]
        + limits.spans
        + pool_spans
        + [item.span for item in (*timeouts, *pokes)]
    )
    spans += [span for found in retries for span in found.late_spans]
    spans += [item.span for item in (name, owner) if item is not None]
    spans += [*past.spans, *declared.spans]
    spans += [tag_span] if tag_span is not None else []
    warnings = [*_disagreements(text, retries), *limits.warnings]
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
        pokes=tuple(pokes),
        past=past,
        params=declared.params,
        consumed=tuple(sorted(set(spans))),
        assumptions=(*_assumptions(retries), *_of_past_runs(past)),
        warnings=tuple(warnings),
    )


def _of_past_runs(past: PastRuns) -> tuple[Assumption, ...]:
    if not past.assumed:
        return ()
    words = "each task waits until it succeeded in the run before (depends_on_past)"
    if past.downstream:
        words += ", with the tasks right behind it (wait_for_downstream); Airflow knows no dependency on a whole run"
    return (Assumption("depends_on_past", words, past.spans[0]),)


def _whole_dag(retries: list[RetriesFound]) -> RetrySpec | None:
    return next((found.mention.retry for found in retries if found.mention.scope is None), None)


def _disagreements(text: str, retries: list[RetriesFound]) -> list[Caution]:
    """Warn of two numbers of retries, or two delays, that are both said of the whole DAG."""
    whole = [found.mention for found in retries if found.mention.scope is None and not found.no_number]
    warnings = []
    for first, other in pairwise(whole):
        if first.retry.retries != other.retry.retries:
            both = f"'{_words(text, first.span)}' and '{_words(text, other.span)}'"
            warnings.append(
                Caution(
                    "retries",
                    f"contradiction: {both} name {first.retry.retries} and {other.retry.retries} retries; "
                    f"the first, {whole[0].retry.retries}, is used",
                    other.span,
                )
            )
    delays = {found.mention.retry.delay_seconds for found in retries if found.mention.scope is None} - {None}
    delays |= {seconds for found in retries if found.mention.scope is None for seconds in found.other_delays}
    if len(delays) > 1:
        used = next(found.mention for found in retries if found.mention.retry.delay_seconds is not None)
        told = " and ".join(f"{seconds:g} s" for seconds in sorted(delay for delay in delays if delay is not None))
        warnings.append(
            Caution(
                "retry_delay",
                f"contradiction: two delays between the retries, {told}; {used.retry.delay_seconds:g} s is used",
                used.span,
            )
        )
    return warnings


def _words(text: str, span: Span) -> str:
    return " ".join(span.of(text).split())


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
