"""The figures of speed, one line each: `make bench`, or `python -m tests.bench.figures`.

All times are processor time, so that what else runs on the machine counts little.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from airflow_provider_wfintel.engine.generation.service import detect, generate

EVALS = Path(__file__).resolve().parents[1] / "evals"
REQUEST = "Every day at 6:00 load s3://lake/in.csv into the Snowflake table raw.orders, then post to #ops on Slack."
LEAST, MOST = 45, 80
ROUNDS = 5


def texts_of(path: Path) -> list[str]:
    """The texts of a labelled set."""
    return [json.loads(line)["text"] for line in path.read_text("utf-8").splitlines()]


def of_length(texts: Sequence[str], least: int, most: int) -> list[str]:
    """The texts with a number of words from `least` to `most`."""
    return [text for text in texts if least <= len(text.split()) <= most]


def seconds_of(run: Callable[[str], object], text: str) -> float:
    """Processor time of one call."""
    start = time.process_time()
    run(text)
    return time.process_time() - start


def percentiles(run: Callable[[str], object], texts: Sequence[str]) -> tuple[float, float]:
    """Seconds that half of the texts and 95 % of them stay under; a text counts with the median of its rounds."""
    times = sorted(statistics.median(seconds_of(run, text) for _ in range(ROUNDS)) for text in texts)
    cuts = statistics.quantiles(times, n=20, method="inclusive")
    return cuts[9], cuts[18]


def child_seconds(*arguments: str) -> float:
    """Processor time of a child process, the median of some."""
    times = []
    for _ in range(ROUNDS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return statistics.median(times)


def figures(requests: Sequence[str], mentions: Sequence[str]) -> dict[str, str]:
    """Each figure with its unit."""
    for text in (requests[0], mentions[0]):
        generate(text)  # the catalogue is loaded once per process
        detect(text)
    half, most = percentiles(generate, requests)
    kind = f"generation, {len(requests)} requests of {LEAST} to {MOST} words"
    read = sum(statistics.median(seconds_of(detect, text) for _ in range(ROUNDS)) for text in mentions)
    command = ("-m", "airflow_provider_wfintel.cli.main")
    return {
        f"{kind}, p50": f"{half * 1000:.1f} ms",
        f"{kind}, p95": f"{most * 1000:.1f} ms",
        f"detection, {len(mentions)} texts": f"{len(mentions) / read:.0f} texts/s",
        "processor time of a bare interpreter": f"{child_seconds('-c', 'pass'):.2f} s",
        "processor time of `wfintel detect TEXT`": f"{child_seconds(*command, 'detect', REQUEST):.2f} s",
        "processor time of `wfintel generate TEXT`": f"{child_seconds(*command, 'generate', REQUEST):.2f} s",
    }


if __name__ == "__main__":
    requests = of_length(texts_of(EVALS / "generation/cases.jsonl"), LEAST, MOST)
    for name, figure in figures(requests, texts_of(EVALS / "detection/cases.jsonl")).items():
        sys.stdout.write(f"{name:60} {figure:>14}\n")
