"""Learns the scorecards of the anomaly detectors, and says by cross-validation what they are worth.

    python -m tests.evals.monitoring.fit [--rounds 6] [--made 200] [--write]

Learning sees the development streams beside the repository, if they are there, with anomalies of other seeds put into
the same base histories, and made streams. Folds are whole base histories, so no figure below was reached on a history
that its scorecard had seen. `--write` replaces the scorecards of the package by some that saw everything.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from airflow_provider_wfintel.engine.monitoring.anomalies.detector import Detector, Evidence
from airflow_provider_wfintel.engine.monitoring.anomalies.detectors import DETECTORS, AnyDetector
from airflow_provider_wfintel.engine.monitoring.anomalies.history import History
from airflow_provider_wfintel.engine.monitoring.anomalies.moment import look
from airflow_provider_wfintel.engine.monitoring.anomalies.run_calendar import RunCalendar
from tests.evals.monitoring.alerts import NORMAL, UNSCORED, Figures, judge, owners
from tests.evals.monitoring.shared_streams import reinjected, shared_streams
from tests.evals.monitoring.streams import Stream, made_streams
from tests.evals.scoring import ROOT, SHARED

SCORECARDS = ROOT / "airflow_provider_wfintel/engine/monitoring/anomalies/data/scorecards.json"
LEARNED: tuple[Detector, ...] = tuple(item for item in DETECTORS if isinstance(item, Detector))
LOWEST = -4.0
FOLDS, STUMPS, RATE, LEAST_IN_STEP = 5, 250, 0.1, 30
FALSE_PER_1000, TUNED_ROUNDS = 4.4, 5
WANTED = {"too_short": 0.96, "row_drop": 0.87, "level_shift": 0.79, "drift": 0.79, "variance": 0.77}
EARLIER = {"too_short": 0.5}
"""What is told earlier than the search says: a run that did nothing leaves old data behind, and nobody notices."""

SETTLED = {"level_shift": 4, "drift": 6, "variance": 11}
"""Before the end of its window a lasting anomaly is learned for so many slots; earlier it cannot be told yet."""


@dataclass
class Watched:
    """A stream with what every detector has to say about each slot."""

    stream: Stream
    group: int
    evidence: dict[str, list[Evidence | None]] = field(default_factory=lambda: defaultdict(list))
    odds: dict[str, list[float | None]] = field(default_factory=dict)
    owner: list[int] = field(default_factory=list)
    candidates: list[tuple[int, list[tuple[float, AnyDetector]]]] = field(default_factory=list)


def watch(stream: Stream, group: int) -> Watched:
    """Lead the stream past the detectors without deciding anything."""
    calendar, history = RunCalendar(stream.cadence), History()  # type: ignore[arg-type]
    watched = Watched(stream, group, owner=owners(stream))
    for item in stream.slots:
        point, slot = item.point(), calendar.slot(item.t)
        moment = look(history, point, slot, cadence=calendar.cadence, seasons=calendar.seasons)
        for detector in DETECTORS:
            if isinstance(detector, Detector):
                watched.evidence[detector.kind].append(detector.evidence(moment))
            else:
                watched.odds.setdefault(detector.kind, []).append(detector.log_odds(moment))
        history.add(point, slot)
    return watched


def labels(stream: Stream, kind: str) -> list[int]:
    """1 where the kind should be found, 0 where nothing should, -1 where neither is asked."""
    owner, found = owners(stream), []
    for index, number in enumerate(owner):
        if number == UNSCORED:
            found.append(-1)
        elif number == NORMAL:
            found.append(0)
        else:
            event = stream.events[number]
            late = kind not in SETTLED or index >= event.end - SETTLED[kind]
            found.append(1 if event.kind == kind and late and index <= event.end + 3 else -1)
    return found


def table_rows(watched: Sequence[Watched], kind: str) -> tuple[Any, Any, Any, list[tuple[int, int]]]:
    """Evidence, labels, groups and places of all slots in which the detector has something to weigh."""
    import numpy as np

    rows, wanted, groups, places = [], [], [], []
    for number, item in enumerate(watched):
        for index, (evidence, label) in enumerate(zip(item.evidence[kind], labels(item.stream, kind), strict=True)):
            if evidence is not None:
                rows.append(evidence)
                wanted.append(label)
                groups.append(item.group)
                places.append((number, index))
    return np.array(rows, float), np.array(wanted), np.array(groups), places


def learn(rows: Any, wanted: Any, detector: Detector) -> Any:
    """Boosted stumps: an additive model of steps, with the directions that the detector demands."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    model = HistGradientBoostingClassifier(
        max_iter=STUMPS,
        max_depth=1,
        learning_rate=RATE,
        min_samples_leaf=LEAST_IN_STEP,
        early_stopping=False,
        monotonic_cst=[detector.rises.get(name, 0) for name in detector.names],
        random_state=0,
    )
    return model.fit(rows[wanted >= 0], wanted[wanted >= 0])


