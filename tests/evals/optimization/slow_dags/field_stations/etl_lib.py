"""Field stations, played with files: a job looks for the lots that it needs, takes its seconds and leaves one lot.

What a lot holds follows from its name and from the lots it was made of, so a run in a wrong order fails or leaves
something else. `verify` compares a run with its note.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import re
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

SUFFIX = ".lot"


def timed(job):
    """Say how long a job took."""

    @functools.wraps(job)
    def run(*args, **kwargs):
        start = time.perf_counter()
        try:
            return job(*args, **kwargs)
        finally:
            print(f"{job.__name__}: {time.perf_counter() - start:.1f} s")

    return run


@functools.cache
def station() -> Path:
    """The folder of this run."""
    base = Path(os.environ.get("SLOW_DAGS_DATA") or Path(tempfile.gettempdir()).joinpath("field_stations"))
    run = re.sub(r"[^A-Za-z0-9_.-]", "_", os.environ.get("AIRFLOW_CTX_DAG_RUN_ID", "manual"))
    return base / os.environ.get("AIRFLOW_CTX_DAG_ID", "local") / run


def lot(name: str) -> Path:
    return station().joinpath(f"{name}{SUFFIX}")


def digest(name: str, contents: Sequence[str]) -> str:
    return hashlib.md5("|".join((name, *sorted(contents))).encode(), usedforsecurity=False).hexdigest()


def register(**row) -> None:
    row.update(task=os.environ.get("AIRFLOW_CTX_TASK_ID"), pid=os.getpid())
    with station().joinpath("register.jsonl").open("a") as book:
        book.write(json.dumps(row) + "\n")


@contextmanager
def new_lot(name: str) -> Iterator[Path]:
    """A file to write to; it gets its name when all went well."""
    station().mkdir(parents=True, exist_ok=True)
    half = station() / f"{name}.{os.getpid()}.part"
    yield half
    os.replace(half, lot(name))


def contents_of(name: str, needed_by: str) -> str:
    path = lot(name)
    if not path.is_file():
        raise FileNotFoundError(f"{needed_by} needs {name}")
    return path.read_text()


def step(name: str, inputs: Sequence[str] = (), seconds: float = 1.0) -> str:
    """Make one lot of others."""
    begin = time.time()
    parts = [contents_of(item, name) for item in inputs]
    time.sleep(seconds)
    with new_lot(name) as out:
        out.write_text(digest(name, parts))
    register(unit=name, inputs=list(inputs), seconds=seconds, start=begin, end=time.time())
    return name


@timed
def extract(name: str, seconds: float = 1.0) -> str:
    """Copy what a station has measured."""
    return step(f"raw_{name}", seconds=seconds)


@timed
def transform(name: str, inputs: Sequence[str], seconds: float = 1.0) -> str:
    """Make one lot of others."""
    return step(name, inputs, seconds)


@dataclass
class Statement:
    """A statement over lots."""

    text: str
    made: str = field(init=False)
    used: list[str] = field(init=False)

    def __post_init__(self):
        self.made = re.search(r"(?:into|table)\s+(\w+)", self.text, re.IGNORECASE).group(1)
        names = re.findall(r"(?:from|join)\s+(\w+)", self.text, re.IGNORECASE)
        self.used = sorted(set(names) - {self.made})


def run_sql(sql: str, seconds: float = 1.0) -> str:
    """Play a statement."""
    statement = Statement(sql)
    return step(statement.made, statement.used, seconds)


def began() -> float:
    """When the run began."""
    told = re.search(r"__(\d{4}-\d\d-\d\dT[\d:.]+\+00:00)", os.environ.get("AIRFLOW_CTX_DAG_RUN_ID", ""))
    if told:
        return datetime.fromisoformat(told.group(1)).timestamp()
    clock = station() / "clock"
    if not clock.exists():
        station().mkdir(parents=True, exist_ok=True)
        clock.write_text(str(time.time()))
    return float(clock.read_text())


def arrived(name: str, after: float) -> bool:
    """Whether somebody has brought a lot, so many seconds after the run began."""
    if time.time() < began() + after:
        return False
    if not lot(name).exists():
        with new_lot(name) as out:
            out.write_text(digest(name, ()))
        register(unit=name, inputs=[], seconds=0, start=time.time(), end=time.time())
    return True


def flaky(name: str, times: int) -> None:
    """Fail the first `times` times of a run."""
    station().mkdir(parents=True, exist_ok=True)
    count = station() / f".{name}.tries"
    tries = int(count.read_text()) if count.exists() else 0
    count.write_text(str(tries + 1))
    if tries < times:
        raise ConnectionError(f"{name} does not answer")


def tell(channel: str, words: str, seconds: float = 1.0) -> None:
    """Send a message to people."""
    time.sleep(seconds)
    station().mkdir(parents=True, exist_ok=True)
    with (station() / "messages.log").open("a") as log:
        log.write(f"{channel}: {words}\n")


def verify(run, note, downstream=None):
    """What is wrong with a run, in words."""
    run, units, wrong, rows = Path(run), note["units"], [], {}

    def right(name):
        return digest(name, [right(item) for item in units[name]["inputs"]])

    for name in units:
        path = run / f"{name}{SUFFIX}"
        if not path.exists():
            wrong.append(f"no lot {name}")
        elif path.read_text() != right(name):
            wrong.append(f"lot {name} is wrong")
    for line in (run / "register.jsonl").read_text().splitlines():
        row = json.loads(line)
        rows.setdefault(row["unit"], []).append(row)
    for name, found in rows.items():
        if len(found) > 1 and name not in note.get("dedupe_ok", []):
            wrong.append(f"{name} was made {len(found)} times")
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
        for late in rows.get(second, []):
            if not any(
                late["task"] in reach(early["task"])
                or (late["task"], late["pid"]) == (early["task"], early["pid"]) and early["end"] <= late["start"]
                for early in rows.get(first, [])
            ):
                wrong.append(f"{first} before {second} is luck (task {late['task']})")
    return wrong
