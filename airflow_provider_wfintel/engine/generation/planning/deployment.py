"""What the deployment has, set against what the words ask for: zone, connections, pools, DAGs, assets, house style."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from difflib import get_close_matches

from airflow_provider_wfintel.engine.catalog.records import Service
from airflow_provider_wfintel.engine.generation.planning.drafts import Notes
from airflow_provider_wfintel.engine.generation.planning.naming import slug, unique
from airflow_provider_wfintel.engine.generation.schedule import ScheduleReading
from airflow_provider_wfintel.engine.model import (
    AssetCondition,
    DeploymentContext,
    LiteralValue,
    RetrySpec,
    TaskSpec,
    WorkflowSpec,
)

__all__ = [
    "check_against_deployment",
    "chosen_connection",
    "house_name",
    "house_owner",
    "house_retry",
    "house_tags",
    "style_source",
    "warn_of_missing_providers",
    "with_known_assets",
    "with_zone",
]

# Connection types that also serve services whose own type is another one: the first that the provider's hooks accept.
_ALSO = {
    "gcpbigquery": "google_cloud_platform",
    "gcpcloudsql": "google_cloud_platform",
    "emr": "aws",
    "redshift": "aws",
}


def with_zone(reading: ScheduleReading, context: DeploymentContext, notes: Notes) -> ScheduleReading:
    """The schedule in the deployment's time zone, if the words name none."""
    schedule = reading.schedule
    if not context.timezone or schedule.timezone_stated or not (schedule.crons or schedule.kind == "interval"):
        return reading
    notes.take("timezone", context.timezone, "default time zone")
    words = schedule.words.replace("UTC", context.timezone) if "UTC" in schedule.words else schedule.words
    return replace(
        reading,
        schedule=replace(schedule, timezone=context.timezone, words=words),
        assumptions=tuple(item for item in reading.assumptions if item.about != "timezone"),
    )


def chosen_connection(record: Service, context: DeploymentContext, notes: Notes) -> str:
    """The deployment's connection for a service, empty if there is none or the choice is a person's.

    What people chose before comes first, then the only connection of the type, then the only one named after the service.
    """
    kinds = {record.connection_type, _ALSO.get(record.connection_type, "")} - {""}
    known = [name for name, _ in context.connections]
    liked = [
        item.connection_id
        for item in sorted(context.preferences, key=lambda item: -item.weight)
        if item.service == record.id and item.connection_id and item.weight > 0.5
    ]
    liked = [name for name in liked if not known or name in known]
    if liked:
        notes.take("connection", liked[0], "corrections")
        return liked[0]
    fitting = [name for name, kind in context.connections if kind in kinds]
    words = {word for word in record.id.split("_") if len(word) > 2} - {
        "amazon",
        "google",
        "azure",
        "microsoft",
        "apache",
    }
    named = [name for name in fitting if set(slug(name).split("_")) & words]
    own = [name for name in fitting if name != record.default_connection_id]
    for group in (fitting, named, own):
        if len(group) == 1:
            notes.take("connection", group[0], "connections")
            return group[0]
    if len(own) > 1 and record.default_connection_id not in fitting:
        notes.ask("connection", f"Which connection is used for {record.name}?", options=tuple(sorted(own)[:8]))
    return ""


def with_known_assets(reading: ScheduleReading, context: DeploymentContext, notes: Notes) -> ScheduleReading:
    """The URIs that the deployment knows for assets which the words only name ("orders" is `s3://lake/orders`)."""
    condition = reading.schedule.assets
    if condition is None or not context.assets:
        return reading
    uris = []
    for uri in condition.uris:
        found = [known for known in context.assets if uri != known and slug(known.rsplit("/", 1)[-1]) == slug(uri)]
        if uri not in context.assets and "://" not in uri and len(found) == 1:
            notes.take("asset", found[0], "assets")
            uris.append(found[0])
            continue
        if uri not in context.assets:
            near = _near(uri, context.assets)
            notes.warn("asset", f"No DAG of this deployment publishes the asset {uri!r}.{near}")
        uris.append(uri)
    return replace(reading, schedule=replace(reading.schedule, assets=AssetCondition(tuple(uris), condition.mode)))