def cross_validate(watched: Sequence[Watched]) -> None:
    """Fill in log odds from scorecards that did not see the group of the stream."""
    from sklearn.model_selection import GroupKFold

    for detector in LEARNED:
        for item in watched:
            item.odds[detector.kind] = [None] * len(item.stream.slots)
        rows, wanted, groups, places = table_rows(watched, detector.kind)
        for seen, held in GroupKFold(FOLDS).split(rows, wanted, groups):
            model = learn(rows[seen], wanted[seen], detector)
            for place, odds in zip(held, model.decision_function(rows[held]), strict=True):
                number, index = places[place]
                watched[number].odds[detector.kind][index] = float(odds)


def settle(watched: Sequence[Watched]) -> None:
    """Keep what could become an alert at any threshold that is tried, in the order of the slots."""
    for item in watched:
        item.candidates = [
            (
                index,
                [(said, detector) for detector, odds in pairs if (said := odds[index]) is not None and _possible(said)],
            )
            for pairs in [[(detector, item.odds[detector.kind]) for detector in DETECTORS]]
            for index in range(len(item.stream.slots))
            if any(_possible(odds[index]) for _, odds in pairs)
        ]


def _possible(odds: float | None) -> bool:
    return odds is not None and odds > LOWEST


def alerts(item: Watched, thresholds: dict[str, float]) -> list[str | None]:
    """The alerts of the stream, decided as `RunStream` does."""
    said: dict[str, int] = {}
    found: list[str | None] = [None] * len(item.stream.slots)
    for index, odds_of in item.candidates:
        over = []
        for odds, detector in odds_of:
            excess = odds - thresholds.get(detector.kind, 0.0)
            quiet = detector.family in said and index - said[detector.family] <= detector.quiet_runs
            if excess > 0 and not quiet:
                over.append((excess, detector))
        for _, detector in over:
            said[detector.family] = index
        if over:
            found[index] = max(over, key=lambda pair: pair[0])[1].kind
    return found


def figures(watched: Sequence[Watched], thresholds: dict[str, float]) -> Figures:
    """The figures of alerts at these thresholds."""
    return Figures([judge(item.stream, alerts(item, thresholds), item.owner) for item in watched])


def worth(watched: Sequence[Watched], thresholds: dict[str, float]) -> float:
    """F1, less what is missing of the recall that is wanted of each kind, and less false alerts over the bound."""
    found = figures(watched, thresholds)
    missed = sum(max(0.0, wanted - found.recall_of(kind)) for kind, wanted in WANTED.items())
    return found.f1 - 0.1 * max(0.0, found.false_per_1000 - FALSE_PER_1000) - 0.4 * missed


