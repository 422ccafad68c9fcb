"""A module beside the DAG files of these tests, as a team would write one: a store of files and a ledger of runs."""

DEPOT = """
import json
import os
import time
from pathlib import Path


def base():
    return Path(os.environ.get("DEPOT_HOME", "/srv/depot")) / os.environ["AIRFLOW_CTX_DAG_RUN_ID"]


def take(name):
    path = base() / (name + ".json")
    if not path.exists():
        raise FileNotFoundError(name)
    return json.loads(path.read_text())


def put(name, rows):
    partial = base() / f"{name}.{os.getpid()}"
    partial.write_text(json.dumps(rows))
    os.replace(partial, base() / (name + ".json"))
    with open(base() / "ledger.log", "a") as ledger:
        ledger.write(name + "\\n")


def fetch(source, pause=1):
    time.sleep(pause)
    put(f"in_{source}", [])
    return f"in_{source}"


def build(target, *sources, pause=1):
    rows = [take(source) for source in sources]
    time.sleep(pause)
    put(target, rows)
    return target


def landed(name):
    marker = base() / "opened"
    try:
        os.close(os.open(marker, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    except FileExistsError:
        pass
    marker.read_text()
    return (base() / f"{name}.json").exists()
"""
