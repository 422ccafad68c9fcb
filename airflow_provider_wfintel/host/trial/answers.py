"""Made-up answers: rows for a query, JSON for an address, values for the shape of an AWS answer. No Airflow here."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any
from urllib.parse import urlsplit

__all__ = ["http_answer", "records", "rows_for", "shape_value"]

_MOMENT = dt.datetime(2026, 1, 1, 6, 0, tzinfo=dt.timezone.utc)
_COLUMNS = ("id", "name", "amount", "updated_at")
_DONE = (
    "SUCCEEDED",
    "SUCCESS",
    "COMPLETED",
    "COMPLETE",
    "FINISHED",
    "AVAILABLE",
    "ACTIVE",
    "INSERVICE",
    "READY",
    "DONE",
    "RUNNING",
)


def records(count: int = 2) -> list[dict[str, Any]]:
    """JSON records as an API answers them."""
    return [
        {
            "id": n,
            "name": f"sample {n}",
            "amount": 10.5 * n,
            "email": f"person{n}@example.org",
            "url": "https://example.org/x",
        }
        for n in range(1, count + 1)
    ]


def rows_for(sql: str, *, has_rows: bool) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """Columns and rows that a statement would give: none for what is no query, one row for a query of aggregates."""
    text = re.sub(r"--[^\n]*|/\*.*?\*/", " ", sql, flags=re.S).strip().rstrip(";")
    found = re.match(r"(?is)(?:with\b.*?\)\s*)?select\s+(?:distinct\s+|top\s+\d+\s+)?(.*?)(?:\sfrom\s.*)?$", text)
    if not found:
        if re.match(r"(?i)(show|describe|values|call|exec|explain)\b", text):
            return ("result",), ([("sample",)] if has_rows else [])
        return (), []
    columns = _select_list(found[1])
    names = tuple(name for name, _ in columns)
    aggregate = all(re.match(r"(?i)\s*(count|sum|min|max|avg|coalesce|exists|case|not)\b", part) for _, part in columns)
    grouped = re.search(r"(?i)\bgroup\s+by\b", text) is not None
    if aggregate and not grouped:
        return names, [tuple(_cell(name, part, 100 if has_rows else 0) for name, part in columns)]
    return names, [tuple(_cell(name, part, n) for name, part in columns) for n in ((1, 2) if has_rows else ())]


def _select_list(text: str) -> list[tuple[str, str]]:
    parts, depth, start = [], 0, 0
    for index, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            parts.append(text[start:index])
            start = index + 1
    parts.append(text[start:])
    columns = []
    for part in parts:
        if part.strip().endswith("*"):
            columns += [(name, name) for name in _COLUMNS]
            continue
        alias = re.search(r"(?i)(?:\bas\s+)?[\"`\[]?(\w+)[\"`\]]?\s*$", part)
        columns.append((alias[1] if alias else f"column_{len(columns) + 1}", part))
    return columns


def _cell(name: str, part: str, number: int) -> Any:
    lower = f"{name} {part}".lower()
    if re.search(r"(?i)^\s*(count|sum|avg|coalesce)\b", part):
        return number
    if re.search(r"_at\b|date|time|day|month", lower):
        return _MOMENT
    if re.search(r"\bid\b|_id\b|amount|count|total|price|sum|avg|num|qty|rows|\bn\b|^\d+", lower):
        return number
    if re.search(r"(?i)\b(exists|case|not)\b|[<>=]", part):
        return bool(number)
    return f"sample {number}"


def http_answer(method: str, url: str, body: bytes, *, has_rows: bool) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body that the host would answer: known services as they do, others with JSON records."""
    host, path = urlsplit(url).hostname or "", urlsplit(url).path
    for pattern, answer in _KNOWN:
        if re.search(pattern, f"{method} {host}{path}"):
            value = answer(path, body, has_rows) if callable(answer) else answer
            break
    else:
        value = (
            records()
            if has_rows and method in ("GET", "POST")
            else []
            if method == "GET"
            else {"id": 1, "status": "ok"}
        )
    if isinstance(value, str):
        return 200, {"Content-Type": "text/plain; charset=utf-8"}, value.encode()
    return 200, {"Content-Type": "application/json"}, json.dumps(value).encode()