def tune(watched: Sequence[Watched]) -> dict[str, float]:
    """Thresholds that are worth the most, by search along one kind, and along pairs of kinds in opposite directions."""
    thresholds: dict[str, float] = {detector.kind: 0.0 for detector in LEARNED}
    best = worth(watched, thresholds)
    kinds = list(thresholds)
    for step in (0.8, 0.4, 0.2):
        moves = [{kind: sign * step} for kind in kinds for sign in (1, -1)]
        moves += [{a: step, b: -step} for a in kinds for b in kinds if a != b]
        improved = True
        while improved:
            improved = False
            for move in moves:
                tried = {kind: value + move.get(kind, 0.0) for kind, value in thresholds.items()}
                value = worth(watched, tried)
                if value > best + 1e-4:
                    best, thresholds, improved = value, tried, True
    return thresholds


def card(model: Any, detector: Detector, threshold: float) -> dict[str, Any]:
    """The stumps of a model as tables of cuts and points."""
    steps: dict[int, dict[float, tuple[float, float]]] = defaultdict(dict)
    base = float(model._baseline_prediction.ravel()[0])
    for trees in model._predictors:
        nodes = trees[0].nodes
        if len(nodes) == 1:
            base += float(nodes[0]["value"])
            continue
        root, left, right = nodes[0], nodes[nodes[0]["left"]], nodes[nodes[0]["right"]]
        cut = float(f"{root['num_threshold']:.4g}")
        low, high = steps[int(root["feature_idx"])].get(cut, (0.0, 0.0))
        steps[int(root["feature_idx"])][cut] = (low + float(left["value"]), high + float(right["value"]))
    tables = []
    for place, name in enumerate(detector.names):
        cuts = sorted(steps[place])
        points = [
            sum(high if cut < edge else low for cut, (low, high) in steps[place].items())
            for edge in (*cuts, float("inf"))
        ]
        tables.append({"name": name, "cuts": cuts, "points": [round(value, 4) for value in points]})
    return {"base": round(base, 4), "threshold": round(threshold, 2), "tables": tables}


def gather(rounds: int, made: int) -> list[list[Watched]]:
    """Rounds of watched streams. The first is the development set as it is, if it is there."""
    sets: list[list[Stream]] = []
    folder = SHARED / "data" / "metrics"
    if folder.exists():
        base = shared_streams(folder)
        sets = [base, *(reinjected(base, seed) for seed in range(1, rounds + 1))]
    sets.append(list(made_streams(made, seed=7)))
    groups: dict[str, int] = {}
    watched = []
    for streams in sets:
        watched.append([watch(stream, groups.setdefault(stream.id, len(groups))) for stream in streams])
        print(f"watched {len(streams)} streams", flush=True)
    return watched


def main(arguments: Sequence[str] | None = None) -> int:
    """Learn, report, and write on demand."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--rounds", type=int, default=6, help="how often the shared streams get other anomalies")
    parser.add_argument("--made", type=int, default=200, help="how many made streams take part")
    parser.add_argument("--write", action="store_true", help="replace the scorecards of the package")
    args = parser.parse_args(arguments)
    rounds = gather(args.rounds, args.made)
    everything = [item for watched in rounds for item in watched]
    cross_validate(everything)
    settle(everything)
    # Made streams have fewer oddities of their own than real ones, which would flatter the false alerts.
    thresholds = tune([item for watched in rounds[:-1][:TUNED_ROUNDS] for item in watched] or everything)
    print({kind: round(value, 2) for kind, value in thresholds.items()})
    for name, watched in zip(("first", *("further",) * (len(rounds) - 2), "made"), rounds, strict=False):
        print(name, figures(watched, thresholds), flush=True)
    if args.write:
        cards = {}
        for detector in LEARNED:
            rows, wanted, _, _ = table_rows(everything, detector.kind)
            cards[detector.kind] = card(
                learn(rows, wanted, detector), detector, thresholds[detector.kind] - EARLIER.get(detector.kind, 0.0)
            )
        SCORECARDS.parent.mkdir(exist_ok=True)
        Path(SCORECARDS).write_text(json.dumps(cards, indent=None, separators=(",", ":")) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
