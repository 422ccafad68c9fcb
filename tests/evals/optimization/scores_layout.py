"""Orders and dependencies: how near to the bound, how much shorter than the default; own graphs and recorded ones."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from airflow_provider_wfintel.engine.optimization.service import (
    build_graph,
    order_tasks,
    propose_layout,
    read_workflow,
)
from tests.evals.optimization.made_graphs import degraded, made_graphs
from tests.evals.scoring import ROOT, SHARED, Score, mean, measured

SLOTS = (2, 4, 8, 16, 64)
OWN_BUDGET = 300_000
"""Less than the default, so that the scores take half a minute; the figures differ in the fourth decimal."""
RECORDED_FLOORS = {"": (0.942, 4.2), "barrier": (0.942, 8.0), "loop": (0.942, 28.0)}


def scores() -> Iterator[Score]:
    """Own graphs, and the recorded ones where they lie beside the repository."""
    yield from _own_orders()
    yield from _own_bad_layouts()
    if (SHARED / "data/workflows").is_dir():
        for kind, floors in RECORDED_FLOORS.items():
            yield from _recorded(kind, *floors)


def _own_orders() -> Iterator[Score]:
    reached, gains = [], []
    for made in made_graphs():
        graph = build_graph(made.seconds, made.parents)
        for slots in SLOTS:
            found = order_tasks(graph, slots, budget=OWN_BUDGET)
            reached.append(found.bound / found.makespan)
            gains.append(100 * found.gain)
    yield mean("order, own graphs, bound / makespan", reached, 0.987)
    yield mean("order, own graphs, % shorter than default", gains, 4.0)
    yield measured("order, own graphs, share not worse", sum(gain >= 0 for gain in gains) / len(gains), 1.0)


def _own_bad_layouts() -> Iterator[Score]:
    for kind, floor in (("barrier", 14.0), ("loop", 32.0)):
        gains = []
        for made in made_graphs():
            layout = propose_layout(read_workflow(degraded(made, kind), made.name), SLOTS, budget=OWN_BUDGET // 10)
            pairs = zip(layout.orderings, layout.default_makespans, strict=True)
            gains += [100 * (1 - found.makespan / default) for found, default in pairs]
        yield mean(f"layout, own graphs, {kind}, % shorter", gains, floor)


def _recorded(kind: str, ratio_floor: float, gain_floor: float) -> Iterator[Score]:
    scorer, source = SHARED / "bench/score_layout.py", SHARED / "data/workflows"
    degrade = ["--degrade", kind] if kind else []
    with tempfile.TemporaryDirectory() as folder:
        shown, out = Path(folder) / "shown", Path(folder) / "out"
        if kind:
            _python(str(scorer), "--dir", str(source), *degrade, "--show-degraded", str(shown))
        files = shown if kind else source
        slots = ",".join(map(str, SLOTS))
        command = ("layout", "--dir", str(files), "--slots", slots, "--out-dir", str(out))
        _python("-m", "airflow_provider_wfintel.cli.main", *command)
        said = _python(str(scorer), "--dir", str(source), *degrade, "--proposals", str(out)).splitlines()[-1]
    name = f"recorded graphs{', ' + kind if kind else ''}"
    facts = dict(re.findall(r"(\w+)=(\S+)", said))
    yield measured(f"layout, {name}, valid", float(facts["valid"] == "true"), 1.0)
    yield measured(f"layout, {name}, 1 / mean ratio to bound", 1 / float(facts["mean_ratio_to_lb"]), ratio_floor)
    yield measured(f"layout, {name}, % shorter", float(facts["mean_reduction_vs_default_pct"]), gain_floor)
    yield measured(f"layout, {name}, % in the worst cell", float(facts["worst_reduction_pct"]), 0.0)


def _python(*arguments: str) -> str:
    done = subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(arguments)} ended with {done.returncode}: {done.stderr[-500:]}")
    return done.stdout
