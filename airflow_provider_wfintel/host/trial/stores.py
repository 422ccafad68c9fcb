"""Stand-ins for stores of documents and records whose clients speak protocols of their own: MongoDB, Salesforce, Elasticsearch."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from airflow_provider_wfintel.host.trial.answers import records
from airflow_provider_wfintel.host.trial.recorder import ClientStandIn, Recorder

__all__ = ["install"]


def install(recorder: Recorder) -> None:
    """Replace what is installed of them."""
    for replace in (_mongo, _salesforce, _elasticsearch):
        with contextlib.suppress(ImportError):
            replace(recorder)


class _Documents:
    """The answer of MongoDB to a search: can be narrowed and gone through."""

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        self._rows = rows

    def limit(self, count: int) -> _Documents:
        """The first documents."""
        return _Documents(self._rows[:count] if count else self._rows)

    def sort(self, *_: Any, **__: Any) -> _Documents:
        """The same documents: their order is made up anyway."""
        return self

    skip = batch_size = sort

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self._rows)

    def __getitem__(self, place: int) -> dict[str, Any]:
        return self._rows[place]

    def close(self) -> None:
        """Nothing to close."""


def _mongo(recorder: Recorder) -> None:
    from airflow.providers.mongo.hooks.mongo import MongoHook

    def collection(self: Any, mongo_collection: str, mongo_db: str | None = None) -> Any:
        def found(*args: Any, **_: Any) -> _Documents:
            recorder.add("client", "mongodb", "read", mongo_collection, args)
            rows = [{"_id": row["id"], **row} for row in records()] if recorder.has_rows else []
            return _Documents(rows)

        first: Callable[..., Any] = lambda *args, **keys: next(iter(found(*args, **keys)), None)  # noqa: E731
        answers = {
            "find": found, "aggregate": found, "find_one": first, "distinct": lambda *_: ["sample"] if recorder.has_rows else [],
            "count_documents": 2 if recorder.has_rows else 0, "estimated_document_count": 2 if recorder.has_rows else 0,
        }  # fmt: skip
        return ClientStandIn(recorder, f"mongodb {mongo_collection}", answers=answers)

    MongoHook.get_collection = collection
    MongoHook.get_conn = lambda self: ClientStandIn(recorder, "mongodb")  # type: ignore[return-value]


def _salesforce(recorder: Recorder) -> None:
    from airflow.providers.salesforce.hooks.salesforce import SalesforceHook

    def query(text: str, *_: Any, **__: Any) -> dict[str, Any]:
        rows = [{"attributes": {"type": "Sample"}, **row} for row in records()] if recorder.has_rows else []
        return {"totalSize": len(rows), "done": True, "records": rows}

    answers = {"query_all": query, "query": query}
    SalesforceHook.get_conn = lambda self: ClientStandIn(recorder, "salesforce", answers=answers)  # type: ignore[return-value]


def _elasticsearch(recorder: Recorder) -> None:
    from airflow.providers.elasticsearch.hooks.elasticsearch import ElasticsearchPythonHook

    hits = [{"_id": str(row["id"]), "_source": row} for row in records()] if recorder.has_rows else []
    answers = {
        "bulk": {"errors": False, "items": []}, "search": {"hits": {"total": {"value": len(hits)}, "hits": hits}},
        "count": {"count": len(hits)}, "delete_by_query": {"deleted": len(hits), "failures": []},
    }  # fmt: skip
    # The hook gives the client as a property.
    ElasticsearchPythonHook.get_conn = property(lambda self: ClientStandIn(recorder, "elasticsearch", answers=answers))
