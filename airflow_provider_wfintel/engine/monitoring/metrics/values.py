"""What metrics are of, and what they cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

__all__ = ["DagFacts", "Prices", "Scope", "ScopeKind"]

ScopeKind: TypeAlias = Literal["task", "dag", "tag", "owner", "pool", "deployment"]


@dataclass(frozen=True, slots=True, order=True)
class Scope:
    """What a metric is of. `name` is the id; for a task `dag_id` is that of its DAG."""

    kind: ScopeKind
    name: str = ""
    dag_id: str = ""


@dataclass(frozen=True, slots=True)
class DagFacts:
    """Tags and owner of a DAG."""

    tags: tuple[str, ...] = ()
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Prices:
    """Money per hour of one pool slot, in any currency; `pools` names what differs from the rest."""

    per_slot_hour: float = 0.0
    pools: Mapping[str, float] = field(default_factory=dict)

    def of(self, pool: str, slot_seconds: float) -> float:
        """What so many slot-seconds of a pool cost."""
        return self.pools.get(pool, self.per_slot_hour) * slot_seconds / 3600.0
