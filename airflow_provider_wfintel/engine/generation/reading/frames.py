"""Frames: a main clause together with everything that qualifies it (conditions, "once …", "for each …")."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from airflow_provider_wfintel.engine.generation.reading.clauses import Clause
from airflow_provider_wfintel.engine.generation.reading.entities import Entity
from airflow_provider_wfintel.engine.generation.reading.methods import with_methods
from airflow_provider_wfintel.engine.generation.reading.slots import Slot, read_slots
from airflow_provider_wfintel.engine.generation.reading.told import with_told
from airflow_provider_wfintel.engine.model import Mention, Span

__all__ = ["Frame", "ServiceUse", "Words", "group_frames"]

_IMPLIED_BY_URI = (
    (re.compile(r"^s3[an]?://", re.I), "amazon_s3"),
    (re.compile(r"^gs://|^gcs://", re.I), "google_cloud_storage"),
    (re.compile(r"^(?:wasbs?|abfss?|adl)://", re.I), "azure_blob_storage"),
    (re.compile(r"^hdfs://", re.I), "hdfs"),
    (re.compile(r"^sftp://", re.I), "sftp"),
    (re.compile(r"^ftp://", re.I), "ftp"),
    (re.compile(r"^arn:aws:sns:", re.I), "amazon_sns"),
    (re.compile(r"^arn:aws:sqs:|^https://sqs\.", re.I), "amazon_sqs"),
    (re.compile(r"^arn:aws:states:", re.I), "aws_step_functions"),
    (re.compile(r"^arn:aws:lambda:", re.I), "aws_lambda"),
    (re.compile(r"\.duckdb$", re.I), "duckdb"),
)


_GENERIC = frozenset({"http", "webhook", "graphql"})
_UMBRELLAS = frozenset({"aws", "google_cloud", "azure", "airflow_common", "n8n", "common_ai"})
_UMBRELLA_STORES = {
    "azure": ("containers?|blobs?", "azure_blob_storage"),
    "aws": ("buckets?", "amazon_s3"),
    "google_cloud": ("buckets?", "google_cloud_storage"),
}
_STORES = frozenset(
    {"postgres", "mysql", "snowflake", "amazon_redshift", "google_bigquery", "amazon_s3", "google_cloud_storage",
     "azure_blob_storage", "filesystem"}
)  # fmt: skip
_SERVE_MODELS = frozenset({"amazon_sagemaker", "google_vertex_ai", "azure_machine_learning", "databricks"})
_CALLED = re.compile(
    r"\b(?:from|off|aus|von|vom|depuis|de|desde|del|da|do)\s+(?:[\w-]+\s+){0,4}(?:\([^)]*\)\s*)?[`'\"(]?$|\b(?:api|endpoint|rest|web\s+service)\W{0,3}$",
    re.IGNORECASE,
)
_API = re.compile(r"\b(?:apis?|rest|http|https|endpoint|webhook)\b", re.I)


@dataclass(frozen=True, slots=True)
class ServiceUse:
    """A service in a clause: its id, the words, whether they name it or only imply it."""

    service: str
    span: Span
    implied: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """What the stages before found in one text; handed on whole so that no stage reads the text twice.

    `without` is the text with all words about schedule and settings blanked out, `blank` the same with all literals and all words about schedule and settings replaced by blanks.
    """

    text: str
    without: str
    blank: str
    language: str
    entities: tuple[Entity, ...]
    mentions: tuple[Mention, ...]
    consumed: tuple[Span, ...] = ()
    deadline: Span | None = None
    """The words that say when a run must be over, if there are any."""

    def services_in(self, span: Span) -> tuple[ServiceUse, ...]:
        """Services named or implied inside a span, in the order of the text."""
        found = [
            ServiceUse(item.service, item.span)
            for item in self.mentions
            if span.start <= item.span.start < span.end
            and item.role != "passing"
            and not self._names_a_connection(item)
            and not self._is_quoted(item)
        ]
        found = [self._of_umbrella(item, span) for item in found]
        found = [item for item in found if item.service not in _UMBRELLAS]
        specific = [item for item in found if item.service not in _GENERIC]
        found = specific or found
        slots = self.slots_in(span)
        for slot in slots:
            for pattern, service in _IMPLIED_BY_URI:
                if pattern.search(slot.value) and not any(_same_place(item, slot, service) for item in found):
                    found.append(ServiceUse(service, slot.span, implied=True))
            owner = self._owner_of_identifier(slot)
            if owner and all(item.service != owner for item in found):
                found.append(ServiceUse(owner, slot.span, implied=True))
        served = self._serves(slots, found)
        if served is not None:
            found.append(served)
        call = next((slot for slot in slots if slot.kind == "endpoint"), None)
        if call is not None and found and all(item.service in _STORES for item in found):
            # "fetch /v1/rates?base=EUR into the bucket": the path is called, whatever keeps the answer.
            found.append(ServiceUse("http", call.span, implied=True))
        address = None if call is not None else next((slot for slot in slots if slot.name in ("url", "endpoint")), None)
        stored = bool(found) and all(item.service in _STORES for item in found)
        if address is not None and stored and self._is_called(address, span):
            found.append(ServiceUse("http", address.span, implied=True))
        shell = any(slot.name == "command" for slot in slots)
        if (
            not found
            and not shell
            and (any(slot.name in ("url", "endpoint") for slot in slots) or _API.search(self.plain(span)))
        ):
            found.append(ServiceUse("http", Span(span.start, span.start), implied=True))
        return tuple(sorted(found, key=lambda item: item.span))

    def _serves(self, slots: tuple[Slot, ...], found: list[ServiceUse]) -> ServiceUse | None:
        """Of "deploy it to the endpoint churn-prod": the service of models that the text speaks of, no address."""
        named = next((slot for slot in slots if slot.name == "endpoint" and not re.search(r"[/:]", slot.value)), None)
        if named is None or any(item.service not in _GENERIC for item in found):
            return None
        makers = [item.service for item in self.mentions if item.service in _SERVE_MODELS and item.role != "passing"]
        if not makers:
            return None
        found.clear()
        return ServiceUse(makers[0], named.span, implied=True)

    def _is_called(self, address: Slot, span: Span) -> bool:
        """Of "load the prices from the REST endpoint https://… into the table": whether the address is called, too."""
        return _CALLED.search(self.text[max(span.start, address.span.start - 60) : address.span.start]) is not None

    def _is_quoted(self, item: Mention) -> bool:
        """Of "post 'dbt is done' to Slack": a service inside a sentence that is sent takes no part in the work."""
        return any(
            entity.kind == "quoted" and " " in entity.value and entity.span.overlaps(item.span)
            for entity in self.entities
        )

    def _of_umbrella(self, use: ServiceUse, span: Span) -> ServiceUse:
        """Of "the Azure container", "an AWS bucket": the store of the cloud that is named."""
        noun, store = _UMBRELLA_STORES.get(use.service, ("", ""))
        behind = self.blank[use.span.end : min(span.end, use.span.end + 24)]
        return replace(use, service=store) if noun and re.match(rf"\s+(?:\w+\s+)?(?:{noun})\b", behind, re.I) else use

    def _names_a_connection(self, item: Mention) -> bool:
        """Of "Aurora (mysql connection billing)": the second name only tells the type of the connection."""
        before = self.text[max(0, item.span.start - 60) : item.span.start]
        after = self.text[item.span.end : item.span.end + 12]
        if not re.match(r"\s*(?:conn|connection|connexion|verbindung)\b", after, re.I) or "(" not in before[-3:]:
            return False
        return any(0 < item.span.start - other.span.end < 6 for other in self.mentions if other is not item)

    def _owner_of_identifier(self, slot: Slot) -> str:
        """The service that a bare identifier names in one of its parts ("neo4j_graph"), if the text speaks of it."""
        if slot.name != "identifier":
            return ""
        parts = set(slot.value.lower().split("_"))
        for item in self.mentions:
            if item.role != "passing" and item.span.of(self.text).lower() in parts:
                return item.service
        return ""

    def slots_in(self, span: Span) -> tuple[Slot, ...]:
        """Stated values inside a span that are not about schedule or settings."""
        names = tuple(item.span for item in self.mentions if item.role != "passing")
        usable = tuple(
            left for item in self.entities if item.kind != "link" and (left := self._left_of(item)) is not None
        )
        found = with_methods(self.text, span, read_slots(self.without, span, usable, names))
        found = with_told(self.text, span, found)
        return tuple(item for item in found if not any(own.overlaps(item.span) for own in self.consumed))

    def _left_of(self, entity: Entity) -> Entity | None:
        """What schedule and settings leave of a literal: a crontab line loses its five fields and keeps the command."""
        for own in self.consumed:
            if _covers(own, entity.span):
                return None
            if own.overlaps(entity.span):
                rest = self.text[own.end : entity.span.end].strip("`\"' ")
                start = self.text.find(rest, own.end) if rest else own.end
                return Entity("command", rest, Span(start, start + len(rest))) if rest else None
        return entity

    def plain(self, span: Span) -> str:
        """The words of a span without literals, schedule and settings."""
        return self.blank[span.start : span.end]


def _same_place(use: ServiceUse, slot: Slot, service: str) -> bool:
    """Whether the service was already named right before the value that implies it ("S3 bucket s3://x")."""
    return use.service == service and 0 <= slot.span.start - use.span.end < 40


def _covers(outer: Span, inner: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


@dataclass(frozen=True, slots=True)
class Frame:
    """A main clause with its qualifying clauses, each in the order of the text."""

    main: Clause
    conditions: tuple[Clause, ...] = ()
    temporals: tuple[Clause, ...] = ()
    befores: tuple[Clause, ...] = ()
    foreach: Clause | None = None


@dataclass(slots=True)
class _Open:
    main: Clause
    qualifiers: list[Clause] = field(default_factory=list)


def _closed(item: _Open) -> Frame:
    def of(kind: str) -> tuple[Clause, ...]:
        return tuple(clause for clause in item.qualifiers if clause.kind == kind)

    foreach = of("foreach")
    return Frame(item.main, of("condition"), of("temporal"), of("before"), foreach[0] if foreach else None)


# "check the table - if it is empty then alert …": the condition belongs to what comes next.
_THEN = re.compile(r"\s*,?\s*then\b", re.IGNORECASE)


# "In case of failure, retry three times.": what follows the condition was read as a setting, so it is none of the step before.
_SAYS_MORE = re.compile(r"\s*[,:]\s*\w+\s+\w+")


def group_frames(text: str, clauses: tuple[Clause, ...]) -> tuple[Frame, ...]:
    """Attach every qualifying clause to its main clause: the one after a comma or an opening, else the one before."""
    frames: list[_Open] = []
    waiting: list[Clause] = []
    for index, clause in enumerate(clauses):
        if clause.kind == "main":
            frames.append(_Open(clause, waiting))
            waiting = []
            continue
        later = index + 1 < len(clauses) and any(
            item.kind == "main" and item.chunk == clause.chunk for item in clauses[index + 1 :]
        )
        own = frames[-1] if frames and frames[-1].main.chunk == clause.chunk else None
        opening_at = (
            text.rfind(clause.opening[:1] or " ", 0, clause.span.start) if clause.opening else clause.span.start
        )
        before = (
            re.sub(
                r"[\s,]+(?:and|und|et|y|e|but|aber|mais|pero)$", ",", text[:opening_at].rstrip(), flags=re.IGNORECASE
            )[-1:]
            if own
            else ","
        )
        dashed = before in ("-", "–", "—") and _THEN.match(text, clause.span.end) is not None
        if (later and (own is None or before in ",:\uff0c\uff1a")) or (dashed and index + 1 < len(clauses)):
            waiting.append(clause)
        elif own is not None:
            own.qualifiers.append(clause)
        elif index + 1 < len(clauses):
            waiting.append(clause)
        elif frames and clause.item and clause.item != frames[-1].main.item:
            # An item of its own that is nothing but a condition says nothing about the item before it.
            frames.append(_Open(replace(clause, kind="main")))
        elif frames and not _SAYS_MORE.match(text, clause.span.end):
            frames[-1].qualifiers.append(clause)
    return tuple(_closed(item) for item in frames)
