"""The order in which tasks are written, and the dependency statements below them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from airflow_provider_wfintel.engine.generation.render.layout import (
    LINE_LENGTH,
    Atom,
    Group,
    Keyed,
    quote,
    statement,
    width,
)
from airflow_provider_wfintel.engine.generation.render.names import Imports
from airflow_provider_wfintel.engine.generation.render.values import output_refs
from airflow_provider_wfintel.engine.model import TaskSpec, WorkflowSpec
from airflow_provider_wfintel.exceptions import SpecError

__all__ = ["data_edges", "wiring", "writing_order"]

INDENT = 4


def data_edges(spec: WorkflowSpec) -> tuple[tuple[str, str], ...]:
    """Dependencies that Airflow sets by itself, since a task takes another one's output as an argument."""
    edges: list[tuple[str, str]] = []
    for task in spec.tasks:
        values = [argument.value for argument in task.arguments]
        if task.mapping is not None:
            values.append(task.mapping.over)
        edges.extend((source, task.task_id) for value in values for source in output_refs(value))
    return tuple(dict.fromkeys(edges))


def writing_order(spec: WorkflowSpec) -> tuple[TaskSpec, ...]:
    """Tasks so that each stands below those whose output it takes, tasks of a group together where possible.

    Raises:
        SpecError: tasks wait for each other's output in a circle.
    """
    waits: dict[str, set[str]] = {name: set() for name in spec.task_ids}
    for upstream, downstream in (*data_edges(spec), *((edge.upstream, edge.downstream) for edge in spec.dependencies)):
        waits[downstream].add(upstream)
    left = list(spec.tasks)
    done: list[TaskSpec] = []
    written: set[str] = set()
    while left:
        ready = [task for task in left if waits[task.task_id] <= written]
        if not ready:
            raise SpecError(f"tasks of {spec.dag_id!r} wait for each other: {', '.join(t.task_id for t in left)}")
        group = done[-1].group if done else ""
        chosen = next((task for task in ready if task.group == group), ready[0])
        left.remove(chosen)
        done.append(chosen)
        written.add(chosen.task_id)
    return tuple(done)


@dataclass(frozen=True, slots=True)
class _Block:
    """`upstream >> downstream`, both sides possibly lists."""

    upstream: tuple[str, ...]
    downstream: tuple[str, ...]


def wiring(spec: WorkflowSpec, variables: Mapping[str, str], imports: Imports, indent: int) -> list[str]:
    """The statements for all dependencies that no argument implies, each edge once."""
    implied = set(data_edges(spec))
    plain: dict[str, list[str]] = {}
    labelled: list[tuple[str, str, str]] = []
    for edge in spec.dependencies:
        pair = (edge.upstream, edge.downstream)
        if edge.label:
            labelled.append((*pair, edge.label))
        elif pair not in implied and edge.downstream not in plain.setdefault(edge.upstream, []):
            plain[edge.upstream].append(edge.downstream)
    blocks = _blocks(plain)
    lines: list[str] = []
    while blocks:
        lines.extend(_chain_lines(_take_chain(blocks), variables, imports, indent))
    for upstream, downstream, label in labelled:
        lines.append(_labelled_line(variables[upstream], variables[downstream], label, imports, indent))
    lines.extend(_teardown_lines(spec, variables, indent))
    return lines


def _labelled_line(upstream: str, downstream: str, label: str, imports: Imports, indent: int) -> str:
    modifier = f"{imports.sdk('Label')}({quote(label)})"
    line = " " * indent + f"{upstream} >> {modifier} >> {downstream}"
    if width(line) <= LINE_LENGTH:
        return line
    label_node = Group(f"{imports.sdk('Label')}(", (Atom(quote(label)),), ")")
    node = Group(f"{upstream}.set_downstream(", (Atom(downstream), Keyed("edge_modifier=", label_node)), ")")
    return statement("", node, indent=indent)


def _blocks(edges: Mapping[str, Iterable[str]]) -> list[_Block]:
    """Upstream tasks with the same successors share a block."""
    by_targets: dict[tuple[str, ...], list[str]] = {}
    for upstream, downstream in edges.items():
        targets = tuple(downstream)
        if targets:
            key = next((known for known in by_targets if set(known) == set(targets)), targets)
            by_targets.setdefault(key, []).append(upstream)
    return [_Block(tuple(sources), targets) for targets, sources in by_targets.items()]


def _take_chain(blocks: list[_Block]) -> list[_Block]:
    """Remove and return blocks that continue each other, from one that continues no other."""
    ends = {frozenset(block.downstream) for block in blocks}
    first = next((block for block in blocks if frozenset(block.upstream) not in ends), blocks[0])
    blocks.remove(first)
    chain = [first]
    while True:
        target = set(chain[-1].downstream)
        following = next((block for block in blocks if set(block.upstream) == target), None)
        if following is None or (len(target) > 1 and len(following.downstream) > 1):
            return chain
        blocks.remove(following)
        chain.append(following)


def _chain_lines(chain: list[_Block], variables: Mapping[str, str], imports: Imports, indent: int) -> list[str]:
    if len(chain[0].upstream) > 1 and len(chain[0].downstream) > 1:
        sides = [Group("[", tuple(Atom(variables[name]) for name in side), "]") for side in _sides(chain[0])]
        lines = [statement("", Group(f"{imports.sdk('cross_downstream')}(", tuple(sides), ")"), indent=indent)]
        return lines + (_chain_lines(chain[1:], variables, imports, indent) if chain[1:] else [])
    lines, text = [], " " * indent + _side(chain[0].upstream, variables)
    last = chain[0].upstream
    for block in chain:
        part = f" >> {_side(block.downstream, variables)}"
        if len(text) + len(part) > LINE_LENGTH and last is not block.upstream and ">>" in text:
            lines.append(text)
            text = " " * indent + _side(block.upstream, variables)
        text += part
        last = block.upstream
    lines.append(text)
    return [_opened(line, indent) for line in lines]


def _sides(block: _Block) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return block.upstream, block.downstream


def _side(names: tuple[str, ...], variables: Mapping[str, str]) -> str:
    inner = ", ".join(variables[name] for name in names)
    return inner if len(names) == 1 else f"[{inner}]"


def _opened(line: str, indent: int) -> str:
    """Break a statement that is too long at its list."""
    if len(line) <= LINE_LENGTH or "[" not in line:
        return line
    before, _, rest = line.partition("[")
    inner, _, after = rest.partition("]")
    items = [" " * (indent + INDENT) + item + "," for item in inner.split(", ")]
    return "\n".join([before + "[", *items, " " * indent + "]" + after])


def _teardown_lines(spec: WorkflowSpec, variables: Mapping[str, str], indent: int) -> list[str]:
    setups = [task.task_id for task in spec.tasks if task.is_setup]
    teardowns = [task.task_id for task in spec.tasks if task.is_teardown]
    lines, paired = [], set()
    for name in teardowns:
        matching = [item for item in setups if len(teardowns) == 1 or _reaches(spec, item, name)]
        paired.update(matching)
        argument = f"setups={_side(tuple(matching), variables)}" if matching else ""
        lines.append(" " * indent + f"{variables[name]}.as_teardown({argument})")
    lines.extend(" " * indent + f"{variables[name]}.as_setup()" for name in setups if name not in paired)
    return lines


def _reaches(spec: WorkflowSpec, start: str, goal: str) -> bool:
    seen, todo = set(), [start]
    while todo:
        name = todo.pop()
        if name == goal:
            return True
        if name not in seen:
            seen.add(name)
            todo.extend(spec.downstream_of(name))
    return False
