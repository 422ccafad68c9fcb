"""An `Actions` port on a pretend deployment: records what it was asked to do, and does it to plain dictionaries."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from airflow_provider_wfintel.engine.troubleshooting.remedies.actions import (
    Action,
    Affected,
    ClearTasks,
    PauseDag,
    Performed,
    Probe,
    RemovePool,
    SetPool,
    TryState,
)
from airflow_provider_wfintel.exceptions import RemoteError

__all__ = ["InMemoryActions"]


@dataclass
class InMemoryActions:
    """Task instances by (dag, run, task, map index), pools by name, connections that answer.

    Attributes:
        tries: the try that each task instance has now.
        pools: slots by name of the pool.
        answering: ids of connections and names of components whose probe succeeds.
        paused: DAGs that are paused.
        done: every action that was carried out, in order.
        refusing: words of actions that are refused, as a server would.
    """

    tries: dict[tuple[str, str, str, int], TryState] = field(default_factory=dict)
    pools: dict[str, int] = field(default_factory=dict)
    answering: set[str] = field(default_factory=set)
    paused: set[str] = field(default_factory=set)
    done: list[Action] = field(default_factory=list)
    refusing: set[str] = field(default_factory=set)

    def perform(self, action: Action) -> Performed:
        """Do it to the dictionaries."""
        if any(words in action.words() for words in self.refusing):
            raise RemoteError(f"refused: {action.words()}", hint="the test wants it so")
        self.done.append(action)
        undo: tuple[Action, ...] = ()
        if isinstance(action, ClearTasks):
            self._clear(action)
        elif isinstance(action, SetPool):
            was = self.pools.get(action.name)
            if was is not None and action.was is None:
                return Performed(f"the pool {action.name} exists with {was} slots", happened=False)
            back = SetPool(action.name, was, action.slots) if was is not None else RemovePool(action.name, action.slots)
            undo = (back,)
            self.pools[action.name] = action.slots
        elif isinstance(action, RemovePool):
            self.pools.pop(action.name, None)
        elif isinstance(action, PauseDag):
            (self.paused.add if action.paused else self.paused.discard)(action.dag_id)
            undo = (replace(action, paused=not action.paused),)
        return Performed(action.words(), undo)

    def preview(self, action: ClearTasks) -> tuple[Affected, ...]:
        """The task instances of the action's tasks that failed, and all upstream_failed ones of the run."""
        return tuple(
            Affected(task, index, found.state)
            for (dag, run, task, index), found in self.tries.items()
            if (dag, run) == (action.dag_id, action.run_id)
            and (
                (task in action.task_ids and found.state in ("failed", "upstream_failed"))
                or (action.downstream and found.state == "upstream_failed")
            )
        )

    def probe(self, probe: Probe) -> tuple[bool, str]:
        """Whether the name is among those that answer."""
        holds = probe.name in self.answering
        return holds, f"{probe.name} {'answers' if holds else 'does not answer'}"

    def current_try(self, dag_id: str, run_id: str, task_id: str, map_index: int) -> TryState | None:
        """The try that the task instance has now."""
        return self.tries.get((dag_id, run_id, task_id, map_index))

    def finish(self, dag_id: str, run_id: str, task_id: str, state: str, map_index: int = -1) -> None:
        """Let the task instance's present try end."""
        key = (dag_id, run_id, task_id, map_index)
        self.tries[key] = replace(self.tries[key], state=state)

    def _clear(self, action: ClearTasks) -> None:
        for item in self.preview(action):
            key = (action.dag_id, action.run_id, item.task_id, item.map_index)
            old = self.tries[key]
            number = old.try_number + (1 if old.state == "failed" else 0)
            self.tries[key] = TryState(f"{old.try_id}+", "none", number)
