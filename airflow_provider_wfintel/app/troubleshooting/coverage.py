"""How many classes of failure a machine can put right alone, within a policy, or never: the remedies are asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone

from airflow_provider_wfintel.engine.catalog.failures import FailureClass, failure_classes
from airflow_provider_wfintel.engine.model import Diagnosis, Evidence
from airflow_provider_wfintel.engine.troubleshooting.remedies.case import Bounds, Case, RemedyPlan, Target
from airflow_provider_wfintel.engine.troubleshooting.remedies.registry import REMEDIES

__all__ = ["LEVELS", "Coverage", "coverage"]

LEVELS = ("alone", "within policy", "never")
_LEVEL = {"yes": "alone", "partly": "within policy", "no": "never"}
_TRANSIENT = {"transient": True, "permanent": False}
_EVIDENCE = "Variable region does not exist; pool 'etl'"
# All that a remedy could ask for is known, so that what does not fit here fits nowhere.
_FACTS = {
    "state": "failed", "conn_id": "warehouse", "pool": "etl", "pool_slots": 1, "pool_total_slots": 8, "is_mapped": True,
    "max_active_tis_per_dagrun": 8, "execution_timeout": 60.0, "sensor_timeout": 60.0, "memory_mb": 1024,
    "queue": "default", "upstream": {"before": "failed"},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Coverage:
    """What can be done about a class.

    Attributes:
        label: the class.
        level: `alone` (safely, whatever the deployment), `within policy` (if the deployment allows and the case fits)
            or `never` (a person).
        remedies: the acting remedies that fit some case of the class.
    """

    label: str
    level: str
    remedies: tuple[str, ...]


def coverage() -> tuple[Coverage, ...]:
    """Every class, in the order of the taxonomy.

    A class that the taxonomy gives to no machine stays `never`, and so does one for which no remedy makes a plan even
    if all that it could ask for is known.
    """
    return tuple(_of(known) for known in failure_classes().values())


def _of(known: FailureClass) -> Coverage:
    facts = {**_FACTS, "pool_exists": known.id != "missing_pool"}
    diagnosis = Diagnosis(
        known.id,
        0.97,
        evidence=(Evidence("log", _EVIDENCE),),
        transient=_TRANSIENT.get(known.transient),
        action=known.action,
        remedies=known.remedies,
        fix_location=known.fix_location,
    )
    bounds = Bounds(queues={known.id: "large"}, variables={"region": "eu"})
    case = Case(
        Target("t", "dag", "run", "task"), diagnosis, facts, datetime(2026, 1, 1, tzinfo=timezone.utc), (), bounds
    )
    fitting = tuple(
        remedy.name
        for remedy in REMEDIES
        if remedy.changes != "nothing"
        and {*known.remedies}.intersection(remedy.serves)
        and isinstance(remedy.plan(case), RemedyPlan)
    )
    return Coverage(known.id, _LEVEL[known.auto_level] if fitting else "never", fitting)
