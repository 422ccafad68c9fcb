"""The work line while a text is read: steps so far, what each follows, and the open ends."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from airflow_provider_wfintel.engine.generation.reading.alerts import AlertReading
from airflow_provider_wfintel.engine.generation.reading.conditions import (
    Guard,
)
from airflow_provider_wfintel.engine.generation.reading.frames import Words
from airflow_provider_wfintel.engine.generation.reading.lexicon import VerbUse
from airflow_provider_wfintel.engine.generation.reading.slots import Slot
from airflow_provider_wfintel.engine.generation.reading.steps import (
    Step,
)
from airflow_provider_wfintel.engine.model import Caution, DependencyReason, Question, Span

__all__ = ["Edge", "Line"]


# Values that say by themselves what is done: such a step takes no service from the other way.
_WHOLE = frozenset({"command", "script", "file_name", "path", "url", "recipients", "dag_id", "image", "sql"})


@dataclass(frozen=True, slots=True)
class Edge:
    """Step `downstream` follows step `upstream` (indices into `Flow.steps`)."""

    upstream: int
    downstream: int
    reason: DependencyReason = "order_of_words"
    evidence: Span | None = None


@dataclass(slots=True)
class Line:
    """The work line while it is being read: steps so far, their upstream steps, and the open ends."""

    words: Words
    steps: list[Step] = field(default_factory=list)
    upstream: list[set[int]] = field(default_factory=list)
    stated: set[tuple[int, int]] = field(default_factory=set)
    frontier: list[int] = field(default_factory=list)
    group: list[int] = field(default_factory=list)
    group_base: list[int] = field(default_factory=list)
    group_key: tuple[int, int] | None = None
    alerts: list[AlertReading] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    warnings: list[Caution] = field(default_factory=list)
    unused: list[Span] = field(default_factory=list)
    heeded: list[Span] = field(default_factory=list)
    """Remarks that changed steps read before them, so that they are no longer open."""
    pending_guard: Guard | None = None
    pending_source: str = ""
    told_of: str = ""
    """The place of data that a sentence without work spoke of ("our database has the tables …")."""
    told_end: int = -1
    """Where the last clause ends that only tells; -1 if there is none."""
    arrow_left: bool = False
    swallow: tuple[int, bool] | None = None
    side_by_side: bool = False
    """Whether the list items that are read now run side by side ("In parallel:")."""
    outer_indent: int = -1
    """How far the item is indented whose sub-items run side by side; -1 if no item heads them."""
    group_verb: VerbUse | None = None
    """The verb that stands alone above the list items that are read now ("1. Extract")."""
    holiday: Step | None = None
    failing: int = -1
    """Where the words end that say what to do if something failed; -1 if none have been read."""
    bad_end: list[int] = field(default_factory=list)
    """The steps whose bad end those words spoke of; empty if they spoke of all that came before."""
    good_way: tuple[int, tuple[int, ...]] | None = None
    """The last sentence that spoke of a good end ("if it passes"), and the steps whose end that is."""
    late: int = -1
    """Where the words end that say whom to tell if a run is late; -1 if none have been read."""
    stopped: bool = False
    """Whether the last guarded work ends the run, so that what follows is the other way."""
    other_way: tuple[int, int] | None = None
    """The sentence of an "otherwise" and its last step, while that sentence is read."""
    soft: set[int] = field(default_factory=set)
    """Steps whose failure is only told of: what comes after them runs all the same."""
    either: set[int] = field(default_factory=set)
    """Steps of which one is enough ("whichever comes first"): what comes after them needs only one to succeed."""
    may_fail_until: int = -1
    """Where the words end that let the last step fail without failing the run; -1 if they were not just read."""
    given: Step | None = None
    """Where the words just read say that data comes from."""
    connections: dict[str, Slot] = field(default_factory=dict)
    """Connections that a sentence of their own gives to a service."""
    aside: int | None = None
    """The last step of a sentence or item that stands beside the line ("also …"), while that one is read."""
    later_services: tuple[frozenset[str], ...] = ()

    def add(self, step: Step, *, parallel: bool = False, key: tuple[int, int] | None = None, said: bool = False) -> int:
        """Append a step after the open ends, or beside the steps of the open parallel group."""
        if self.pending_guard is not None:
            step = replace(step, guard=step.guard or self.pending_guard)
            self.pending_guard = None
        index = len(self.steps)
        self.steps.append(step)
        if parallel and self.group and key == self.group_key:
            self.upstream.append(set(self.group_base))
            self.group.append(index)
            self.frontier = list(self.group)
        else:
            base = self._base(step)
            self.upstream.append(set(base))
            if self.aside is not None and base == [self.aside]:
                self.aside = index
                return index
            self.group, self.group_base, self.group_key = [index], base, key
            self.frontier = [item for item in self.frontier if item not in base] + [index]
            if self.other_way is not None and base == [self.other_way[1]]:
                self.other_way = (self.other_way[0], index)
        if said:
            self.stated |= {(up, index) for up in self.upstream[index]}
        self._go_on_past_failures(index)
        self._needs_only_one(index)
        return index

    def _needs_only_one(self, index: int) -> None:
        """Let a step that follows steps of which one is enough start with the first that succeeds."""
        if self.either and self.upstream[index] == self.either and self.steps[index].trigger_rule == "all_success":
            self.steps[index] = replace(self.steps[index], trigger_rule="one_success")

    def _go_on_past_failures(self, index: int) -> None:
        """Let a step run after one that may fail; what that one itself came after must have succeeded."""
        may_fail = self.upstream[index] & self.soft
        if not may_fail or self.steps[index].trigger_rule != "all_success":
            return
        earlier = {up for item in may_fail for up in self.upstream[item]}
        self.upstream[index] |= earlier
        rule = "all_done_min_one_success" if earlier else "all_done"
        self.steps[index] = replace(self.steps[index], trigger_rule=rule)

    def add_for_failure(self, step: Step, after: list[int] | None = None) -> int:
        """Append a step that runs only if the open ends (or `after`) failed; what is read next goes on from them, not from it."""
        index = len(self.steps)
        self.steps.append(step)
        self.upstream.append(set(after or self.frontier))
        self.stated |= {(up, index) for up in self.upstream[-1]}
        return index

    def step_aside(self, frontier: list[int]) -> None:
        """Let what is read next go on from `frontier`: the last step is done as well, and nothing waits for it."""
        self.frontier = list(frontier)
        self.group, self.group_base, self.group_key = [], [], None
        self.aside = len(self.steps) - 1

    def start_aside(self, frontier: list[int]) -> None:
        """Let the last step start on its own ("independently of that, …"); what is read next goes on from `frontier`."""
        self.upstream[-1] = set()
        self.step_aside(frontier)

    def _base(self, step: Step) -> list[int]:
        """What a step follows: all open ends, or inside the sentence of an "otherwise" only the other way."""
        chunk = step.clause.chunk if step.clause is not None else -1
        if self.aside is not None:
            if _in_one_piece(step, self.steps[self.aside]):
                return [self.aside]
            self.aside = None
        if self.other_way is not None and chunk == self.other_way[0] and not step.joins:
            return [self.other_way[1]]
        self.other_way = None
        return list(self.frontier)

    def insert_before(self, step: Step, target: int) -> int:
        """Put a step between `target` and what comes before it."""
        index = len(self.steps)
        beside = [place for place, other in enumerate(self.steps) if self._is_twin(place, other, target)]
        self.steps.append(step)
        self.upstream.append(set(self.upstream[target]))
        for place in beside:
            self.upstream[place] = {index}
            self.stated.add((index, place))
        return index

    def _is_twin(self, place: int, other: Step, target: int) -> bool:
        """Whether a step is the target or does the same in the same clause, side by side with it."""
        same = other.clause is self.steps[target].clause and other.action == self.steps[target].action
        return place == target or (same and self.upstream[place] == self.upstream[target])

    def take_back(self) -> None:
        """Forget the last step: its author said not to do it."""
        gone = len(self.steps) - 1
        self.steps.pop()
        self.frontier = sorted(self.upstream.pop())
        self.stated = {pair for pair in self.stated if gone not in pair}
        self.group, self.group_base, self.group_key = [], [], None

    def add_beside(self, step: Step) -> int:
        """Add the other branch of the last guarded step: it starts where that one starts."""
        twin = max(index for index, item in enumerate(self.steps) if item.guard is not None)
        index = len(self.steps)
        if not step.services and not any(item.slot.name in _WHOLE for item in step.slots):
            other = self.steps[twin]
            slots = tuple(replace(item, service=item.service or other.target) for item in step.slots)
            step = replace(step, source=other.source, target=other.target, tool=other.tool, slots=slots)
        self.steps.append(step)
        self.upstream.append(set(self.upstream[twin]))
        self.frontier = [*self.frontier, index]
        self.other_way = (step.clause.chunk, index) if step.clause is not None else None
        self.group, self.group_base, self.group_key = [index], sorted(self.upstream[twin]), None
        return index

    def make_siblings(self, members: list[int]) -> None:
        """Take away the order among `members`; all of them follow what the first one followed."""
        base = set(self.upstream[members[0]]) - set(members)
        for member in members:
            self.upstream[member] = set(base)
        self.group, self.group_base = list(members), sorted(base)
        self.frontier = list(members)


def _in_one_piece(one: Step, other: Step) -> bool:
    """Whether two steps stand in one sentence or in one item of a list."""
    if one.clause is None or other.clause is None:
        return False
    return one.clause.chunk == other.clause.chunk or (one.clause.item > 0 and one.clause.item == other.clause.item)