def _bigquery(path: str, body: bytes, has_rows: bool) -> Any:
    reference = {"projectId": "sample-project", "jobId": "sample-job", "location": "EU"}
    fields = [
        {"name": name, "type": kind} for name, kind in (("id", "INTEGER"), ("name", "STRING"), ("amount", "FLOAT"))
    ]
    rows = [{"f": [{"v": str(n)}, {"v": f"sample {n}"}, {"v": str(10.5 * n)}]} for n in ((1, 2) if has_rows else ())]
    if path.endswith("/insertAll"):
        return {}
    if "/queries" in path or path.endswith("/data"):
        return {
            "jobReference": reference, "jobComplete": True, "schema": {"fields": fields}, "rows": rows,
            "totalRows": str(len(rows)),
        }  # fmt: skip
    if "/jobs" in path:
        try:
            asked = json.loads(body or b"{}")
        except ValueError:
            asked = {}
        kind = next((name for name in ("load", "extract", "copy") if name in asked.get("configuration", {})), "query")
        table = {"projectId": "sample-project", "datasetId": "sample", "tableId": "sample"}
        return {
            "id": "sample-project:EU.sample-job",
            "jobReference": {**reference, **asked.get("jobReference", {})},
            "status": {"state": "DONE"},
            "configuration": asked.get("configuration") or {kind: {"destinationTable": table, "query": "SELECT 1"}},
            "statistics": {kind: {"totalBytesProcessed": "0", "outputRows": str(len(rows))}},
        }
    parts = path.split("/")
    dataset = parts[parts.index("datasets") + 1] if "datasets" in parts[:-1] else "sample"
    name = parts[parts.index("tables") + 1] if "tables" in parts[:-1] else "sample"
    return {
        "kind": "bigquery#table", "tableReference": {"projectId": "sample-project", "datasetId": dataset, "tableId": name},
        "datasetReference": {"projectId": "sample-project", "datasetId": dataset}, "schema": {"fields": fields},
        "numRows": str(len(rows)), "rows": rows, "totalRows": str(len(rows)),
    }  # fmt: skip


def _storage(path: str, body: bytes, has_rows: bool) -> Any:
    parts = path.split("/o/", 1)
    if "/download/" in path:
        return "id,name,amount\n1,sample 1,10.5\n2,sample 2,21.0\n"
    bucket = path.split("/b/", 1)[-1].split("/")[0]
    item = {
        "kind": "storage#object", "name": "sample/file_1.csv", "bucket": bucket, "size": "42", "generation": "1",
        "updated": "2026-01-01T06:00:00Z", "timeCreated": "2026-01-01T06:00:00Z", "crc32c": "AAAAAA==", "md5Hash": "",
    }  # fmt: skip
    if path.endswith("/o") and "/upload/" not in path:
        return {"kind": "storage#objects", "items": [item] if has_rows else []}
    if "/rewriteTo/" in path or "/copyTo/" in path:
        return {"done": True, "resource": item, "totalBytesRewritten": "42", "objectSize": "42"}
    return {**item, "name": parts[1]} if len(parts) > 1 else item


