"""Writes another order of tasks into a DAG file: statements that say needless orders go, missing orders are said.

Links that stay keep their statements. What has to be said anew is said where both tasks have names: in the body of
the loop that makes both, or else at the end of the DAG's block, by the names, lists and dicts that are there or,
if there are none, by a dict that collects the tasks of a loop.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from airflow_provider_wfintel.engine.optimization.rewrites.edit import Edits, apply_edits, segment
from airflow_provider_wfintel.engine.optimization.rewrites.handles import Handles
from airflow_provider_wfintel.engine.optimization.understanding.build import LinkNote, Site, TaskBuild, XComValue
from airflow_provider_wfintel.engine.optimization.understanding.model import DagModel, FileModel

__all__ = ["Edge", "Relayout", "relayout"]

Edge = tuple[str, str]
_SEVERAL = 3


@dataclass(slots=True)
class _Statement:
    """One statement that orders tasks: its operands and, between them, the links."""

    node: ast.stmt
    operands: list[ast.expr]
    keep: list[bool]
    whole: bool
    """Whether its links stand or fall together (`chain(…)`, `set_upstream`)."""


@dataclass(slots=True)
class Relayout:
    """A new order for one DAG of a file.

    Attributes:
        wanted: the direct dependencies that are to be.
        removed: tasks that go, with their statements.
        edits: further changes of the same file.
    """

    file: FileModel
    dag: DagModel
    wanted: frozenset[Edge]
    removed: frozenset[str] = frozenset()
    edits: Edits = field(default_factory=Edits)
    gone: frozenset[int] = frozenset()
    """Lines of statements that another change takes away."""
    extra: Mapping[str, str] = field(default_factory=dict)
    """Tasks that another change makes (or names), and their names at the end of the DAG's block."""
    implied: frozenset[Edge] = frozenset()
    """Dependencies that follow from outputs handed on, once the other changes are made."""


def relayout(plan: Relayout) -> str | None:
    """The file with the new order, or None if it cannot be said."""
    statements, fixed = _ordering_statements(plan)
    said = set(fixed)
    by_node = _links_by_node(plan.dag.links)
    for statement in statements:
        said |= _decide(statement, by_node, plan)
    said |= {_edge(link) for link in plan.dag.links if link.how == "xcom"} | plan.implied
    handles = Handles(plan.file, plan.dag, plan.edits, plan.extra)
    for statement in statements:
        if not all(statement.keep):
            _rebuild(statement, plan, handles)
    missing = {edge for edge in plan.wanted - said if not plan.removed & set(edge)}
    if missing and not _say(missing, plan, handles):
        return None
    for line in _passages(plan):
        plan.edits.replaced[line] = []
    return apply_edits(plan.file.source, plan.edits) if plan.edits else plan.file.source


def _edge(link: LinkNote) -> Edge:
    return link.upstream.task_id, link.downstream.task_id


def _links_by_node(links: Iterable[LinkNote]) -> Mapping[int, set[Edge]]:
    found: dict[int, set[Edge]] = defaultdict(set)
    for link in links:
        found[id(link.site.node)].add(_edge(link))
    return found


def _ordering_statements(plan: Relayout) -> tuple[list[_Statement], set[Edge]]:
    """Statements whose links can be changed, and the edges of those that cannot."""
    statements: dict[int, _Statement | None] = {}
    fixed: set[Edge] = set()
    for link in plan.dag.links:
        if link.how == "xcom":
            continue
        node = link.site.statement
        if node is None:
            fixed.add(_edge(link))
            continue
        if node.lineno not in statements:
            statements[node.lineno] = _taken_apart(node) if node.lineno not in plan.dag.keep else None
        if statements[node.lineno] is None:
            fixed.add(_edge(link))
    return [item for item in statements.values() if item is not None], fixed


def _taken_apart(node: ast.stmt) -> _Statement | None:
    if not isinstance(node, ast.Expr):
        return None
    value = node.value
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.RShift | ast.LShift):
        operands: list[ast.expr] = []
        while isinstance(value, ast.BinOp) and isinstance(value.op, ast.RShift | ast.LShift):
            operands.insert(0, value.right)
            value = value.left
        operands.insert(0, value)
        if any(_holds_shift(operand) for operand in operands):
            return None
        return _Statement(node, operands, [True] * (len(operands) - 1), whole=False)
    if isinstance(value, ast.Call):
        name = value.func.id if isinstance(value.func, ast.Name) else getattr(value.func, "attr", "")
        if name in ("chain", "chain_linear", "cross_downstream"):
            return _Statement(node, list(value.args), [True], whole=True)
        if name == "reduce" and _folds_shifts(value):
            return _Statement(node, [value.args[1], *value.args[2:]], [True], whole=True)
        if name in ("set_upstream", "set_downstream") and isinstance(value.func, ast.Attribute):
            return _Statement(node, [value.func.value, *value.args], [True], whole=True)
    return None


