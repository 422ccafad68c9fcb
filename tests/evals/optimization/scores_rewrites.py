"""Scores of the rewrites: predicted reductions, lost dependencies, sound layouts, real DAG files left alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.evals.optimization.slow_cases import (
    FIELD,
    OFFICE,
    OWN,
    TOWN,
    PlannedCase,
    broken_limits,
    lost_dependencies,
    plan_of,
    planned_cases,
    sound_plans,
)
from tests.evals.scoring import SHARED, Score, mean, proportion

ROOT = Path(__file__).resolve().parents[3]
REAL_FILES = 40


def scores() -> Iterator[Score]:
    """Own slow DAGs, real DAG files, and the set beside the repository if it is there."""
    yield from _slow(OWN, "own", 0.45)
    yield from _slow(OFFICE, "office", 0.40)
    yield from _slow(TOWN, "town", 0.50)
    yield from _slow(FIELD, "field", 0.40)
    yield _share_of_experts(OFFICE, "office", 0.70)
    yield _share_of_experts(FIELD, "field", 0.75)
    layouts = [plan for _, plan in sound_plans()]
    alone = sum(not plan.applied and not plan.suggested for plan in layouts)
    yield proportion("rewrites: sound layouts left alone (field)", alone, len(layouts), 1.0)
    yield _real_files()
    shared = SHARED / "data" / "slow_dags"
    if shared.is_dir():
        yield from _slow(shared, "shared", 0.53)
        sound = list(planned_cases(shared, subfolder="expert"))
        yield proportion(
            "rewrites: expert layouts left alone", sum(not case.plan.applied for case in sound), len(sound), 1.0
        )


def _slow(folder: Path, word: str, floor: float) -> Iterator[Score]:
    cases = list(planned_cases(folder))
    pairs = sum(len(unit["inputs"]) for case in cases for unit in case.note["units"].values())
    lost = sum(len(lost_dependencies(case)) for case in cases)
    yield mean(f"rewrites: predicted reduction ({word})", [case.reduction for case in cases], floor)
    yield proportion(f"rewrites: real dependencies kept ({word})", pairs - lost, pairs, 1.0)
    clean = sum(not _new_findings(case) for case in cases)
    yield proportion(f"rewrites: rewritten files in which ruff finds nothing new ({word})", clean, len(cases), 1.0)
    kept = sum(not broken_limits(case) for case in cases)
    yield proportion(f"rewrites: DAGs with all limits kept ({word})", kept, len(cases), 1.0)


def _new_findings(case: PlannedCase) -> set[str]:
    """What ruff finds in the rewritten file and not in the original, names of variables aside."""
    from airflow_provider_wfintel.app.validate import validate_file

    old, new = (
        {item.message for item in validate_file(text, execute=False).issues if item.check in ("lint", "syntax")}
        for text in (case.plan.original.source, case.plan.final.source)
    )
    return {message for message in new - old if not message.startswith("AIR001")}


def _share_of_experts(folder: Path, word: str, floor: float) -> Score:
    """How much of what an expert's layout gains, by simulation, is gained by the plan."""
    experts = {case.name: case.plan.before.makespan for case in planned_cases(folder, subfolder="expert")}
    shares = []
    for case in planned_cases(folder):
        before, after = case.plan.before.makespan, case.plan.after.makespan
        shares.append((before - after) / (before - experts[case.name]))
    return mean(f"rewrites: share of the experts' predicted gain ({word})", shares, floor)


def _real_files() -> Score:
    """DAG files of installed providers and the project's own, for which nothing must be done or suggested."""
    import airflow

    found = [path for folder in airflow.__path__ for path in sorted(Path(folder).glob("**/example_dags/*.py"))]
    found += sorted((ROOT / "dags").glob("**/*.py"))
    step = max(1, len(found) // REAL_FILES)
    alone = count = 0
    for path in found[::step][:REAL_FILES]:
        count += 1
        alone += not _proposed(path)
    return proportion("rewrites: real DAG files left alone", alone, count, 1.0)


def _proposed(path: Path) -> bool:
    from airflow_provider_wfintel.engine.optimization.understanding.reader import read_dag_file

    source = path.read_text(encoding="utf-8")
    if not any(dag.tasks for dag in read_dag_file(source).dags):
        return False
    plan = plan_of(source, {}, {})
    return bool(plan.applied or plan.suggested)
