"""Which alerts a rule, route or silence is about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Protocol

__all__ = ["Labelled", "Match", "fits"]


class Labelled(Protocol):
    """What a match looks at."""

    @property
    def dag_id(self) -> str: ...  # noqa: D102 - named as in Airflow
    @property
    def task_id(self) -> str: ...  # noqa: D102
    @property
    def conn_id(self) -> str: ...  # noqa: D102
    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def tags(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def owners(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def team(self) -> str: ...  # noqa: D102


def fits(names: Iterable[str], patterns: tuple[str, ...]) -> bool:
    """Whether one of the names has the form of one of the patterns (`*`, `?`, `[...]`); no pattern fits all."""
    return not patterns or any(fnmatchcase(name, pattern) for name in names for pattern in patterns)


@dataclass(frozen=True, slots=True)
class Match:
    """Patterns by what they are held against. Every list must fit; one pattern of a list is enough."""

    dag: tuple[str, ...] = ()
    task: tuple[str, ...] = ()
    connection: tuple[str, ...] = ()
    tag: tuple[str, ...] = ()
    owner: tuple[str, ...] = ()
    team: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    rule: tuple[str, ...] = ()
    severity: tuple[str, ...] = ()

    def __call__(self, item: Labelled, *, rule: str = "", severity: str = "") -> bool:
        """Whether the item is meant."""
        return (
            fits((item.dag_id,), self.dag)
            and fits((item.task_id,), self.task)
            and fits((item.conn_id,), self.connection)
            and fits(item.tags, self.tag)
            and fits(item.owners, self.owner)
            and fits((item.team,), self.team)
            and fits((item.kind,), self.kind)
            and fits((rule,), self.rule)
            and fits((severity,), self.severity)
        )
