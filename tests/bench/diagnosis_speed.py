"""How long the diagnosis of a log of 1 MB takes in a fresh process: `python -m tests.bench.diagnosis_speed`.

Three logs: lines of JSON of an ordinary task, which repeat with other numbers; the same with no two lines alike; and
text in the form of Airflow 2 with no two lines alike. Processor time is what counts on a busy machine, and even that
grows with its load, which is told.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

RUNS = 20
SIZE = 1_000_000
CODE = """
import sys, time
from pathlib import Path
from airflow_provider_wfintel.engine.troubleshooting import service
text = Path(sys.argv[1]).read_text(encoding="utf-8")
took = []
for _ in range(2):
    begun = time.process_time()
    label = service.diagnose(text).label
    took.append(1000 * (time.process_time() - begun))
print(label, *took)
"""
_WORDS = (
    "copied",
    "rows",
    "table",
    "batch",
    "chunk",
    "order",
    "stock",
    "wrote",
    "page",
    "cursor",
    "partition",
    "token",
    "key",
)
_LINES = (
    "batch # of # read, # rejected, 0 errors",
    "GET /v2/orders?page=# -> 200 (# ms)",
    "token valid for # s",
    "queue depth #",
    "checkpoint # written to part-#, key orders/#",
    "# rows without an error code, the default was taken",
)
_ENDS = {
    "event": "Task failed with exception",
    "level": "error",
    "error_detail": [{"exc_type": "OSError", "exc_value": "[Errno 28] No space left on device", "frames": []}],
}


def _json_line(message: str) -> str:
    record = {
        "timestamp": "2031-01-01T00:00:00Z",
        "level": "info",
        "event": message,
        "logger": "etl",
        "dag_id": "orders",
    }
    return json.dumps(record, separators=(",", ":"))


def _repeated(rng: random.Random) -> str:
    return "".join(str(rng.randrange(10_000)) if letter == "#" else letter for letter in rng.choice(_LINES))


def _unlike(rng: random.Random) -> str:
    return " ".join(
        f"{rng.choice(_WORDS)}{rng.getrandbits(20):x}" if rng.random() < 0.5 else rng.choice(_WORDS) for _ in range(13)
    )


def _text_line(message: str) -> str:
    return f"[2031-01-01T00:00:00.000+0000] {{etl.py:9}} INFO - {message}"


def _log(line: Callable[[str], str], message: Callable[[random.Random], str]) -> str:
    rng, lines, size = random.Random(7), [], 0  # noqa: S311 (no secrets)
    while size < SIZE:
        lines.append(line(message(rng)))
        size += len(lines[-1]) + 1
    return "\n".join([*lines, json.dumps(_ENDS)])


def main() -> None:
    """Print the medians, in milliseconds of processor time."""
    logs = {
        "JSON, ordinary": _log(_json_line, _repeated),
        "JSON, no two alike": _log(_json_line, _unlike),
        "text, no two alike": _log(_text_line, _unlike),
    }
    # As installed: compiled files are there. The first run, which may have to write them, does not count.
    around = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "attempt=1.log"
        for name, text in logs.items():
            path.write_text(text, encoding="utf-8")
            rows = []
            for number in range(RUNS + 1):
                command = [sys.executable, "-c", CODE, str(path)]
                out = subprocess.run(command, capture_output=True, text=True, check=True, env=around).stdout.split()
                assert out[0] == "disk_full", out
                if number:
                    rows.append([float(item) for item in out[1:]])
            first, again = (sorted(values) for values in zip(*rows, strict=True))
            print(
                f"{name:<20} first {statistics.median(first):6.1f} ms (least {first[0]:.1f}), "
                f"again {statistics.median(again):6.1f} ms (least {again[0]:.1f})"
            )
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
