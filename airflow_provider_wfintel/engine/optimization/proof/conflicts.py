"""Which tasks share data in a way that makes their order matter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

from airflow_provider_wfintel.engine.optimization.proof.bits import bits
from airflow_provider_wfintel.engine.optimization.understanding.aliases import HOLE, gathers, is_log, is_view, may_alias
from airflow_provider_wfintel.engine.optimization.understanding.model import DagModel, TaskModel

__all__ = ["conflict_masks"]


def conflict_masks(dag: DagModel) -> list[int]:
    """For every task, the tasks that it shares data with in a way that makes their order matter."""
    touch = _Touched(dag.tasks)
    found = []
    for task in dag.tasks:
        mask = 0
        for resource in task.writes:
            mask |= (
                touch.reading(resource) | touch.writing(resource) | touch.appending(resource) | touch.claiming(resource)
            )
        for resource in task.reads:
            mask |= touch.writing(resource) | touch.appending(resource)
            if resource not in task.claims:
                mask |= touch.claiming(resource)
        for resource in task.appends:
            mask |= touch.writing(resource) | touch.reading(resource)
            if not is_log(resource):
                mask |= touch.appending(resource)
        for resource in task.reads - task.claims if task.role == "sensor" else ():
            mask |= touch.reading(resource)
        for resource in task.claims:
            mask |= touch.writing(resource) | (touch.reading(resource) & ~touch.claiming(resource))
        found.append(mask & ~(1 << task.position))
    _add_folders(dag.tasks, found)
    return _both_ways(found)


def _add_folders(tasks: Sequence[TaskModel], masks: list[int]) -> None:
    """Who writes into a folder without making it needs those who make it."""
    makers: dict[str, int] = defaultdict(int)
    for task in tasks:
        for folder in task.folders:
            makers[folder] |= 1 << task.position
    if not makers:
        return
    for task in tasks:
        own = task.folders
        for resource in task.writes | task.appends | task.claims:
            folders = _folders_of(resource)
            if not any(folder in own for folder in folders):
                for folder in folders:
                    masks[task.position] |= makers.get(folder, 0) & ~(1 << task.position)


def _folders_of(resource: str) -> list[str]:
    """The folders that a file lies in, the innermost first."""
    kind, _, path = resource.partition(":")
    found = []
    path = path.removeprefix("private ")
    while kind == "file" and "/" in path:
        path = path.rpartition("/")[0]
        found.append(f"file:{path}")
    return found


def _both_ways(masks: list[int]) -> list[int]:
    """The relation made symmetric: what a sensor waits for binds those who read it."""
    full = list(masks)
    for node, mask in enumerate(masks):
        for other in bits(mask):
            full[other] |= 1 << node
    return full


class _Touched:
    """Who touches what, names that may mean the same thing taken together."""

    def __init__(self, tasks: Iterable[TaskModel]) -> None:
        self._kinds: dict[str, dict[str, int]] = {kind: defaultdict(int) for kind in ("r", "w", "a", "c")}
        names: dict[str, None] = {}
        for task in tasks:
            bit = 1 << task.position
            for kind, resources in zip("rwac", (task.reads, task.writes, task.appends, task.claims), strict=True):
                for resource in resources:
                    self._kinds[kind][resource] |= bit
                    names[resource] = None
        self._same = _aliases(list(names), {name for kind in "wac" for name in self._kinds[kind]})

    def _mask(self, kind: str, resource: str) -> int:
        table = self._kinds[kind]
        mask = table.get(resource, 0)
        for other in self._same.get(resource, ()):
            mask |= table.get(other, 0)
        return mask

    def reading(self, resource: str) -> int:
        """Tasks that read it."""
        return self._mask("r", resource)

    def writing(self, resource: str) -> int:
        """Tasks that write it."""
        return self._mask("w", resource)

    def appending(self, resource: str) -> int:
        """Tasks that add to it."""
        return self._mask("a", resource)

    def claiming(self, resource: str) -> int:
        """Tasks that make it if it is not there."""
        return self._mask("c", resource)


def _aliases(names: list[str], written: Set[str]) -> Mapping[str, list[str]]:
    """For every resource, the other names that may mean it. Names are grouped first, so that few pairs are compared."""
    found: dict[str, list[str]] = defaultdict(list)
    for one, two in dict.fromkeys((*_pairs_of_tables(names, written), *_pairs_of_files(names))):
        found[one].append(two)
        found[two].append(one)
    return found


def _pairs_of_tables(names: list[str], written: Set[str]) -> Iterator[tuple[str, str]]:
    """Pairs of tables that may be the same, or of which one is a view that may show the other."""
    tables = [name for name in names if name.startswith("table:")]
    made = {f"table:{name[5:]}" for name in names if name.startswith("view:")}
    loose = [name for name in tables if name in made or HOLE in name or is_view(name[6:])]
    for one in loose:
        yield from ((one, two) for two in tables if one != two and (one in made or may_alias(one, two)))
    gathering = [name for name in tables if name not in written and name not in loose and gathers(name[6:])]
    for one in gathering:
        yield from ((one, two) for two in tables if one != two)
    families: dict[str, list[str]] = defaultdict(list)
    for name in tables:
        families[name.partition(":")[2].rpartition(".")[2]].append(name)
    for group in families.values():
        yield from ((one, two) for one in group for two in group if one < two and may_alias(one, two))


def _pairs_of_files(names: list[str]) -> Iterator[tuple[str, str]]:
    """Pairs of paths that may be the same, or of which one lies in the other."""
    files = [name for name in names if name.startswith("file:")]
    families: dict[str, list[str]] = defaultdict(list)
    for name in files:
        if name.startswith("file:private "):
            yield from ((name, other) for other in files if other != name and may_alias(name, other))
        else:
            families[name.rpartition("⟩")[0]].append(name)
    for group in families.values():
        yield from ((one, two) for one, two in _nested(group) if may_alias(one, two))
    plain = families.get("", [])
    whole = [name for name in plain if name.startswith("file:/")]
    yield from ((one, two) for two in plain if not two.startswith("file:/") for one in whole if may_alias(one, two))
    heads = list(families)
    for number, head in enumerate(heads):
        for other in heads[number + 1 :]:
            yield from ((one, two) for one in families[head] for two in families[other] if may_alias(one, two))


def _nested(group: list[str]) -> list[tuple[str, str]]:
    """Pairs of names in which one may be a folder around the other."""
    present = set(group)
    pairs = []
    for name in group:
        folder = name
        while "/" in folder:
            folder = folder.rpartition("/")[0]
            for form in (folder, folder + "/"):
                if form in present and form != name:
                    pairs.append((form, name))
    return pairs