def house_name(name: str, context: DeploymentContext, notes: Notes, *, stated: bool) -> str:
    """The DAG id in the habit of the house, and not one that is taken. An id that the words state stays as it is."""
    style = context.style
    if not stated:
        plain = name.replace("_", style.separator)
        if style.prefix and not plain.startswith(style.prefix):
            plain = style.prefix + plain
        if plain != name:
            notes.take("dag_id", plain, style_source(context))
            name = plain
    free = unique(name, context.dag_ids)
    if free != name:
        notes.warn("dag_id", f"A DAG {name!r} exists already: this one is called {free!r}.")
    return free


def house_retry(retry: RetrySpec | None, context: DeploymentContext, notes: Notes, *, stated: bool) -> RetrySpec | None:
    """The retries that most DAGs of the house have, if the words say nothing about retries."""
    style = context.style
    if stated or retry is not None or style.retries is None:
        return retry
    notes.take("retries", str(style.retries), style_source(context))
    return RetrySpec(retries=style.retries, delay_seconds=style.retry_delay_seconds)


def house_owner(context: DeploymentContext, notes: Notes) -> str:
    """The owner that is configured, or that most DAGs of the house have."""
    if context.owner:
        notes.take("owner", context.owner, "default owner")
        return context.owner
    if context.style.owner:
        notes.take("owner", context.style.owner, style_source(context))
    return context.style.owner


def house_tags(context: DeploymentContext, notes: Notes) -> tuple[str, ...]:
    """Tags that are configured and that most DAGs of the house carry."""
    for tag in context.tags:
        notes.take("tag", tag, "tags")
    for tag in context.style.tags:
        notes.take("tag", tag, style_source(context))
    return (*context.tags, *context.style.tags)


def style_source(context: DeploymentContext) -> str:
    """What the house style was learned from, in words."""
    return f"style of {context.style.dags} DAGs"


def check_against_deployment(spec: WorkflowSpec, context: DeploymentContext, notes: Notes) -> None:
    """Name stated connections, pools and DAGs that the deployment does not have."""
    if context.connections:
        known = {name for name, _ in context.connections}
        for name in _stated_connections(spec.tasks):
            if name not in known:
                notes.warn("connection", f"The connection {name!r} does not exist here.{_near(name, known)}")
    if context.pools:
        pools = {name for name, _ in context.pools}
        for pool in dict.fromkeys([spec.limits.pool, *(task.pool for task in spec.tasks)]):
            if pool and pool not in pools:
                notes.warn(
                    "pool", f"The pool {pool!r} does not exist here: tasks in it would wait.{_near(pool, pools)}"
                )
    if context.dag_ids:
        for task in spec.tasks:
            for name in ("trigger_dag_id", "external_dag_id"):
                argument = task.argument(name)
                other = argument.value.value if argument and isinstance(argument.value, LiteralValue) else None
                if isinstance(other, str) and other not in context.dag_ids:
                    notes.warn("dag_id", f"The DAG {other!r} does not exist here.{_near(other, context.dag_ids)}")


def _stated_connections(tasks: tuple[TaskSpec, ...]) -> tuple[str, ...]:
    found = [
        item.value.value
        for task in tasks
        for item in task.arguments
        if item.name.endswith("conn_id") and item.origin == "stated" and isinstance(item.value, LiteralValue)
    ]
    return tuple(dict.fromkeys(name for name in found if isinstance(name, str)))


def _near(name: str, known: Iterable[str]) -> str:
    close = get_close_matches(name, sorted(known), n=1, cutoff=0.7)
    return f" Is {close[0]!r} meant?" if close else ""


def warn_of_missing_providers(requirements: tuple[str, ...], context: DeploymentContext, notes: Notes) -> None:
    """Name the distributions that the file needs and the deployment lacks."""
    if not context.providers:
        return
    known = set(context.providers)
    missing = [name for name in requirements if name.startswith("apache-airflow-providers-") and name not in known]
    if missing:
        notes.warn("providers", f"Not installed here: {', '.join(missing)}. Install with pip before using the file.")
