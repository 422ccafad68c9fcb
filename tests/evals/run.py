"""Scores of the engines, one line each: name, value, 95 % interval, floor. Ends with 1 if one is under its floor.

    python tests/evals/run.py [--only WORD] [--own]

The sets in this folder are the project's own. If a folder `shared` with further labelled sets and their scorers lies
beside the repository (or where WFINTEL_EVAL_SETS points to), those are scored too, by processes of their own.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

# Run as a file, the folder of the repository is not where Python looks.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.evals.scoring import HERE, SHARED, WFINTEL, Score, mean, measured, proportion, read_lines


def load_scorer(name: str, file: str = "score") -> ModuleType:
    """The `score.py`, or another module, of one of the own sets."""
    path = HERE / name / f"{file}.py"
    spec = importlib.util.spec_from_file_location(f"evals_{name}_{file}", path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"no scorer at {path}")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def own_schedules() -> Iterator[Score]:
    """Phrases with known schedules, per language."""
    for language, (right, total) in sorted(load_scorer("schedule").score_schedules().items()):
        yield proportion(f"schedule {language}", right, total, 0.95 if language == "all" else 0.90)


def own_detection() -> Iterator[Score]:
    """Texts with known services, as they are and in lower case."""
    scorer = load_scorer("detection")
    for lower_case, floor in ((False, 0.97), (True, 0.93)):
        found = scorer.score_detection(scorer.read_cases(), lower_case=lower_case)
        low, high = found["interval"]
        yield Score(f"{found['name']} (n={found['n']})", found["value"], low, high, floor)
    error = scorer.calibration_error(scorer.reliability(scorer.read_cases()))
    yield measured("detection, 1 - expected calibration error", 1.0 - error, 0.95)


# Criteria of the own set that have a floor; the others are printed without one.
OWN_GENERATION = {
    "safe": 1.0, "schedule": 0.95, "task recall": 0.93, "edges": 0.90, "literals": 0.90, "whole item": 0.73,
}  # fmt: skip
OWN_WORDS = 0.93
# Without a fault, and to the end: a task may say itself what the description left open.
TRIAL_FLOORS = ((0.97, 0.95), (0.94, 0.72))
FEWER_IS_BETTER = ("questions per clear item",)


def own_generation() -> Iterator[Score]:
    """Descriptions whose meaning was written down by hand; judged on spec and source, without Airflow."""
    scorer = load_scorer("generation")
    for name, (value, low, high, number) in scorer.score_generation(scorer.read_cases()).items():
        if name not in FEWER_IS_BETTER:
            yield Score(f"generation, {name} (n={number})", value, low, high, OWN_GENERATION.get(name))


def own_words() -> Iterator[Score]:
    """Whether words that a DAG does not carry are told: sentences with one planted clause."""
    scorer = load_scorer("generation", "words")
    items = scorer.read_planted()
    found = scorer.score_words(items)
    for name, group in (("all", items), ("held out while it was written", [item for item in items if item.hold])):
        good = sum(found[item.id] != "lost" for item in group)
        yield proportion(f"generation, planted words accounted for, {name}", good, len(group), OWN_WORDS)


def own_trials() -> Iterator[Score]:
    """Generated DAGs that run in a child Airflow with stand-ins for all services."""
    scorer = load_scorer("trial")
    for name, texts, floors in (
        ("trial, own sentences", scorer.sentences(), TRIAL_FLOORS[0]),
        ("trial, generation set", scorer.cases(), TRIAL_FLOORS[1]),
    ):
        faultless, complete, number, missing = scorer.score_trials(scorer.run_all(texts, ("rows",)))
        yield proportion(f"{name}, no fault", faultless, number, floors[0])
        yield proportion(f"{name}, runs to the end", complete, number, floors[1])
        yield Score(f"{name}, provider not installed", missing, missing, missing, None)


def _detect(records: list[dict[str, Any]], folder: Path) -> tuple[Path, float]:
    """Predictions of the command line for the records, and the seconds that it took, start-up included."""
    texts, answers = folder / "texts.jsonl", folder / "answers.jsonl"
    texts.write_text("".join(json.dumps({"id": item["id"], "text": item["text"]}) + "\n" for item in records))
    start = time.perf_counter()
    subprocess.run([str(WFINTEL), "detect", "--jsonl", str(texts), "--out", str(answers)], check=True)
    return answers, time.perf_counter() - start


def shared_detection() -> Iterator[Score]:
    """The labelled texts of the shared set, as they are and in lower case, and the speed."""
    sets, scorer = SHARED / "data" / "services", SHARED / "bench" / "score_services.py"
    records = read_lines(sets / "dev.jsonl")
    lower = [{**item, "text": item["text"].lower()} for item in records]
    for name, items, floor in (("detection dev", records, 0.97), ("detection dev, lower case", lower, 0.95)):
        with tempfile.TemporaryDirectory() as place:
            answers, seconds = _detect(items, Path(place))
            result = subprocess.run(
                [sys.executable, str(scorer), str(sets / "dev.jsonl"), str(answers)],
                capture_output=True, text=True, check=True,
            )  # fmt: skip
        found = re.search(r"SUMMARY.* item_accuracy=([\d.]+) ci95=\[([\d.]+),([\d.]+)\]", result.stdout)
        if found is None:
            raise SystemExit(f"the scorer said nothing that we know:\n{result.stdout[-500:]}")
        value, low, high = (float(item) for item in found.groups())
        yield Score(f"{name} (n={len(items)})", value, low, high, floor)
        if items is records:
            yield measured("detection, texts per second", len(items) / seconds, 245.0)


SHARED_GENERATION = {
    "parse": 1.0,
    "safe": 1.0,
    "tz": 1.0,
    "schedule": 0.95,
    "retries": 0.95,
    "alerts": 0.95,
    "flagged": 0.90,
    "whole": 0.85,
}
# Shares of an item that are right, in the mean.
SHARED_SHARES = {"service_recall": 0.90, "task_recall": 0.90, "task_precision": 0.90, "edge_f1": 0.90, "params": 0.90}


def shared_generation() -> Iterator[Score]:
    """The descriptions of the shared set: the generated files in a real Airflow."""
    gold, scorer = SHARED / "data" / "nl2dag" / "dev.jsonl", SHARED / "bench" / "score_nl2dag.py"
    with tempfile.TemporaryDirectory() as place:
        folder, details = Path(place) / "dags", Path(place) / "details.json"
        # Status 3 tells of descriptions that got an error record: the scorer judges whether that was right.
        made = subprocess.run(
            [str(WFINTEL), "generate", "--jsonl", str(gold), "--out-dir", str(folder)], capture_output=True
        )
        if made.returncode not in (0, 3):
            raise SystemExit(made.stderr.decode())
        subprocess.run(
            [sys.executable, str(scorer), str(folder), str(gold), "--json", str(details)],
            check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        items = json.loads(details.read_text(encoding="utf-8"))
    for key, floor in SHARED_GENERATION.items():
        values = [bool(item[key]) for item in items if item.get(key) is not None]
        yield proportion(f"generation dev, {key}", sum(values), len(values), floor)
    for key, floor in SHARED_SHARES.items():
        yield mean(f"generation dev, {key}", [float(item[key]) for item in items if item.get(key) is not None], floor)


def rooms() -> Iterator[tuple[str, Callable[[], Iterator[Score]]]]:
    """The further rooms: every `<room>/scores*.py` with its function `scores`. A room skips sets that are not there."""
    for path in sorted(HERE.glob("*/scores*.py")):
        module = importlib.import_module(f"tests.evals.{path.parent.name}.{path.stem}")
        yield f"{path.parent.name}.{path.stem}", module.scores


CAVEAT = (
    "The sets steered the work, and faults found with them were mended: all figures but those of the held-back "
    "parts flatter. `dev` are the shared development sets, the others are the project's own."
)
OWN: tuple[Callable[[], Iterator[Score]], ...] = (
    own_detection,
    own_schedules,
    own_generation,
    own_words,
    own_trials,
)
FURTHER: tuple[Callable[[], Iterator[Score]], ...] = (shared_detection, shared_generation)


def page(scores: list[Score]) -> str:
    """The figures, the reliability of detection and the errors that remain, as Markdown."""
    lines = [
        "# Figures",
        "",
        "Written by `make figures`; `make evals` prints the same and holds the floors. " + CAVEAT,
        "",
    ]
    lines += ["| figure | value | 95 % interval | floor |", "|---|---|---|---|"]
    for score in scores:
        floor = "" if score.floor is None else f"{score.floor:g}"
        lines.append(f"| {score.name} | {score.value:.3f} | {score.low:.3f} to {score.high:.3f} | {floor} |")
    detection = load_scorer("detection")
    lines += ["", "## Is the confidence of detection right?", ""]
    lines += ["Own set, each text as it is and in lower case: how sure a mention is, and how often it is one.", ""]
    lines += [
        "| confidence | mentions | mean confidence | share that is right | 95 % interval |",
        "|---|---|---|---|---|",
    ]
    for item in detection.reliability(detection.read_cases()):
        low, high = item.interval
        bounds = f"{item.low:g} to {item.high:g}"
        lines.append(
            f"| {bounds} | {item.count} | {item.confidence:.3f} | {item.share:.3f} | {low:.3f} to {high:.3f} |"
        )
    lines += [
        "",
        "## What is still wrong in the own set of descriptions",
        "",
        "| request | what is wrong |",
        "|---|---|",
    ]
    lines += [f"| {case} | {errors} |" for case, errors in remaining_errors()]
    return "\n".join(lines) + "\n"


def remaining_errors() -> Iterator[tuple[str, str]]:
    """The ids of the own requests that are not wholly right, with the first two faults of each."""
    scorer = load_scorer("generation")
    for case in scorer.read_cases():
        verdict = scorer.judge(case, scorer.generate(case["text"]))
        if not verdict.values["whole item"]:
            errors = "; ".join(verdict.errors[:2]).replace("|", "\\|").replace("\n", " ").replace("`", "'")
            short = errors if len(errors) < 200 else errors[:200].rpartition(" ")[0]
            yield case["id"], f"`{short}`"


def main() -> int:
    """Print all scores."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", default="", metavar="WORD", help="only scorers whose name holds this word")
    parser.add_argument("--own", action="store_true", help="only the project's own sets")
    parser.add_argument("--write", metavar="FILE.md", help="also write the figures as a page of the documentation")
    arguments = parser.parse_args()
    scorers = OWN if arguments.own or not SHARED.is_dir() else (*OWN, *FURTHER)
    scores = []
    for name, scorer in (*((item.__name__, item) for item in scorers), *rooms()):
        if arguments.only in name:
            for score in scorer():
                print(score, flush=True)
                scores.append(score)
    if arguments.write:
        Path(arguments.write).write_text(page(scores), encoding="utf-8")
    return 0 if all(score.passed for score in scores) else 1


if __name__ == "__main__":
    raise SystemExit(main())
