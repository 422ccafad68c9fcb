"""Resolution trials: each is a DAG file in `trials/` with a literal `TRIAL`; their policy stands here."""

from __future__ import annotations

import ast
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["ACTING", "KINDS", "POLICY", "TRIALS", "Trial", "trials"]

TRIALS = Path(__file__).with_name("trials")
KINDS = {
    "resolvable": "ends in success without a person",
    "escalate": "nothing acts, a person gets it",
    "guarded": "nothing acts, because it must not run again or the policy is off",
    "budget": "reruns end with the budget, then a person gets it",
    "asked": "nothing acts before a person has answered, then what was answered",
    "stopped": "a DAG, a run or a slot is stopped, and a person gets it",
}
ACTING = (
    "clear_with_backoff", "create_pool", "create_variable", "fail_stuck_run", "free_stuck_task",
    "lower_concurrency", "move_to_queue", "pause_dag", "raise_execution_timeout", "raise_sensor_timeout",
    "refresh_credentials", "reparse_dag", "rerun_upstream", "resize_pool", "run_latest_version",
    "switch_connection", "wait_for_component", "wait_for_source",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Trial:
    """A failed task, what happens around it, and what may be done about it.

    Attributes:
        name: name of the file and of the DAG.
        says: what is wrong, in words.
        kind: what has to come of it, see `KINDS`.
        acceptable: remedies that may act; every other one that acts is counted as harmful.
        heal: seconds after the failure, what then happens, and with what.
        state: the state of the task `job` that is a failure.
        mark_failed: a person sets the running task to failed.
        waits: seconds in its state after which a task that does not end is a failure.
        runs: how many runs fail before anybody looks.
        mapped: the task has copies, and each that failed is a case of its own.
        answer: what a person answers who is asked; `nothing`: nobody answers in time.
        leaves: what must be so afterwards, and gone once it was taken back: a `plan` with a value of that name, a
            `paused` DAG; or the state of the `run` or the `task`, which stays.
    """

    name: str
    says: str
    kind: str
    acceptable: tuple[str, ...] = ()
    heal: tuple[float, str, str] | None = None
    state: str = "failed"
    mark_failed: bool = False
    waits: float = 0.0
    runs: int = 1
    mapped: bool = False
    answer: str = ""
    leaves: tuple[str, str] = ("", "")

    @property
    def path(self) -> Path:
        """The DAG file."""
        return TRIALS / f"{self.name}.py"


@cache
def trials() -> tuple[Trial, ...]:
    """All trials, by name."""
    return tuple(_read(path) for path in sorted(TRIALS.glob("*.py")))


def _read(path: Path) -> Trial:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "TRIAL":
            data = ast.literal_eval(node.value)
            if unknown := set(data) - {item.name for item in fields(Trial)}:
                raise ValueError(f"{path}: TRIAL does not know {sorted(unknown)}")
            return Trial(name=path.stem, says=(ast.get_docstring(tree) or "").strip(), **data)
    raise ValueError(f"{path} has no TRIAL")


POLICY: dict[str, Any] = {
    "version": 1,
    "defaults": {
        "mode": "allow",
        "allow": list(ACTING),
        # Trials last seconds, not hours; everything else is as it comes.
        "cool_down_minutes": 0.05,
        "bounds": {
            "backoff_seconds": 4,
            "wait_seconds": 60,
            "variables": {"export_region": "north"},
            "probes": {
                "source_comes_back": "shop_late",
                "trigger_source": "shop_trigger",
                "fallback": "shop_switch",
            },
        },
    },
    "rules": [
        # What is set here is approved by name or bounded by a factor; these classes never reach 0.95.
        {"match": {"classes": ["missing_variable", "execution_timeout"]}, "min_confidence": 0.85},
        {"match": {"dags": ["policy_off"]}, "mode": "off"},
        {"match": {"dags": ["approved", "refused", "unanswered"]}, "mode": "ask"},
        {"match": {"dags": ["other_queue"]}, "bounds": {"queues": {"disk_full": "roomy"}}},
        {"match": {"dags": ["breaker"]}, "bounds": {"breaker_failures": 3}},
        {"match": {"dags": ["stuck_run", "silent_task"]}, "bounds": {"stuck_seconds": 60}},
        # Every copy is a case, and all of them are one task.
        {"match": {"dags": ["too_many_copies"]}, "budget": {"per_task": 30, "per_dag": 40}},
    ],
}
"""What acts in the trials. `fallbacks` are added when the port of the stand-by is known."""
