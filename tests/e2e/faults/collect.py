"""Provoke all faults in a real Airflow and write what they left behind as the project's own labelled corpus.

    make faults, or: python -m tests.e2e.faults.collect [--only WORD] [--write corpus.jsonl]

Without `--write` nothing is kept; the answers of the diagnosis are printed either way. The exit status is 1 if a fault
did not come about as its record says.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from airflow_provider_wfintel.cli.demo.processes import ends_on_signals

__all__ = ["CORPUS", "away_from_other_airflows", "came_about", "item_of", "main"]

CORPUS = Path(__file__).with_name("corpus") / "faults.jsonl"


def main() -> int:
    """Run, judge, print, write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", default="", metavar="WORD", help="faults whose name holds this word")
    parser.add_argument("--write", type=Path, metavar="FILE.jsonl")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wfintel-faults-") as place:
        away_from_other_airflows(Path(place))
        items, missed = _collect(Path(place), arguments.only)
    if arguments.write:
        arguments.write.parent.mkdir(exist_ok=True)
        lines = (
            json.dumps(item, ensure_ascii=False, sort_keys=True) for item in sorted(items, key=lambda item: item["id"])
        )
        arguments.write.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(items)} faults came about, {len(missed)} did not: {', '.join(missed) or '-'}")
    return 1 if missed else 0


def away_from_other_airflows(place: Path) -> None:
    """This process imports Airflow's tables; its settings must not be those of anybody's Airflow."""
    home = place / "reader"
    home.mkdir()
    os.environ["AIRFLOW_HOME"] = str(home)
    os.environ["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"] = f"sqlite:///{home / 'unused.db'}"


def _collect(place: Path, word: str) -> tuple[list[dict[str, Any]], list[str]]:
    from tests.e2e.faults.deployment import running_airflow
    from tests.e2e.faults.neutral import Neutral
    from tests.e2e.faults.provoke import deploy, provoke
    from tests.e2e.faults.records import faults

    chosen = [fault for fault in faults() if word in fault.name]
    folder = place / "faults"
    folder.mkdir()
    items, missed = [], []
    with running_airflow(folder) as airflow, deploy(airflow, chosen):
        neutral = Neutral(folder, str(airflow.shop.url.database))
        for left in provoke(airflow, chosen):
            item = item_of(left, neutral)
            came = came_about(left, item)
            print(_line(left, item, came), flush=True)
            if came:
                items.append(item)
            else:
                missed.append(left.fault.name)
                print(f"    state {left.state}; log ends: {left.text[-1500:]}", file=sys.stderr)
    return items, missed


def came_about(left: Any, item: dict[str, Any]) -> bool:
    """Whether the task is in the state that the record names, and what it left holds the words of the record."""
    everything = f"{item['log']}\n{item['trigger_log']}\n{json.dumps(item['facts'])}".replace('\\"', '"')
    return left.state == left.fault.state and left.fault.evidence.lower() in everything.lower()


def item_of(left: Any, neutral: Any) -> dict[str, Any]:
    """What a fault left as a line of the corpus."""
    from airflow_provider_wfintel.engine.troubleshooting import service

    facts = service.facts_to_mapping(left.facts) if left.facts else {}
    return {
        "id": left.fault.name,
        "labels": list(left.fault.labels),
        "evidence": left.fault.evidence,
        "shown": left.fault.shown,
        "log": neutral(left.log),
        "trigger_log": neutral(left.trigger_log),
        "facts": json.loads(neutral(json.dumps(facts))),
    }


def _line(left: Any, item: dict[str, Any], came: bool) -> str:
    from airflow_provider_wfintel.engine.troubleshooting import service

    text = "\n".join(part for part in (item["log"], item["trigger_log"]) if part)
    found = service.diagnose(text, item["facts"])
    mark = "" if found.label == left.fault.labels[0] else "~" if found.label in left.fault.labels else "WRONG"
    first = found.evidence[0].text[:80] if found.evidence else ""
    came_mark = "" if came else "NOT PROVOKED "
    answer = f"{found.label:<26} {found.confidence:.2f} {mark:<6} {first}"
    return f"{left.fault.name:<24} {left.seconds:5.1f} s {came_mark}{answer}"


if __name__ == "__main__":
    with ends_on_signals():
        raise SystemExit(main())
