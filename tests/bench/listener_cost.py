"""What the listener costs a task: the time from its two calls, by wall clock and by processor.

python -m tests.bench.listener_cost [--calls 5000]
"""

from __future__ import annotations

import argparse
import logging
import statistics
import time
from collections.abc import Callable
from types import SimpleNamespace

from airflow_provider_wfintel.plugin import measure


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=5000)
    args = parser.parse_args()
    lines: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(record.getMessage())  # type: ignore[method-assign]
    measure.log.addHandler(handler)
    measure.log.setLevel(logging.INFO)
    measure.log.propagate = False
    try:
        [][0]
    except IndexError as caught:
        error = caught
    item = SimpleNamespace(id="0", dag_id="orders", run_id="r", task_id="load", map_index=-1, try_number=1)

    def once() -> None:
        measure.start("0")
        measure.report(item, "failed", error)

    for name, clock in (("wall", time.perf_counter), ("processor", time.process_time)):
        taken = sorted(timed(once, clock) for _ in range(args.calls))
        middle, high = statistics.median(taken), taken[int(len(taken) * 0.95)]
        print(f"listener, {name} time of a try: median {middle * 1e6:.0f} us, p95 {high * 1e6:.0f} us")
    assert len(lines) == 2 * args.calls


def timed(work: Callable[[], None], clock: Callable[[], float]) -> float:
    """Seconds that the work took by that clock."""
    begin = clock()
    work()
    return clock() - begin


if __name__ == "__main__":
    main()