_SHEET = {
    "spreadsheetId": "sample", "spreadsheetUrl": "https://example.org/sheet", "sheets": [{"properties": {"title": "Sheet1"}}],
    "values": [["id", "name"], ["1", "sample 1"]], "updates": {"updatedRows": 1},
}  # fmt: skip
_KNOWN: tuple[tuple[str, Any], ...] = (
    (r"login\.microsoftonline\.com.*openid-configuration", {
        "token_endpoint": "https://login.microsoftonline.com/sample/oauth2/v2.0/token",
        "authorization_endpoint": "https://login.microsoftonline.com/sample/oauth2/v2.0/authorize",
        "issuer": "https://login.microsoftonline.com/sample/v2.0", "tenant_discovery_endpoint": "",
    }),
    (r"login\.microsoftonline\.com.*/instance", {
        "tenant_discovery_endpoint": "https://login.microsoftonline.com/sample/v2.0/.well-known/openid-configuration",
        "metadata": [],
    }),
    (r"/(oauth2?|token)\b.*", {"access_token": "made-up", "token_type": "Bearer", "expires_in": 3600}),
    (r"hooks\.slack\.com", "ok"),
    (r"slack\.com/api/files\.getUploadURLExternal", {
        "ok": True, "upload_url": "https://files.slack.com/upload/sample", "file_id": "F1",
    }),
    (r"slack\.com/api/", {"ok": True, "channel": "C1", "ts": "1.1", "channels": [], "files": [{"id": "F1"}], "message": {}}),
    (r"bigquery\.googleapis\.com", _bigquery),
    (r"storage\.googleapis\.com", _storage),
    (r"www\.googleapis\.com/drive/v3/files", {
        "id": "F1", "name": "sample_1.csv", "mimeType": "text/csv", "files": [
            {"id": "F1", "name": "sample_1.csv", "mimeType": "text/csv", "parents": ["root"], "modifiedTime": "2026-01-01T06:00:00Z"},
        ],
    }),
    (r"sheets\.googleapis\.com", _SHEET),
    (r"/api/2\.\d/jobs/run-now|/api/2\.\d/jobs/runs/submit", {"run_id": 1}),
    (r"/api/2\.\d/jobs/runs/get-output", {"notebook_output": {"result": "sample"}}),
    (r"/api/2\.\d/jobs/runs/get", {
        "run_id": 1, "job_id": 1, "run_page_url": "https://example.org/run", "tasks": [],
        "state": {"life_cycle_state": "TERMINATED", "result_state": "SUCCESS", "state_message": ""},
    }),
    (r"/api/2\.\d/jobs/list", {"jobs": [{"job_id": 1, "settings": {"name": "sample"}}]}),
    (r"cloud\.getdbt\.com|/api/v[23]/accounts/", {
        "data": {
            "id": 1, "job_id": 1, "status": 10, "href": "https://example.org/run", "account_id": 1,
            "environment_id": 1, "project_id": 1, "is_cancelled": False,
        },
        "status": {"code": 200},
    }),
)  # fmt: skip


def shape_value(shape: Any, name: str = "", *, has_rows: bool = True, seen: tuple[str, ...] = ()) -> Any:
    """A value that fits a botocore output shape. States are finished ones, lists have one item, tokens are left out."""
    if shape is None:
        return {}
    kind = shape.type_name
    if kind == "structure":
        if seen.count(shape.name) > 1:
            return {}
        inner = (*seen, shape.name)
        return {
            key: shape_value(member, key, has_rows=has_rows, seen=inner)
            for key, member in shape.members.items()
            if not re.search(r"(?i)next.?(token|marker)|continuation|^marker$|error|failure|failed|exception", key)
        }
    if kind == "list":
        return [shape_value(shape.member, name, has_rows=has_rows, seen=seen)] if has_rows and len(seen) < 6 else []
    if kind == "map":
        return {}
    if kind == "string":
        return _text_value(shape, name)
    return {
        "integer": 0 if re.search("(?i)count|exit", name) else 1, "long": 1, "float": 1.0, "double": 1.0,
        "boolean": False, "timestamp": _MOMENT, "blob": b"{}",
    }.get(kind)  # fmt: skip


def _text_value(shape: Any, name: str) -> str:
    options = list(getattr(shape, "enum", None) or ())
    for wanted in _DONE:
        for option in options:
            if option.upper().replace("_", "") == wanted:
                return str(option)
    if options:
        return str(options[0])
    if re.search(r"(?i)^(key|objectkey)$", name):
        return "sample/file_1.csv"
    if re.search(r"(?i)status$|state$", name):
        return "AVAILABLE" if "table" in shape.name.lower() else "SUCCEEDED"
    if re.search(r"(?i)arn$", name):
        return "arn:aws:sample:eu-central-1:000000000000:sample/sample"
    if re.search(r"(?i)uri$", name):
        return "s3://sample/sample"
    if re.search(r"(?i)body|payload|output", name):
        return '{"id": 1}'
    return "sample"
