"""Makes drafts and surroundings for the tests of rewrites: the history is what the sleeps of the code say."""

from __future__ import annotations

import textwrap

from airflow_provider_wfintel.engine.optimization.rewrites.draft import Draft, PoolSize, Surroundings, seconds_in
from airflow_provider_wfintel.engine.optimization.simulation import Deployment, Profile, TaskProfile
from tests.unit.optimization.understanding.depot import DEPOT
from tests.unit.optimization.understanding.test_reading import HEAD


def draft_of(body: str) -> Draft:
    draft = Draft(HEAD + textwrap.dedent(body), {"depot": DEPOT}, "")
    return Draft(draft.source, draft.siblings, draft.file.dags[0].dag_id)


def surroundings(
    draft: Draft,
    *,
    slots: int = 16,
    pools: dict[str, int] | None = None,
    descriptions: dict[str, str] | None = None,
    failing: tuple[str, ...] = (),
    waits: dict[str, float] | None = None,
    strategy="performance",
    confirmed: tuple[str, ...] = (),
) -> Surroundings:
    profiles = []
    for task in draft.dag.tasks:
        seconds = max(0.01, task.record.sleeps / task.instances)
        rate = 0.3 if task.task_id in failing else 0.0
        end = (waits or {}).get(task.task_id, 0.0)
        profiles.append(
            TaskProfile(
                task_id=task.task_id,
                operator=task.operator,
                tries=3,
                seconds=seconds,
                spread=0.02,
                recorded=end or seconds,
                recorded_p90=seconds,
                wait=1.0,
                retries=rate,
                failure_rate=rate,
                ends_after=end,
                instances=task.instances,
                pool=task.pool,
                pool_slots=1,
                priority_weight=1,
            )
        )
    sizes = pools or {}
    return Surroundings(
        Profile(draft.dag_id, tuple(profiles), ()),
        Deployment(parallelism=slots, pools=(("default_pool", 128), *sizes.items())),
        tuple(PoolSize(name, size, (descriptions or {}).get(name, "")) for name, size in sizes.items()),
        strategy,
        failing=frozenset(failing),
        confirmed=frozenset(confirmed),
        intervals={task.task_id: seconds_in(task.argument("poke_interval"), 60.0) for task in draft.dag.tasks},
    )
