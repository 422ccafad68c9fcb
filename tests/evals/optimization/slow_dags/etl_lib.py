"""A port's data room, made of files: every call takes parcels, works for a while and leaves one parcel.

A parcel's content depends on its name and on the parcels that went into it, so that a run whose order was wrong either
fails or leaves other content. `verify` compares a run with what a note says.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
import time
import zlib
from datetime import datetime
from pathlib import Path


def room() -> Path:
    base = os.environ.get("SLOW_DAGS_DATA") or os.path.join(tempfile.gettempdir(), "data_room")  # noqa: PTH118
    run = re.sub(r"[^A-Za-z0-9_.-]", "_", os.environ.get("AIRFLOW_CTX_DAG_RUN_ID", "manual"))
    folder = Path(base) / os.environ.get("AIRFLOW_CTX_DAG_ID", "local") / run
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def seal(name: str, contents: list[str]) -> str:
    return format(zlib.crc32("|".join([name, *sorted(contents)]).encode()), "08x")


def parcel(name: str) -> Path:
    return room() / f"{name}.parcel"


def keep(name: str, takes: list[str], began: float) -> str:
    contents = []
    for item in takes:
        source = parcel(item)
        if not source.exists():
            raise FileNotFoundError(f"{name} needs {item}, which is not there")
        contents.append(source.read_text())
    draft = room() / f"{name}.{os.getpid()}.draft"
    draft.write_text(seal(name, contents))
    os.replace(draft, parcel(name))  # noqa: PTH105
    entry = {"parcel": name, "task": os.environ.get("AIRFLOW_CTX_TASK_ID"), "pid": os.getpid(), "began": began}
    with (room() / "journal.jsonl").open("a") as journal:
        journal.write(json.dumps({**entry, "ended": time.time()}) + "\n")
    return name


def receive(source: str, wait: float = 1.0) -> str:
    """Fetch a source; leaves the parcel `in_<source>`."""
    began = time.time()
    time.sleep(wait)
    return keep(f"in_{source}", [], began)


def derive(name: str, takes: list[str] | tuple[str, ...] = (), wait: float = 1.0) -> str:
    """Make a parcel from others."""
    began = time.time()
    time.sleep(wait)
    return keep(name, list(takes), began)


def statement(sql: str, wait: float = 1.0) -> str:
    """Run a statement of the form INSERT INTO … SELECT … FROM …; tables are parcels."""
    target = re.match(r"\s*(?:INSERT INTO|CREATE TABLE)\s+(\w+)", sql, re.I).group(1)
    tables = [name for name in re.findall(r"(?:FROM|JOIN)\s+(\w+)", sql, re.I) if name != target]
    return derive(target, sorted(set(tables)), wait)


def begun() -> float:
    """When the run began: by its id if that tells, else when this was first asked in the run."""
    told = re.search(r"__(\d{4}-\d\d-\d\dT[\d:.]+\+00:00)", os.environ.get("AIRFLOW_CTX_DAG_RUN_ID", ""))
    if told:
        return datetime.fromisoformat(told[1]).timestamp()
    clock = room() / "clock"
    try:
        handle = os.open(clock, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
        os.write(handle, str(time.time()).encode())
        os.close(handle)
    except FileExistsError:
        pass
    return float(clock.read_text() or time.time())


def moored(ship: str, after: float) -> bool:
    """Whether a ship has come, which it does so many seconds after the run began."""
    if time.time() < begun() + after:
        return False
    if not parcel(ship).exists():
        keep(ship, [], time.time())
    return True


def unsteady(name: str, failures: int) -> None:
    """Fail so many times in a run."""
    count = room() / f"{name}.failures"
    seen = int(count.read_text()) if count.exists() else 0
    count.write_text(str(seen + 1))
    if seen < failures:
        raise ConnectionError(f"{name} is not there, try {seen + 1}")


def verify(run: str | Path, note: dict, downstream: dict | None = None) -> list[str]:
    """What is wrong with a run: missing or wrong parcels, parcels made twice, orders that held by luck."""
    folder, wrong = Path(run), []
    units = note["units"]

    def right(name: str) -> str:
        return seal(name, [right(item) for item in units[name]["inputs"]])

    for name in units:
        path = folder / f"{name}.parcel"
        if not path.exists():
            wrong.append(f"{name} is missing")
        elif path.read_text() != right(name):
            wrong.append(f"{name} was made of something else")
    made: dict[str, list[dict]] = {}
    for line in (folder / "journal.jsonl").read_text().splitlines():
        entry = json.loads(line)
        made.setdefault(entry["parcel"], []).append(entry)
    wrong += [f"{name} was made {len(rows)} times" for name, rows in made.items() if len(rows) > 1 and name not in note.get("dedupe_ok", [])]

    def below(task: str) -> set[str]:
        found: set[str] = set()
        todo = [task]
        while todo:
            new = set((downstream or {}).get(todo.pop(), ())) - found
            found |= new
            todo += new
        return found

    if downstream is not None:
        for name, unit in units.items():
            for item in unit["inputs"]:
                for late in made.get(name, []):
                    early = made.get(item, [])
                    same = [row for row in early if row["pid"] == late["pid"] and row["ended"] <= late["began"]]
                    if not same and not any(late["task"] in below(row["task"]) for row in early):
                        wrong.append(f"nothing guarantees {item} before {name}")
    return wrong
