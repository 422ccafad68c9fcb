"""The stores of a town, played with files: a call looks for what it needs, takes its seconds and leaves one crate.

What is in a crate follows from its name and from the crates that went into it, so a run whose order was wrong fails or
leaves something else. `verify` compares a run with its note.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
import time
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path


def yard() -> Path:
    """The folder of this run."""
    base = Path(os.environ.get("SLOW_DAGS_DATA") or Path(tempfile.gettempdir()) / "town_stores")
    run = re.sub(r"[^A-Za-z0-9_.-]", "_", os.environ.get("AIRFLOW_CTX_DAG_RUN_ID", "manual"))
    folder = base / os.environ.get("AIRFLOW_CTX_DAG_ID", "local") / run
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def mark(name: str, contents: Iterable[str]) -> str:
    return hashlib.sha1(" ".join([name, *sorted(contents)]).encode()).hexdigest()[:20]


def note_down(unit: str, inputs: list[str], begin: float, seconds: float) -> None:
    row = {"unit": unit, "inputs": inputs, "seconds": seconds, "task": os.environ.get("AIRFLOW_CTX_TASK_ID")}
    row |= {"pid": os.getpid(), "start": begin, "end": time.time()}
    with open(yard() / "book.jsonl", "a", encoding="utf-8") as book:
        book.write(json.dumps(row) + "\n")


def step(name, inputs=(), seconds=1.0):
    """Make the crate `name` out of others; returns its name."""
    folder, begin, contents = yard(), time.time(), []
    for other in inputs:
        crate = folder / f"{other}.crate"
        if not crate.exists():
            raise LookupError(f"{name} needs {other}, and there is none")
        contents.append(crate.read_text())
    time.sleep(seconds)
    half = folder / f"{name}.crate.{os.getpid()}"
    half.write_text(mark(name, contents))
    half.replace(folder / f"{name}.crate")
    note_down(name, list(inputs), begin, seconds)
    return name


def extract(source, seconds=1.0):
    """Take a copy of a source; leaves raw_<source>."""
    return step(f"raw_{source}", [], seconds)


def transform(name, inputs, seconds=1.0):
    """Make one crate from others."""
    return step(name, inputs, seconds)


def run_sql(sql, seconds=1.0):
    """Play a statement: what follows INTO or TABLE is made from what follows FROM and JOIN."""
    made = re.search(r"(?:insert\s+into|create\s+(?:or\s+replace\s+)?table|merge\s+into)\s+(\w+)", sql, re.IGNORECASE)[1]
    used = {name for name in re.findall(r"(?:from|join|using)\s+(\w+)", sql, re.IGNORECASE) if name != made}
    return step(made, sorted(used), seconds)


def first_call():
    """When the run began: by its id if that tells, or else when this was first asked."""
    told = re.search(r"__(\d{4}-\d\d-\d\dT[\d:.]+\+00:00)", os.environ.get("AIRFLOW_CTX_DAG_RUN_ID", ""))
    if told:
        return datetime.fromisoformat(told[1]).timestamp()
    clock = yard() / "first_call"
    if not clock.exists():
        clock.write_text(str(time.time()))
    return float(clock.read_text() or time.time())


def arrived(name, after):
    """Whether the carter has brought crate `name`, so many seconds after the run began."""
    if time.time() < first_call() + after:
        return False
    crate = yard() / f"{name}.crate"
    if not crate.exists():
        crate.write_text(mark(name, []))
        note_down(name, [], time.time(), 0)
    return True


def flaky(name, times):
    """Fail the first `times` times of a run."""
    count = yard() / f".{name}.tries"
    tries = int(count.read_text()) if count.exists() else 0
    count.write_text(str(tries + 1))
    if tries < times:
        time.sleep(0.5)
        raise ConnectionError(f"{name} answers 503 ({tries + 1})")


def tell(channel, words, seconds=1.0):
    """Send a message to people."""
    time.sleep(seconds)
    with open(yard() / "messages.txt", "a", encoding="utf-8") as log:
        log.write(f"{channel}: {words}\n")


def verify(run, note, downstream=None):
    """What is wrong with a run, in words."""
    run, units, wrong, made = Path(run), note["units"], [], {}

    def right(name):
        return mark(name, [right(other) for other in units[name]["inputs"]])

    for name in units:
        crate = run / f"{name}.crate"
        if not crate.exists():
            wrong.append(f"no crate {name}")
        elif crate.read_text() != right(name):
            wrong.append(f"crate {name} is wrong")
    for line in (run / "book.jsonl").read_text().splitlines():
        row = json.loads(line)
        made.setdefault(row["unit"], []).append(row)
    for name, rows in made.items():
        if len(rows) > 1 and name not in note.get("dedupe_ok", []):
            wrong.append(f"{name} was made {len(rows)} times")
    if downstream is None:
        return wrong
    below = {}

    def reach(task):
        if task not in below:
            below[task] = set()
            for later in downstream.get(task, []):
                below[task] |= {later} | reach(later)
        return below[task]

    for first, second in note["real_dependencies"]:
        for late in made.get(second, []):
            if not any(
                late["task"] in reach(early["task"])
                or (late["task"], late["pid"]) == (early["task"], early["pid"]) and early["end"] <= late["start"]
                for early in made.get(first, [])
            ):
                wrong.append(f"{first} before {second} is luck (task {late['task']})")
    return wrong
