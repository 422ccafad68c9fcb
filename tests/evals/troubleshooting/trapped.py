"""The own failures with something misleading put in: handled, retried or later errors of another class."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from typing import Any

__all__ = ["KINDS", "trapped_cases"]

SEED = 5
KINDS = ("warned of", "retried", "handled", "after the failure", "only a warning")
_TRAPS = (
    ("dns_failure", "socket.gaierror", "[Errno -3] Temporary failure in name resolution"),
    ("connection_timeout", "requests.exceptions.ReadTimeout", "HTTPSConnectionPool(host='metrics', port=443): Read timed out."),
    ("connection_refused", "ConnectionRefusedError", "[Errno 111] Connection refused"),
    ("permission_denied", "PermissionError", "[Errno 13] Permission denied: '/var/cache/x'"),
    ("python_error", "KeyError", "'cache_key'"),
    ("missing_file_or_partition", "FileNotFoundError", "[Errno 2] No such file or directory: '/tmp/cache.json'"),
    ("upstream_service_error", "requests.exceptions.HTTPError", "503 Server Error: Service Unavailable for url: https://flags.test"),
    ("rate_limited", "requests.exceptions.HTTPError", "429 Client Error: Too Many Requests for url: https://flags.test"),
    ("bad_credentials", "smtplib.SMTPAuthenticationError", "(535, b'Authentication failed')"),
)  # fmt: skip


def trapped_cases(cases: Sequence[dict[str, Any]]) -> Iterator[tuple[str, str, str]]:
    """Kind of the trap, log and label, for every case whose log has something before the failure."""
    chance = random.Random(SEED)  # noqa: S311 - a fixed seed, nothing secret
    for case in cases:
        lines = case["text"].split("\n")
        started = any(word in case["text"] for word in ("Starting attempt", "DAG bundles", "Running command"))
        if len(lines) < 5 or "facts" in case or not started:
            continue
        for kind in KINDS:
            _, name, value = chance.choice([trap for trap in _TRAPS if trap[0] != case["label"]])
            trap = list(_lines(kind, lines[0].startswith("{"), name, value))
            text = lines + trap if kind == "after the failure" else lines[:3] + trap + lines[3:]
            yield kind, "\n".join(text), case["label"]


def _lines(kind: str, as_json: bool, name: str, value: str) -> Iterator[str]:
    write = _json_line if as_json else _text_line
    if kind == "warned of":
        yield write("warning", "could not read the cache, computing anew", name, value)
    elif kind == "retried":
        yield write("error", f"call failed, retrying in 5 s: {name}: {value}")
        yield write("info", "second attempt succeeded")
    elif kind == "handled":
        yield write("error", "feature flags unavailable", name, value)
        yield write("info", "continuing with defaults")
    elif kind == "after the failure":
        yield write("error", "Failed to run task callback", name, value)
    else:
        yield write("warning", f"health probe: {value} (ignored)")


def _json_line(level: str, said: str, name: str = "", value: str = "") -> str:
    frames = [{"filename": "/opt/a.py", "lineno": 1, "name": "x"}]
    detail = {"error_detail": [{"exc_type": name, "exc_value": value, "frames": frames}]} if name else {}
    return json.dumps({"timestamp": "2031-05-02T09:00:01Z", "level": level, "event": said, "logger": "shop", **detail})


def _text_line(level: str, said: str, name: str = "", value: str = "") -> str:
    trace = f'\nTraceback (most recent call last):\n  File "/opt/a.py", line 1, in x\n    call()\n{name}: {value}'
    return f"[2031-05-02T09:00:01.000+0000] {{x.py:1}} {level.upper()} - {said}{trace if name else ''}"