def _folds_shifts(call: ast.Call) -> bool:
    """Whether the call is `reduce(lambda a, b: a >> b, tasks)`."""
    function = call.args[0] if len(call.args) > 1 else None
    return isinstance(function, ast.Lambda) and _holds_shift(function.body)


def _holds_shift(node: ast.expr) -> bool:
    return any(isinstance(item, ast.BinOp) and isinstance(item.op, ast.RShift | ast.LShift) for item in ast.walk(node))


def _decide(statement: _Statement, by_node: Mapping[int, set[Edge]], plan: Relayout) -> set[Edge]:
    """Mark which links of a statement stay, and tell the edges that they say."""
    nodes = _link_nodes(statement)
    said: set[Edge] = set()
    in_loop = {id(link.site.node) for link in plan.dag.links if link.site.items}
    for number, node in enumerate(nodes):
        edges = by_node.get(id(node), set())
        stays = bool(edges) and edges <= plan.wanted
        if id(node) not in in_loop and any(_left_over(operand, edges, plan) for operand in statement.operands):
            stays = False
        statement.keep[number] = stays or (not edges and not statement.whole)
        if stays:
            said |= edges
    return said


def _left_over(operand: ast.expr, edges: set[Edge], plan: Relayout) -> bool:
    """Whether the operand is a variable that a loop left behind: it names the task of the last turn only."""
    if not isinstance(operand, ast.Name):
        return False
    value = plan.dag.build.final.get(operand.id)
    build = value.task if isinstance(value, XComValue) else value
    if not isinstance(build, TaskBuild) or not build.site.items:
        return False
    return any(build.task_id in edge for edge in edges)


def _link_nodes(statement: _Statement) -> list[ast.expr]:
    value = statement.node.value  # type: ignore[attr-defined]
    if statement.whole and isinstance(value, ast.Call) and value.args and isinstance(value.args[0], ast.Lambda):
        return [value.args[0].body]
    if statement.whole:
        return [value]
    nodes: list[ast.expr] = []
    while isinstance(value, ast.BinOp) and isinstance(value.op, ast.RShift | ast.LShift):
        nodes.insert(0, value)
        value = value.left
    return nodes


def _rebuild(statement: _Statement, plan: Relayout, handles: Handles) -> None:
    """Write the statement anew without the links that go; calls in it that make tasks stay, with names."""
    line = statement.node.lineno
    if line in plan.gone:
        return
    source = plan.file.source
    texts: list[str] = []
    first: list[str] = []
    for operand in statement.operands:
        inner = operand.value if isinstance(operand, ast.Starred) else operand
        bindings, text = handles.bound(inner, segment(source, inner))
        first.extend(bindings)
        texts.append(text)
    lines = list(first)
    if not statement.whole:
        operators = [">>" if isinstance(node.op, ast.RShift) else "<<" for node in _link_nodes(statement)]  # type: ignore[attr-defined]
        run = [texts[0]]
        for keep, operator, text in zip(statement.keep, operators, texts[1:], strict=True):
            if keep:
                run += [operator, text]
                continue
            lines.extend(_standing(run))
            run = [text]
        lines.extend(_standing(run))
    else:
        lines.extend(line for text in texts for line in _standing([text]))
    plan.edits.replaced[line] = lines


def _standing(run: list[str]) -> list[str]:
    """A statement of operands and operators; of an operand alone only if it calls something."""
    if len(run) > 1:
        return [" ".join(run)]
    calls = any(
        isinstance(node, ast.Call) and not _only_looks(node)
        for node in ast.walk(ast.parse(run[0].lstrip("*"), mode="eval"))
    )
    return [run[0].lstrip("*")] if calls else []


def _only_looks(call: ast.Call) -> bool:
    """Whether the call only takes a collection in another form."""
    if isinstance(call.func, ast.Name):
        return call.func.id in ("list", "tuple", "sorted", "reversed", "set")
    return isinstance(call.func, ast.Attribute) and call.func.attr in ("values", "keys", "items")


