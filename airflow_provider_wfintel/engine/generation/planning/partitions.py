"""How a table of BigQuery is laid out: "partitioned by day", "partitioned on order_date", "clustered by customer_id"."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from airflow_provider_wfintel.engine.generation.planning.desk import Desk
from airflow_provider_wfintel.engine.generation.planning.drafts import Draft
from airflow_provider_wfintel.engine.generation.reading.steps import Step
from airflow_provider_wfintel.engine.model import Argument, LiteralValue, Span, TaskSpec

__all__ = ["with_partitions"]

_NAME = r"[`'\"]?(?P<{0}>[A-Za-z_]\w*)[`'\"]?"
_UNIT = r"(?P<unit>hour|day|month|year)(?:ly)?|(?P<daily>daily)"
_PARTITIONED = re.compile(
    rf"\bpartition(?:ed|ing|s)?\s+(?:(?:it|them|the\s+table)\s+)?(?:by|on|per)\s+(?:the\s+)?(?:(?:{_UNIT})\b(?:\s+(?:of|on|using|by)\s+(?:the\s+)?(?:column\s+|field\s+)?{_NAME.format('of')})?"
    rf"|(?:column\s+|field\s+)?{_NAME.format('field')}(?:\s+(?:by\s+|per\s+)(?P<per>hour|day|month|year))?)|\b(?P<adj>hourly|daily|monthly|yearly)[\s-]partition(?:ed|s)\b",
    re.IGNORECASE,
)
_CLUSTERED = re.compile(
    r"\bcluster(?:ed|ing)?\s+(?:it\s+)?(?:by|on)\s+(?:the\s+)?(?:columns?\s+|fields?\s+)?(?P<fields>[`'\"]?[A-Za-z_]\w*[`'\"]?(?:(?:\s*,\s*(?:and\s+)?|\s+and\s+)[`'\"]?[A-Za-z_]\w*[`'\"]?(?!\s+(?:the|a|an|it|into|to|from)\b))*)",
    re.IGNORECASE,
)
_ADJECTIVES = {"hourly": "HOUR", "daily": "DAY", "monthly": "MONTH", "yearly": "YEAR"}
_COMMON = frozenset({"the", "a", "an", "it", "its", "ingestion", "date", "time", "which", "this", "that"})
# BigQuery takes four columns at most.
_MOST = 4
# Verbs that open the next step after "and".
_VERBS = frozenset(
    {"then", "post", "send", "run", "load", "notify", "mail", "write", "tell", "trigger", "check", "delete"}
)


@dataclass(frozen=True, slots=True)
class _Layout:
    """Partitions as BigQuery spells them, the columns of clusters, and the words that say so."""

    partitions: dict[str, str]
    clusters: tuple[str, ...]
    spans: tuple[Span, ...]


def with_partitions(desk: Desk, step: Step, drafts: tuple[Draft, ...]) -> tuple[Draft, ...]:
    """The drafts with the stated layout in the operator of BigQuery that takes one."""
    layout = _layout(desk, step)
    if layout is None:
        return drafts
    result = []
    for draft in drafts:
        task = _laid_out(draft.task, layout)
        if task is not None:
            desk.said.extend(layout.spans)
        result.append(draft if task is None else replace(draft, task=task))
    return tuple(result)


def _layout(desk: Desk, step: Step) -> _Layout | None:
    partitions: dict[str, str] = {}
    clusters: tuple[str, ...] = ()
    spans: list[Span] = []
    for span in step.spans:
        words = span.of(desk.text)
        found = _PARTITIONED.search(words)
        if found is not None and not partitions:
            partitions = _partitions(found)
            spans.append(Span(span.start + found.start(), span.start + found.end()))
        found = _CLUSTERED.search(words)
        if found is not None and not clusters:
            names = [name.strip("`'\" ") for name in re.split(r"\s*,\s*(?:and\s+)?|\s+and\s+", found.group("fields"))]
            clusters = tuple(name for name in names if name.lower() not in _VERBS)[:_MOST]
            spans.append(Span(span.start + found.start(), span.start + found.end()))
    return _Layout(partitions, clusters, tuple(spans)) if partitions or clusters else None


def _partitions(found: re.Match[str]) -> dict[str, str]:
    unit = found.group("unit") or found.group("per")
    if found.group("adj"):
        return {"type": _ADJECTIVES[found.group("adj").lower()]}
    kind = unit.upper() if unit else "DAY"
    field = found.group("of") or found.group("field") or ""
    return {"type": kind, "field": field} if field and field.lower() not in _COMMON else {"type": kind}


def _laid_out(task: TaskSpec, layout: _Layout) -> TaskSpec | None:
    name = task.operator.path.rpartition(":")[2]
    if name == "GCSToBigQueryOperator":
        extra = []
        if layout.partitions:
            extra.append(Argument("time_partitioning", LiteralValue.of(layout.partitions), "stated", layout.spans[0]))
        if layout.clusters:
            extra.append(Argument("cluster_fields", LiteralValue.of(list(layout.clusters)), "stated", layout.spans[-1]))
        return replace(task, arguments=(*task.arguments, *extra))
    if name == "BigQueryInsertJobOperator":
        return _with_job(task, layout)
    return _with_table(task, layout) if name == "BigQueryCreateTableOperator" else None


def _with_job(task: TaskSpec, layout: _Layout) -> TaskSpec | None:
    """A job that writes its result into a table of its own says how that table is laid out."""
    configuration = task.argument("configuration")
    data = configuration.value.value if configuration and isinstance(configuration.value, LiteralValue) else None
    kind = next((item for item in ("query", "load") if isinstance(data, dict) and item in data), "")
    if not isinstance(data, dict) or not kind or "destinationTable" not in data[kind]:
        return None
    return _with(task, "configuration", {**data, kind: {**data[kind], **_resource(layout)}})


def _with_table(task: TaskSpec, layout: _Layout) -> TaskSpec | None:
    resource = task.argument("table_resource")
    data = resource.value.value if resource is not None and isinstance(resource.value, LiteralValue) else {}
    if not isinstance(data, dict):
        return None
    return _with(task, "table_resource", {**data, **_resource(layout)})


def _resource(layout: _Layout) -> dict[str, object]:
    found: dict[str, object] = {"timePartitioning": layout.partitions} if layout.partitions else {}
    return found | ({"clustering": {"fields": list(layout.clusters)}} if layout.clusters else {})


def _with(task: TaskSpec, name: str, data: dict[str, object]) -> TaskSpec:
    own = Argument(name, LiteralValue.of(data), "stated")
    return replace(task, arguments=(*(item for item in task.arguments if item.name != name), own))
