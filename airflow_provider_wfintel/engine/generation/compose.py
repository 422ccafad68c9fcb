"""The whole way from a text to a `Generation`: read, plan, write, collect what a person should know."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from airflow_provider_wfintel.engine.catalog import load_catalog
from airflow_provider_wfintel.engine.catalog.recipe import load_recipes
from airflow_provider_wfintel.engine.generation.accounting.small_words import may_be_work, says_nothing
from airflow_provider_wfintel.engine.generation.accounting.stock import take_stock
from airflow_provider_wfintel.engine.generation.mentions import find_mentions, require_text
from airflow_provider_wfintel.engine.generation.mentions.implied import implied_mentions
from airflow_provider_wfintel.engine.generation.patterns.match import match_patterns
from airflow_provider_wfintel.engine.generation.planning.alerts import alert_specs
from airflow_provider_wfintel.engine.generation.planning.assets import accepted_name, with_outlets
from airflow_provider_wfintel.engine.generation.planning.columnar import with_columnar_exports
from airflow_provider_wfintel.engine.generation.planning.compared import with_compared_counts
from airflow_provider_wfintel.engine.generation.planning.contradictions import find_contradictions
from airflow_provider_wfintel.engine.generation.planning.declared import with_declared_params
from airflow_provider_wfintel.engine.generation.planning.deployment import (
    check_against_deployment,
    house_name,
    house_owner,
    house_retry,
    house_tags,
    style_source,
    warn_of_missing_providers,
    with_known_assets,
    with_zone,
)
from airflow_provider_wfintel.engine.generation.planning.desk import Desk
from airflow_provider_wfintel.engine.generation.planning.each_file import with_each_behind
from airflow_provider_wfintel.engine.generation.planning.gaps import find_gaps
from airflow_provider_wfintel.engine.generation.planning.live import with_live_templates
from airflow_provider_wfintel.engine.generation.planning.loops import with_loops
from airflow_provider_wfintel.engine.generation.planning.named_files import with_named_files
from airflow_provider_wfintel.engine.generation.planning.naming import dag_name, slug
from airflow_provider_wfintel.engine.generation.planning.plan import Planned, plan_tasks
from airflow_provider_wfintel.engine.generation.planning.prose import without_prose
from airflow_provider_wfintel.engine.generation.planning.publish import split_publications
from airflow_provider_wfintel.engine.generation.planning.results import with_results
from airflow_provider_wfintel.engine.generation.planning.shared_settings import with_shared_settings
from airflow_provider_wfintel.engine.generation.planning.step_settings import (
    with_past_runs,
    with_retries,
    with_timeouts,
)
from airflow_provider_wfintel.engine.generation.planning.surroundings import with_requirements
from airflow_provider_wfintel.engine.generation.planning.unrolled import with_unrolled
from airflow_provider_wfintel.engine.generation.planning.whole_folders import with_whole_folders
from airflow_provider_wfintel.engine.generation.planning.worker_files import with_worker_files
from airflow_provider_wfintel.engine.generation.reading.conditions import day_conditions
from airflow_provider_wfintel.engine.generation.reading.days_off import find_days_off, with_days_off
from airflow_provider_wfintel.engine.generation.reading.flow import Flow, read_flow
from airflow_provider_wfintel.engine.generation.reading.foreach import counts
from airflow_provider_wfintel.engine.generation.reading.frames import group_frames
from airflow_provider_wfintel.engine.generation.reading.language import READ, require_known_words, require_language
from airflow_provider_wfintel.engine.generation.reading.looking import looks
from airflow_provider_wfintel.engine.generation.reading.prepare import Prepared, prepare
from airflow_provider_wfintel.engine.generation.reading.requirements import Requirements
from airflow_provider_wfintel.engine.generation.reading.secrets import find_secrets, redacted
from airflow_provider_wfintel.engine.generation.reading.size import (
    MAX_PIECES,
    MAX_STEPS,
    require_few,
    require_words,
    with_short_blanks,
)
from airflow_provider_wfintel.engine.generation.render.service import render_dag, required_distributions
from airflow_provider_wfintel.engine.generation.schedule import ScheduleReading, next_runs, read_schedule
from airflow_provider_wfintel.engine.generation.settings import SettingsReading, read_settings
from airflow_provider_wfintel.engine.generation.suggestions.suggest import suggest
from airflow_provider_wfintel.engine.model import (
    Argument,
    DeploymentContext,
    Generation,
    LiteralValue,
    Mention,
    Span,
    TaskEvidence,
    TaskSpec,
    WorkflowSpec,
)

__all__ = ["compose"]

_FIRST_DAY = "2026-01-01T00:00:00+00:00"


def compose(text: str, context: DeploymentContext, services_folder: Path | None = None) -> Generation:
    """Read `text` and write its DAG file.

    Raises:
        UserInputError: the text is empty, too long, not text or in a language that is not read, or it gives too
            many steps.
    """
    text = require_words(with_short_blanks(require_language(require_text(text))))
    secrets = find_secrets(text)
    text = redacted(text, secrets)
    # "if it is a Monday …" makes a step depend on the day; it is not when the DAG runs.
    schedule, settings = read_schedule(_without(text, (*day_conditions(text), *looks(text)))), read_settings(text)
    schedule = _without_step_limit(schedule, settings)
    days_off = find_days_off(text, schedule)
    consumed = (*schedule.consumed, *settings.consumed, *(days_off[:1] if days_off else ()))
    desk = Desk(load_catalog(services_folder), load_recipes(), text, context)
    desk.declared.update((param.name, param) for param in settings.params)
    desk.notes.params.update(desk.declared)
    schedule = with_known_assets(with_zone(schedule, context, desk.notes), context, desk.notes)
    deadline = schedule.deadline.evidence if schedule.deadline is not None else None
    prepared = prepare(text, _mentions(desk, services_folder), consumed, deadline)
    require_few(len(prepared.clauses), MAX_PIECES, "clauses")
    _check_language(desk, prepared, consumed)
    flow = read_flow(prepared.words, group_frames(text, prepared.clauses))
    require_few(len(flow.steps), MAX_STEPS, "steps")
    flow, schedule = with_days_off(prepared.words, flow, schedule, days_off)
    desk.frequent = _is_frequent(schedule)
    desk.dated = schedule.schedule.kind in ("cron", "interval", "once", "continuous")
    if secrets:
        desk.notes.warn(
            "secret",
            "The text holds a secret. It is left out of the file: put it into the Airflow connection.",
            secrets[0],
        )
    for span in prepared.refused:
        words = " ".join(span.of(text).split())
        desk.notes.ask(
            "refused",
            f"The piece {words!r} looks like a statement smuggled into a name and was not used. Is it meant?",
            span=span,
        )
    flow, assets = split_publications(without_prose(desk, flow))
    flow = with_unrolled(with_named_files(desk, with_columnar_exports(with_loops(flow), desk.catalog)), desk.catalog)
    flow = with_compared_counts(text, with_worker_files(desk, with_each_behind(with_whole_folders(flow))))
    if not flow.steps:
        desk.notes.ask(
            "steps", "What should the workflow do? The text names no steps; describe what is read, changed and written."
        )
        flow = replace(flow, steps=(_nothing(prepared),))
    planned = plan_tasks(desk, flow)
    schedule, assets = _accepted(desk, schedule, assets)
    spec = _spec(desk, text, flow, planned, schedule, settings, assets, prepared.requirements)
    check_against_deployment(spec, context, desk.notes)
    find_contradictions(desk, flow, prepared.words)
    find_gaps(desk, prepared.words, flow, spec.tasks)
    _warn_of_unread(desk, prepared, flow)
    guarded = (step.guard.span for step in flow.steps if step.guard is not None)
    said = (
        *flow.unused,
        *flow.heeded,
        *(item.span for item in flow.alerts),
        *guarded,
        *prepared.refused,
        *prepared.told,
        *prepared.introduced,
        *secrets,
        *desk.said,
        *counts(text, flow.steps),
    )
    flow = replace(flow, unused=(*flow.unused, *prepared.told))
    flow = replace(flow, unused=tuple(span for span in flow.unused if not _tells_deadline(text, span, schedule)))
    spec, left = take_stock(prepared, flow, spec, said, desk.notes)
    unused = (span for span in flow.unused if not says_nothing(span.of(text), prepared.words.language))
    flow = replace(flow, unused=tuple(sorted((*unused, *left))))
    return _generation(desk, text, prepared, flow, spec, schedule, settings)


def _is_frequent(schedule: ScheduleReading) -> bool:
    """Whether the DAG runs more than once on a day."""
    if schedule.schedule.kind == "interval":
        return (schedule.schedule.interval_seconds or 86400) < 86400
    times = [cron.split()[:2] for cron in schedule.schedule.crons]
    return any(not (minute.isdigit() and hour.isdigit()) for minute, hour in times)


def _without_step_limit(schedule: ScheduleReading, settings: SettingsReading) -> ScheduleReading:
    """Of "if it takes longer than 20 minutes kill it": a limit of the step, no deadline of the run."""
    deadline = schedule.deadline.evidence if schedule.deadline is not None else None
    if deadline is None or not any(item.span.overlaps(deadline) for item in settings.timeouts):
        return schedule
    return replace(schedule, deadline=None)


def _without(text: str, spans: tuple[Span, ...]) -> str:
    """The text with some of its words blanked out, so that all others keep their places."""
    for span in spans:
        text = text[: span.start] + " " * (span.end - span.start) + text[span.end :]
    return text


def _mentions(desk: Desk, services_folder: Path | None) -> tuple[Mention, ...]:
    """The services that the text names and those that it means, in its order."""
    named = find_mentions(desk.text, extra_folder=services_folder)
    implied = implied_mentions(desk.text, named, desk.catalog, desk.context, desk.notes.take)
    return tuple(sorted((*named, *implied), key=lambda item: item.span)) if implied else named


def _check_language(desk: Desk, prepared: Prepared, consumed: tuple[Span, ...]) -> None:
    """Refuse a text in a language that is not read; ask if a part of it was understood all the same."""
    text, plain = desk.text, list(prepared.words.blank)
    for item in prepared.words.mentions:
        plain[item.span.start : item.span.end] = " " * (item.span.end - item.span.start)
    told = any(re.search(r"[^\W\d_]{3}", span.of(text)) for span in consumed)
    # "do" is a verb of English and a preposition of Polish and Czech.
    understood = told or any(clause.verb is not None and clause.verb.lemma != "do" for clause in prepared.clauses)
    language = require_known_words(text, "".join(plain), understood=understood)
    if language:
        desk.notes.ask(
            "language",
            f"The description seems to be in {language}, which is not read: steps may be missing. Say it in {READ}?",
        )


def _nothing(prepared: Prepared):  # type: ignore[no-untyped-def]
    from airflow_provider_wfintel.engine.generation.reading.steps import Step

    words = " ".join(prepared.words.text.split())[:200]
    return Step(action="none", lemma="run", words=words, spans=(Span(0, min(200, len(prepared.words.text))),))


def _accepted(
    desk: Desk, schedule: ScheduleReading, published: tuple[str, ...]
) -> tuple[ScheduleReading, tuple[str, ...]]:
    """The assets under names that Airflow accepts, and a word about those that it does not."""
    condition = schedule.schedule.assets
    for uri in (*(condition.uris if condition else ()), *published):
        if accepted_name(uri) != uri:
            text = (
                f"Airflow refuses {uri!r} as the address of an asset: it must name host, database, schema and "
                f"table. The asset is called {accepted_name(uri)!r}; every DAG that uses it must say the same."
            )
            desk.notes.assume("asset", text)
    if condition is not None:
        named = replace(condition, uris=tuple(map(accepted_name, condition.uris)))
        schedule = replace(schedule, schedule=replace(schedule.schedule, assets=named))
    return schedule, tuple(map(accepted_name, published))


def _spec(
    desk: Desk,
    text: str,
    flow: Flow,
    planned: Planned,
    schedule: ScheduleReading,
    settings: SettingsReading,
    assets: tuple[str, ...],
    requirements: Requirements,
) -> WorkflowSpec:
    tasks = with_shared_settings(desk, with_requirements(desk, planned.tasks, requirements))
    tasks = with_results(desk, tasks, planned.dependencies)
    tasks = _with_days_in(with_live_templates(desk, with_declared_params(desk, tasks)), schedule.schedule.timezone)
    tasks = with_outlets(_with_assets(_with_limit(tasks, settings), assets, planned))
    tasks, dag_retry = with_retries(with_timeouts(tasks, settings, text), settings, text)
    tasks, own_past = with_past_runs(tasks, settings, text)
    stated = slug(settings.dag_id) or slug(requirements.name)
    name = house_name(stated or dag_name(text, flow.steps), desk.context, desk.notes, stated=bool(stated))
    dag_retry = house_retry(dag_retry, desk.context, desk.notes, stated=bool(settings.retry_spans))
    limits = settings.limits
    if settings.mapped_limit and not any(task.max_active for task in tasks) and limits.active_tasks is None:
        limits = replace(limits, active_tasks=settings.mapped_limit)
    description = _description(text)
    return WorkflowSpec(
        dag_id=name,
        description=description,
        schedule=schedule.schedule,
        tasks=tasks,
        dependencies=planned.dependencies,
        groups=planned.groups,
        params=tuple(desk.notes.params.values()),
        start_date=schedule.start_date,
        end_date=schedule.end_date,
        catchup=bool(schedule.catchup),
        retry=dag_retry,
        depends_on_past=settings.past.depends and not own_past,
        wait_for_downstream=settings.past.downstream and not own_past,
        alerts=alert_specs(desk, flow.alerts, has_deadline=schedule.deadline is not None),
        deadline=schedule.deadline,
        limits=limits,
        owner=settings.owner or house_owner(desk.context, desk.notes),
        tags=_tags(planned.tasks, settings, house_tags(desk.context, desk.notes)),
        doc=text.strip(),
    ).validate()


def _with_days_in(tasks: tuple[TaskSpec, ...], zone: str) -> tuple[TaskSpec, ...]:
    """Tasks that ask which day it is ask so in the zone of the schedule."""
    if zone in ("", "UTC"):
        return tasks
    told = Argument("timezone", LiteralValue.of(zone), "implied")
    asks = ("branch_on_day", "gate_on_day")
    return tuple(
        replace(task, arguments=(*task.arguments, told)) if task.operator.recipe in asks else task for task in tasks
    )


def _description(text: str) -> str:
    plain = re.sub(r"^\W*(?:\d+[.)]\s+)?", "", " ".join(text.split()))
    first = re.split(r"(?<=[a-z)\]`'\"][.!?])\s", plain, maxsplit=1)[0]
    return first[:117] + "..." if len(first) > 120 else first


def _tags(tasks: tuple[TaskSpec, ...], settings: SettingsReading, house: tuple[str, ...]) -> tuple[str, ...]:
    services = [slug(name) for task in tasks for name in task.services if name not in ("python", "human", "airflow")]
    own = [tag for tag in settings.tags if tag]
    return tuple(dict.fromkeys([*own, *house, *([] if own else services[:4])]))


def _with_limit(tasks: tuple[TaskSpec, ...], settings: SettingsReading) -> tuple[TaskSpec, ...]:
    if not settings.mapped_limit:
        return tasks
    return tuple(
        replace(task, max_active=settings.mapped_limit) if task.mapping is not None else task for task in tasks
    )


def _with_assets(tasks: tuple[TaskSpec, ...], assets: tuple[str, ...], planned: Planned) -> tuple[TaskSpec, ...]:
    """Published assets are outlets of the last tasks."""
    if not assets:
        return tasks
    ups = {edge.upstream for edge in planned.dependencies}
    return tuple(replace(task, outlets=(*task.outlets, *assets)) if task.task_id not in ups else task for task in tasks)


_DONE_BY = re.compile(
    r"\W*(?:(?:und|and|et|y)\s+)?(?:(?:der|die|das|the|el|le|la|it|es|alles|everything|tout|todo)\s+)?(?:(?:ganze\s+|whole\s+)?(?:lauf|job|dag|run|pipeline|daten|data|ejecución|exécution)\s+)?"
    r"(?:(?:muss|müssen|soll|sollen|sollte|must|should|has\s+to|debe|doit)\s+)?(?:(?:alles|everything|er|es|it)\s+)?(?:bis\b.*|by\b.*|spätestens\b.*|avant\b.*|antes\b.*)?"
    r"(?:(?:be\s+|être\s+|estar\s+)?(?:fertig|abgeschlossen|durch|beendet|da|done|finished|ready|complete|terminé\w*|list[oa]|terminad[oa])(?:\s+(?:sein|werden))?)\W*",
    re.IGNORECASE | re.DOTALL,
)


def _tells_deadline(text: str, span: Span, schedule: ScheduleReading) -> bool:
    """Whether words are nothing but the rest of those that give the deadline ("der Lauf muss … fertig sein")."""
    return schedule.deadline is not None and _DONE_BY.fullmatch(span.of(text)) is not None


_OTHER_WAY = re.compile(
    r"^\W*(?:otherwise|or\s+else|else|if\s+not|sonst|andernfalls|sinon|si\s+no|senão)\b", re.IGNORECASE
)


def _warn_of_unread(desk: Desk, prepared: Prepared, flow: Flow) -> None:
    """Say so where words became no task, unless they only say what must not be done."""
    words = prepared.words
    for span in flow.unused:
        slots = [slot for slot in words.slots_in(span) if slot.name not in ("link", "url", "host")]
        said = " ".join(span.of(words.text).split())
        if words.services_in(span) or slots or _OTHER_WAY.search(said) or may_be_work(said, words.language):
            desk.notes.warn("unread", f"Not read as work: {said[:120]!r}. Say it as a step if it is one.", span)


def _generation(
    desk: Desk,
    text: str,
    prepared: Prepared,
    flow: Flow,
    spec: WorkflowSpec,
    schedule: ScheduleReading,
    settings: SettingsReading,
) -> Generation:
    requirements = required_distributions(spec)
    warn_of_missing_providers(requirements, desk.context, desk.notes)
    decorated = desk.context.style.decorated
    if decorated:
        desk.notes.take("layout", "@dag", style_source(desk.context))
    source = render_dag(spec, decorated=decorated)
    runs = next_runs(spec.schedule, _FIRST_DAY) if spec.schedule.kind in ("cron", "interval", "asset_or_cron") else ()
    return Generation(
        spec=spec,
        source=source,
        text=text,
        mentions=prepared.words.mentions,
        evidence=tuple(TaskEvidence(task.task_id, task.evidence) for task in spec.tasks),
        unused=flow.unused,
        assumptions=(*schedule.assumptions, *settings.assumptions, *desk.notes.assumptions),
        clarifications=(*schedule.questions, *settings.questions, *flow.questions, *desk.notes.questions),
        warnings=(*schedule.warnings, *settings.warnings, *flow.warnings, *desk.notes.warnings),
        requirements=requirements,
        next_runs=runs,
        taken=tuple(desk.notes.taken),
        patterns=match_patterns(spec, text),
        suggestions=suggest(spec, desk.context) if prepared.words.language == "en" else (),
    )
