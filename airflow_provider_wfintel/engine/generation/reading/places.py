"""Places to work in: a cluster that one step makes is where later steps run, until one removes it."""

from __future__ import annotations

import re
from dataclasses import replace

from airflow_provider_wfintel.engine.generation.reading.line import Line
from airflow_provider_wfintel.engine.generation.reading.steps import OwnedSlot, Step

__all__ = ["at_place"]

_PLACE = re.compile(r"\b(?:clusters?|clúster|cúmulo|grappe|job ?flow)\b|集群", re.IGNORECASE)
_MAKES = re.compile(
    r"\W*(?:(?:first|then|and|to)\W+)*(?:creat|spin|start|launch|provision|bring|set|boot|fire|stand|open|erstell|anleg|start|crea|lanc|lanz|levant|démarr|cri|sub)\w*|创建|启动",
    re.IGNORECASE,
)
_ON_IT = re.compile(
    r"\b(?:on|to|in|over|auf|an|sur|dans|en|em|nel)\s+(?:it|(?:this|that|the|dem|diesem|ce|cet|le|el|ese|o|esse)\s+(?:same\s+|new\s+)?(?:cluster|clúster))\b|\b(?:there|darauf|dessus|nele)\b",
    re.IGNORECASE,
)
# "run the step s3://…" while the cluster is up: an address says where the program lies, not where it runs.
_JOB = re.compile(r"\b(?:steps?|spark|pyspark|hive|hadoop)\b", re.IGNORECASE)
_IT = re.compile(r"\b(?:it|this|that|them|ihn|es|le|lo|la|ela|ele)\b|(?:它)", re.IGNORECASE)
_ENDS = frozenset(
    {"terminate", "delete", "remove", "stop", "tear down", "shut down", "destroy", "kill", "drop", "tear", "shut"}
)
# What a job needs to know of its place beside its name.
_KEPT = ("cluster", "region", "project", "zone", "resource_group_name")
# Where a program lies, and the engine that it is written for: neither says on which cluster it runs.
_NO_PLACES = frozenset({"", "spark", "hive", "amazon_s3", "google_cloud_storage", "azure_blob_storage", "hdfs"})
# Their statements go over a connection, which knows the cluster.
_DATABASES = frozenset({"amazon_redshift"})
_RUNS = frozenset({"trigger", "transform", "train", "none", "query"})


def at_place(line: Line, step: Step) -> Step:
    """A step that runs on, or removes, the cluster that a step before it made, with the cluster's service and name."""
    maker = _maker(line)
    if maker is None or step.tool:
        return step
    service = maker.target or maker.source
    if step.lemma in _ENDS and step.action in ("delete", "trigger") and _speaks_of_it(step):
        return _moved(step, maker, service) if step.services in ((), (service,)) else step
    runs = step.action in _RUNS or (step.action == "load" and step.lemma in ("submit", "add"))
    if not runs or step.source or step.target not in (*_NO_PLACES, service):
        return step
    if not _ON_IT.search(step.words) and not (step.values("uri") and _JOB.search(step.words)):
        return step
    return _moved(replace(step, action="trigger"), maker, service)


def _maker(line: Line) -> Step | None:
    """The last step that makes a cluster, unless a later one removed it."""
    for item in reversed(line.steps):
        if item.lemma in _ENDS and _PLACE.search(item.words):
            return None
        if item.services and _PLACE.search(item.words) and _MAKES.match(item.words):
            return item
    return None


def _speaks_of_it(step: Step) -> bool:
    if _PLACE.search(step.words):
        return True
    return all(item.slot.name in _KEPT for item in step.slots) and _IT.search(step.words) is not None


def _moved(step: Step, maker: Step, service: str) -> Step:
    """The step on the maker's service: what it says itself stays, what it leaves open is the maker's."""
    own = tuple(replace(item, service=service) for item in step.slots)
    names = _KEPT[1:] if service in _DATABASES else _KEPT
    kept: tuple[OwnedSlot, ...] = tuple(
        item for item in maker.slots if item.slot.name in (*names, "connection") and not step.values(item.slot.name)
    )
    return replace(step, target=service, slots=(*own, *(replace(item, service=service) for item in kept)))
