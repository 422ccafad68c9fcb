"""Values that a sentence gives for the whole chain before it: each goes to the steps whose service has such a value.

"mongo → s3 → snowflake. Collection events of db app, prefix s3://lake/events/, table RAW.EVENTS."
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from airflow_provider_wfintel.engine.generation.reading.alerts import DATA_PLACES
from airflow_provider_wfintel.engine.generation.reading.line import Line
from airflow_provider_wfintel.engine.generation.reading.slots import Slot
from airflow_provider_wfintel.engine.generation.reading.steps import OwnedSlot, Step

__all__ = ["spread_over_chain"]

_STORES = frozenset(
    {"amazon_s3", "google_cloud_storage", "azure_blob_storage", "azure_data_lake", "minio", "sftp", "ftp"}
)
_DOCUMENTS = frozenset({"mongodb", "azure_cosmos_db", "google_firestore"})
_QUEUES = frozenset({"kafka", "amazon_sqs", "rabbitmq", "google_pubsub"})
_DATABASES = DATA_PLACES - _STORES - _DOCUMENTS
_OWNERS = {
    "collection": _DOCUMENTS, "database": _DOCUMENTS | _DATABASES, "topic": _QUEUES, "queue": _QUEUES, "uri": _STORES, "bucket": _STORES,
    "prefix": _STORES, "key": _STORES, "table": _DATABASES, "schema": _DATABASES,
}  # fmt: skip
_SCHEMES = {"s3": "amazon_s3", "s3a": "amazon_s3", "gs": "google_cloud_storage"}


def spread_over_chain(line: Line, detail: Step) -> bool:
    """Give every value of `detail` to the steps of a chain of copies whose service has such a value; False if it is none."""
    copies = [place for place, step in enumerate(line.steps) if step.action == "copy" and step.source and step.target]
    chain = len(copies) > 1 and all(line.steps[one].target == line.steps[two].source for one, two in pairwise(copies))
    kinds = {item.slot.name for item in detail.slots}
    if not chain or len(kinds) < 2 or not kinds <= set(_OWNERS):
        return False
    documents = any(_DOCUMENTS & {line.steps[place].source, line.steps[place].target} for place in copies)
    taken = False
    for place in copies:
        step = line.steps[place]
        own = [OwnedSlot(item.slot, owner) for item in detail.slots if (owner := _owner(step, item.slot, documents))]
        taken = taken or bool(own)
        line.steps[place] = replace(
            step, slots=(*step.slots, *own), spans=(*step.spans, *detail.spans) if own else step.spans
        )
    return taken


def _owner(step: Step, slot: Slot, documents: bool) -> str:
    """The place of a copy that a value belongs to; empty if it belongs to neither."""
    scheme = _SCHEMES.get(slot.value.split("://")[0]) if slot.name == "uri" else None
    fits = frozenset({scheme}) if scheme else _OWNERS[slot.name]
    if slot.name == "database" and documents:
        fits = _DOCUMENTS  # "collection events of db app"
    return next((service for service in (step.source, step.target) if service in fits), "")
