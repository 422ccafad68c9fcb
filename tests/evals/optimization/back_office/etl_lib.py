"""A utility's back office, made of files: every call checks what it needs, takes its time and leaves one sheet.

A sheet's text depends on its name and on the sheets that it was made from; `verify` compares a run with a note.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import tempfile
import time
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

ENCODING = "utf-8"


def office() -> Path:
    """The folder of this run."""
    root = Path(os.getenv("SLOW_DAGS_DATA", Path(tempfile.gettempdir()) / "back_office"))
    run = re.sub(r"[^A-Za-z0-9_.-]", "_", os.getenv("AIRFLOW_CTX_DAG_RUN_ID", "manual"))
    folder = root / os.getenv("AIRFLOW_CTX_DAG_ID", "local") / run
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def sheet(name: str) -> Path:
    return office() / (name + ".sheet")


def text_of(name: str, parts: list[str]) -> str:
    return hashlib.blake2s("/".join([name] + sorted(parts)).encode(), digest_size=8).hexdigest()


@contextmanager
def diary():
    with open(office() / "diary.jsonl", "a", encoding=ENCODING) as book:
        fcntl.flock(book, fcntl.LOCK_EX)
        yield book


def produce(name: str, *needs: str, took: float = 1.0) -> str:
    """Make a sheet from others; returns its name."""
    start = time.time()
    missing = [need for need in needs if not sheet(need).exists()]
    if missing:
        raise RuntimeError(f"{name}: no {', '.join(missing)} yet")
    parts = [sheet(need).read_text(encoding=ENCODING) for need in needs]
    time.sleep(took)
    scratch = sheet(f".{name}-{os.getpid()}")
    scratch.write_text(text_of(name, parts), encoding=ENCODING)
    scratch.rename(sheet(name))
    with diary() as book:
        row = {"sheet": name, "needs": list(needs), "took": took, "task": os.getenv("AIRFLOW_CTX_TASK_ID"), "pid": os.getpid()}
        book.write(json.dumps({**row, "start": start, "end": time.time()}) + "\n")
    return name


class Source:
    """A system that hands out data."""

    def __init__(self, system: str, pause: float = 1.0):
        self.system = system
        self.pause = pause

    def pull(self, what: str) -> str:
        return produce(f"{self.system}_{what}", took=self.pause)


class Warehouse:
    """Statements over sheets."""

    INTO = re.compile(r"(?:insert\s+into|create\s+table(?:\s+if\s+not\s+exists)?|merge\s+into)\s+(\w+)", re.I)
    FROM = re.compile(r"(?:from|join|using)\s+(\w+)", re.I)

    def run(self, sql: str, took: float = 1.0) -> str:
        target = self.INTO.search(sql).group(1)
        needs = sorted({name for name in self.FROM.findall(sql) if name != target})
        return produce(target, *needs, took=took)


def execute(sql: str, took: float = 1.0) -> str:
    """Run one statement."""
    return Warehouse().run(sql, took)


def began() -> float:
    """When the run began."""
    stamp = re.search(r"__(\d{4}-\d\d-\d\dT[\d:.]+\+00:00)", os.getenv("AIRFLOW_CTX_DAG_RUN_ID", ""))
    if stamp:
        return datetime.fromisoformat(stamp.group(1)).timestamp()
    mark = office() / "began"
    if not mark.exists():
        mark.write_text(str(time.time()))
    return float(mark.read_text() or time.time())


def delivered(name: str, after: float) -> bool:
    """Whether the outside world has brought a sheet, so many seconds after the run began."""
    if time.time() - began() < after:
        return False
    if not sheet(name).exists():
        produce(name, took=0)
    return True


def tell(channel: str, words: str, took: float = 1.0) -> None:
    """Send a message."""
    time.sleep(took)
    with (office() / "messages.log").open("a", encoding=ENCODING) as log:
        log.write(f"{channel}: {words}\n")


def verify(run, note, downstream=None):
    """What is wrong with a run."""
    run = Path(run)
    units = note["units"]
    wrong = []

    def right(name):
        return text_of(name, [right(need) for need in units[name]["inputs"]])

    for name in units:
        path = run / f"{name}.sheet"
        if not path.exists():
            wrong.append(f"no sheet {name}")
        elif path.read_text(encoding=ENCODING) != right(name):
            wrong.append(f"sheet {name} is wrong")
    rows = [json.loads(line) for line in (run / "diary.jsonl").read_text().splitlines()]
    made = {}
    for row in rows:
        made.setdefault(row["sheet"], []).append(row)
    wrong += [f"{name} was made {len(found)} times" for name, found in made.items() if len(found) > 1 and name not in note.get("dedupe_ok", [])]
    if downstream is None:
        return wrong
    after = {}

    def reach(task):
        if task not in after:
            after[task] = set()
            for below in downstream.get(task, []):
                after[task] |= {below} | reach(below)
        return after[task]

    for first, second in note["real_dependencies"]:
        for late in made.get(second, []):
            if not any(
                late["task"] in reach(early["task"]) or (early["pid"] == late["pid"] and early["task"] == late["task"] and early["end"] <= late["start"])
                for early in made.get(first, [])
            ):
                wrong.append(f"nothing guarantees {first} before {second} (task {late['task']})")
    return wrong