def _say(missing: set[Edge], plan: Relayout, handles: Handles) -> bool:
    """Say orders that no statement says."""
    rest = set(missing)
    for statement, edges in _within_loops(missing, plan).items():
        one, two = handles.local(statement[0]), handles.local(statement[1])
        if one is None or two is None:
            continue
        owner = plan.dag.task(next(iter(edges))[1]).build.site.block
        plan.edits.append(owner, f"{one} >> {two}")
        rest -= edges
    rest -= _say_by_key(rest, plan, handles)
    upstream: dict[str, list[str]] = defaultdict(list)
    index = {name: plan.dag.index.get(name, len(plan.dag.tasks)) for edge in rest for name in edge}
    for first, second in sorted(rest, key=lambda edge: (index[edge[1]], index[edge[0]], edge)):
        upstream[second].append(first)
    groups: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for second, firsts in upstream.items():
        groups[tuple(firsts)].append(second)
    block = plan.dag.build.block
    lines: list[str] = []
    for earlier, seconds in groups.items():
        left = handles.several(list(earlier))
        if left is None:
            return False
        whole = len(earlier) == 1 and len(seconds) > 1
        rights = [handles.several(seconds)] if whole else [handles.one(second) for second in seconds]
        if None in rights:
            return False
        lines.extend(f"{left} >> {right}" for right in rights)
    for line in _joined(lines):
        plan.edits.append(block, line)
    return True


def _joined(lines: list[str]) -> list[str]:
    """`a >> b` and `b >> c` as `a >> b >> c`, where nothing else starts or ends at `b`."""
    ends = [line.rpartition(" >> ")[2] for line in lines]
    starts = [line.partition(" >> ")[0] for line in lines]
    found: dict[str, str] = {}
    for line, start, end in zip(lines, starts, ends, strict=True):
        before = found.get(start)
        single = start.replace("_", "a").isalnum() and starts.count(start) == 1 and ends.count(start) == 1
        if before is not None and single:
            del found[start]
            found[end if end not in found else line] = f"{before} >> {line.partition(' >> ')[2]}"
        else:
            found[end if end not in found else line] = line
    return list(found.values())


def _say_by_key(missing: set[Edge], plan: Relayout, handles: Handles) -> set[Edge]:
    """Say orders between the tasks of two loops that go over the same things, one by one; tells which were said."""
    pairs: dict[tuple[int, int], set[Edge]] = defaultdict(set)
    for first, second in missing:
        if first in plan.extra or second in plan.extra:
            continue
        one, two = plan.dag.task(first), plan.dag.task(second)
        if handles.key(one) is not None and handles.key(one) == handles.key(two):
            pairs[id(one.build.site.node), id(two.build.site.node)].add((first, second))
    said: set[Edge] = set()
    ways: list[tuple[list[str], str]] = []
    for edges in pairs.values():
        if len(edges) < _SEVERAL:
            continue
        first, second = next(iter(edges))
        left, right = handles.collection(first, len(edges)), handles.collection(second, len(edges))
        if left is None or right is None:
            continue
        said |= edges
        way = next((item for item in ways if item[0][-1] == left[0]), None)
        if way is not None:
            way[0].append(right[0])
        else:
            ways.append(([left[0], right[0]], left[1]))
    for names, variable in ways:
        line = " >> ".join(f"{name}[{variable}]" for name in names)
        plan.edits.append(plan.dag.build.block, f"for {variable} in {names[0]}:\n    {line}")
    return said


def _repeats(site: Site, plan: Relayout) -> bool:
    """Whether the place lies in a loop, or in a function that the block of the DAG calls."""
    return bool(site.items) or (isinstance(site.block, ast.FunctionDef) and site.block is not plan.dag.build.block)


def _within_loops(missing: set[Edge], plan: Relayout) -> dict[tuple[ast.AST, ast.AST], set[Edge]]:
    """Missing orders that hold in every turn of one loop between the same two statements of its body."""
    pairs: dict[tuple[int, int], set[Edge]] = defaultdict(set)
    nodes: dict[int, ast.AST] = {}
    turns: dict[int, set[object]] = defaultdict(set)
    for task in plan.dag.tasks:
        turns[id(task.build.site.node)].add(task.build.site.path)
        nodes[id(task.build.site.node)] = task.build.site.node
    for first, second in missing:
        if first in plan.extra or second in plan.extra:
            continue
        one, two = plan.dag.task(first).build.site, plan.dag.task(second).build.site
        if (
            one.path
            and one.path == two.path
            and one.block is two.block
            and one.block is not None
            and _repeats(one, plan)
        ):
            pairs[id(one.node), id(two.node)].add((first, second))
    return {
        (nodes[one], nodes[two]): edges
        for (one, two), edges in pairs.items()
        if len(edges) == len(turns[two]) == len(turns[one])
    }


def _passages(plan: Relayout) -> list[int]:
    """Statements that make nothing but tasks that go."""
    lines: dict[int, bool] = {}
    for task in plan.dag.tasks:
        statement = task.build.site.statement
        if statement is None:
            continue
        goes = task.task_id in plan.removed and isinstance(statement, ast.Assign | ast.Expr)
        lines[statement.lineno] = lines.get(statement.lineno, True) and goes
    return [line for line, goes in lines.items() if goes and line not in plan.edits.replaced and line not in plan.gone]
