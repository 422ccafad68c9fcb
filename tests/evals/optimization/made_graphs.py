"""Workflow graphs of shapes that are common in practice, made from a seed: the project's own set for orders.

The shapes follow what is published about scientific and data workflows (splits and merges, samples in lanes, a
reference shared by all, overlapping neighbours, trees of merges, layers at random); the run times are log-normal by
kind of task. Nothing is taken from recorded runs.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

__all__ = ["MadeGraph", "degraded", "made_graphs"]


@dataclass
class MadeGraph:
    """A graph in the making: seconds, kind and predecessors by task."""

    name: str
    chance: random.Random
    seconds: dict[str, float] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    parents: dict[str, list[str]] = field(default_factory=dict)

    def add(self, kind: str, typical: float, *parents: str, spread: float = 0.4) -> str:
        """A task of a kind after some others; returns its id."""
        name = f"{kind}_{len(self.seconds)}"
        self.seconds[name] = round(typical * self.chance.lognormvariate(0, spread), 2)
        self.kinds[name] = kind
        self.parents[name] = list(parents)
        return name


def _split_merge(graph: MadeGraph, size: int) -> None:
    split = graph.add("split", 3)
    parts = [graph.add("search", 60, split, spread=0.15) for _ in range(size)]
    graph.add("tables", 8, *parts)
    graph.add("errors", 0.5, *parts)


def _lanes(graph: MadeGraph, size: int) -> None:
    merged = []
    for _ in range(max(1, size // 30)):
        split = graph.add("split", 30)
        ends = []
        for _ in range(30):
            clean = graph.add("clean", 12, split)
            ends.append(graph.add("map", 40, graph.add("pack", 3, graph.add("convert", 6, clean))))
        merged.append(graph.add("merge", 10, *ends))
    graph.add("pileup", 25, graph.add("index", 30, graph.add("merge_all", 15, *merged)))


def _neighbours(graph: MadeGraph, size: int) -> None:
    tiles = [graph.add("project", 14) for _ in range(size)]
    pairs = [(a, b) for a in range(size) for b in range(a + 1, min(size, a + 5)) if graph.chance.random() < 0.8]
    fits = [graph.add("fit", 0.5, tiles[a], tiles[b], spread=0.8) for a, b in pairs]
    model = graph.add("model", 7, graph.add("concat", 1, *fits))
    graph.add("add", 2, *(graph.add("background", 1, tile, model) for tile in tiles))


def _shared_reference(graph: MadeGraph, size: int) -> None:
    reference = graph.add("reference", 45)
    lists = []
    for _ in range(size):
        fetch = graph.add("fetch", 25, spread=0.9)
        lists.append(graph.add("align", 50, reference, graph.add("unpack", 15, fetch)))
    while len(lists) > 1:
        lists = [graph.add("merge", 6, *lists[n : n + 4]) for n in range(0, len(lists), 4)]


def _samples(graph: MadeGraph, size: int) -> None:
    reports, counts = [], []
    for _ in range(size):
        trimmed = graph.add("trim", 20, graph.add("read", 4))
        reports.append(graph.add("quality", 12, trimmed, spread=0.8))
        aligned = graph.add("align", 80, trimmed, spread=0.6)
        marked = graph.add("mark", 25, graph.add("sort", 15, aligned))
        counts.append(graph.add("count", 10, marked))
        reports += [graph.add("stats", 5, marked), graph.add("coverage", 18, marked, spread=0.9)]
    graph.add("report", 20, *reports, *counts)
    graph.add("matrix", 30, *counts)


def _chromosomes(graph: MadeGraph, size: int) -> None:
    for _ in range(max(1, size // 12)):
        sifting = graph.add("sift", 20)
        parts = [graph.add("individuals", 70, spread=0.2) for _ in range(12)]
        merged = graph.add("merge", 30, *parts)
        for _ in range(5):
            graph.add("overlap", 45, merged, sifting)
            graph.add("frequency", 90, merged, sifting, spread=0.6)


def _genotypes(graph: MadeGraph, size: int) -> None:
    ready = []
    for _ in range(max(2, size // 12)):
        task = graph.add("align", 10)
        for kind, seconds in (("sort", 12), ("dedup", 12), ("groups", 14), ("target", 90), ("realign", 60)):
            task = graph.add(kind, seconds, task)
        ready += [graph.add("call", 130, task) for _ in range(8)]
    graph.add("merge_calls", 900, *ready)
    types = [graph.add("genotype", 130, *ready, spread=0.1) for _ in range(10)]
    combined = graph.add("combine", 6, *types)
    for kind in ("snp", "indel"):
        graph.add(f"filter_{kind}", 68, graph.add(f"select_{kind}", 135, combined))


def _layers(graph: MadeGraph, size: int) -> None:
    before: list[str] = []
    while len(graph.seconds) < size:
        width = graph.chance.randrange(3, 18)
        layer = []
        for _ in range(width):
            count = min(len(before), graph.chance.randrange(1, 4))
            layer.append(graph.add("step", 20, *graph.chance.sample(before, count), spread=1.0))
        before = layer


SHAPES: tuple[tuple[str, Callable[[MadeGraph, int], None], tuple[int, ...]], ...] = (
    ("split and merge", _split_merge, (90, 210)),
    ("lanes", _lanes, (60, 150)),
    ("neighbours", _neighbours, (25, 70)),
    ("shared reference", _shared_reference, (30,)),
    ("samples", _samples, (12, 24)),
    ("chromosomes", _chromosomes, (48,)),
    ("genotypes", _genotypes, (60,)),
    ("layers", _layers, (80, 250)),
)


def made_graphs(seed: int = 2026) -> Iterator[MadeGraph]:
    """All shapes in all their sizes."""
    for name, shape, sizes in SHAPES:
        for size in sizes:
            graph = MadeGraph(f"{name} {size}", random.Random(f"{seed} {name} {size}"))  # noqa: S311
            shape(graph, size)
            yield graph


def degraded(graph: MadeGraph, kind: str) -> dict[str, object]:
    """A badly laid-out copy in the form of a workflow file, with what each task reads and writes.

    `barrier`: each level waits for the whole level before it, through a task that does nothing. `loop`: tasks of one
    kind and level run one after the other, eight in a row, as a `for` loop with `previous >> task` leaves them.
    """
    level: dict[str, int] = {}
    for name, before in graph.parents.items():
        level[name] = 1 + max((level[parent] for parent in before), default=-1)
    parents = {name: list(before) for name, before in graph.parents.items()}
    if kind == "barrier":
        for number in range(1, max(level.values()) + 1):
            parents[f"barrier_{number}"] = [name for name in graph.parents if level[name] == number - 1]
            parents.update({name: [f"barrier_{number}"] for name in graph.parents if level[name] == number})
    else:
        alike: dict[tuple[int, str], list[str]] = {}
        for name in graph.parents:
            alike.setdefault((level[name], graph.kinds[name]), []).append(name)
        for names in alike.values():
            for number in range(1, len(names)):
                if number % 8:
                    parents[names[number]].append(names[number - 1])
    tasks = [
        {
            "id": name,
            "runtime_s": graph.seconds.get(name, 0.0),
            "parents": before,
            "reads": [f"{parent}.out" for parent in graph.parents.get(name, ())],
            "writes": [f"{name}.out"] if name in graph.parents else [],
        }
        for name, before in parents.items()
    ]
    return {"name": f"{graph.name}, {kind}", "tasks": tasks}
