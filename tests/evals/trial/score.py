"""The share of generated DAGs that run with stand-ins for all services.

    python tests/evals/trial/score.py [--errors] [--own]

The sentences of this folder and of README come first; then the cases of the generation set. A DAG whose providers are
not installed cannot be run and is counted apart.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from airflow_provider_wfintel.engine.generation.service import generate
from airflow_provider_wfintel.engine.model import Trial
from airflow_provider_wfintel.exceptions import WfIntelError
from airflow_provider_wfintel.host.dag_run import try_dag_files

HERE = Path(__file__).resolve().parent
CASES = HERE.parent / "generation" / "cases.jsonl"
README = HERE.parents[2] / "README.md"
CHILDREN = 2


def sentences() -> dict[str, str]:
    """Own sentences and those of README, by a name."""
    own = (HERE / "sentences.txt").read_text(encoding="utf-8").splitlines()
    shown = [line[2:] for line in README.read_text(encoding="utf-8").splitlines() if line.startswith("> ")]
    return {f"t{number:03}": text for number, text in enumerate([*own, *shown], 1)}


def cases() -> dict[str, str]:
    """The descriptions of the generation set."""
    lines = CASES.read_text(encoding="utf-8").splitlines()
    return {item["id"]: item["text"] for item in map(json.loads, lines)}


def run_all(texts: Mapping[str, str], answers: tuple[str, ...]) -> dict[str, Trial]:
    """Generate and run; a text that is refused, as it may be, has no trial."""
    sources = {}
    for name, text in texts.items():
        try:
            sources[name] = generate(text).source
        except WfIntelError:
            continue
    names = list(sources)
    parts = [{name: sources[name] for name in names[start::CHILDREN]} for start in range(CHILDREN)]
    with ThreadPoolExecutor(CHILDREN) as pool:
        done = pool.map(lambda part: try_dag_files(part, answers=answers), parts)
        return {name: trial for found in done for name, trial in found.items()}


def score_trials(trials: Mapping[str, Trial]) -> tuple[int, int, int, int]:
    """How many have no fault, how many run to the end, how many could run, how many lack a provider."""
    could = [trial for trial in trials.values() if not trial.missing]
    faultless, complete = sum(trial.faultless for trial in could), sum(trial.ok for trial in could)
    return faultless, complete, len(could), len(trials) - len(could)


def main() -> int:
    """Print the figures, and the faults if asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--errors", action="store_true", help="print what failed")
    parser.add_argument("--own", action="store_true", help="only the sentences of this folder and README")
    arguments = parser.parse_args()
    trials = run_all(sentences() if arguments.own else {**sentences(), **cases()}, ("rows", "empty"))
    faultless, complete, number, missing = score_trials(trials)
    sys.stdout.write(f"no fault {faultless}/{number}, to the end {complete}/{number}, provider missing {missing}\n")
    for name, trial in trials.items() if arguments.errors else ():
        if trial.missing or trial.ok:
            continue
        sys.stdout.write(f"{name} {trial.error}\n")
        for run in trial.runs:
            for task in run.tasks:
                if task.state in ("failed", "open", "not_run"):
                    sys.stdout.write(
                        f"   {run.answers} {task.task_id} {task.operator} {task.state}: {task.error[:300]}\n"
                    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
