"""Order by name: "C (after a, b): …", "depends on: pull, clean", "after steps 1 and 2", "[pull, clean] -> load".

A label stands before what it names ("load:", "2.", "Step B:", "name: load"). Where words refer to labels, they say
what a step follows; the order of the words says it only for the others.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise, takewhile

from airflow_provider_wfintel.engine.generation.reading.drawn import drawn_graph
from airflow_provider_wfintel.engine.generation.reading.line import Line
from airflow_provider_wfintel.engine.model import Span

__all__ = ["Label", "find_graph", "find_labels", "label_words", "order_by_labels"]

_STEP = r"(?:steps?|tasks?|schritte?n?|aufgaben?|étapes?|tâches?|pasos?|tareas?|passos?|tarefas?|步骤)"
# Lengths are bounded: texts of thousands of fragments must be read in time.
_NAME = r"(?:\d{1,2}|[A-Za-z][\w-]{0,60}(?<!-))(?!-?\w)"
_QUOTE = r"[`'\"*]{0,2}"
_LINE_LABEL = re.compile(
    rf"(?:^|(?<=\n))[ \t]*(?:[-*•][ \t]+)?\(?(?:{_STEP}\s*)?{_QUOTE}(?P<v>{_NAME}){_QUOTE}(?:[ \t]*\([^()\n]{{1,60}}\))?[ \t]*(?:[:)]|\.(?=\s)|[–—]|-(?=\s))",
    re.IGNORECASE,
)
_SECOND = re.compile(
    rf"[ \t]*{_QUOTE}(?P<v>[A-Za-z][\w-]{{1,60}}){_QUOTE}[ \t]*(?:\([^()\n]{{1,60}}\)[ \t]*)?(?:[–—]|[:-](?=\s))",
    re.IGNORECASE,
)
_KEYED = re.compile(
    rf"(?:^|(?<=\n))[ \t]*(?:[-*•][ \t]+)?(?:name|id|task|task_id|step)[ \t]*[:=][ \t]*{_QUOTE}(?P<v>[\w-]+){_QUOTE}[ \t]*(?=\n|$)",
    re.IGNORECASE,
)
_INLINE = re.compile(
    rf"(?:(?<=[.:;,]\s)|(?<=\n))(?:{_STEP}\s+(?P<v>[A-Za-z0-9]{{1,2}})\b|(?P<w>[A-Z])(?=\s+[a-z]+s\b)|\((?P<x>[a-h1-9])\)(?=\s))",
    re.IGNORECASE,
)
_REFERS = re.compile(
    r"(?P<cue>\b(?:after|depends?\s+on|depends_on|needs|requires|waits?\s+for|upstream|once|when|nach|wartet\s+auf|braucht|hängt\s+ab\s+von|"
    r"après|dépend\s+de|attend|después\s+de|tras|depende\s+de|espera\s+a|depois\s+de|após|espera)\b|依赖)"
    rf"(?P<colon>\s*[:=]\s*\[?|\s+)(?:(?:all(?:\s+of)?|both|the|las|los|les|die|den|as|os)\s+)?(?:{_STEP}\s+)?"
    rf"(?P<list>{_QUOTE}{_NAME}{_QUOTE}(?:(?:\s*[,&+/]\s*|\s+(?:and|und|et|y|e)\s+)(?:{_STEP}\s+)?{_QUOTE}{_NAME}{_QUOTE})*)",
    re.IGNORECASE,
)
_NODE = rf"(?:\[[^\[\]\n]{{1,200}}\]|{_QUOTE}{_NAME}{_QUOTE})"
_GRAPH = re.compile(rf"(?<![\w-]){_NODE}(?:[ \t]{{0,9}}(?:-{{1,9}}>|>>|→|=>)[ \t]{{0,9}}{_NODE}){{1,60}}")
_RELATION = (
    r"(?:needs?|depends?\s+on|requires?|waits?\s+for|(?:runs?|comes?|starts?|goes)\s+after|follows|"
    r"braucht|hängt\s+ab\s+von|wartet\s+auf|dépend\s+de|attend|depende\s+de|espera\s+a)"
)
_LISTED = rf"{_QUOTE}{_NAME}{_QUOTE}(?!\s+{_RELATION}\b)"
# "parse needs land, load needs parse and check": a graph in words.
_NEEDS = re.compile(
    rf"(?<![\w-]){_QUOTE}(?P<down>{_NAME}){_QUOTE}\s+{_RELATION}\s+(?:both\s+|the\s+)?"
    rf"(?P<list>{_LISTED}(?:(?:\s*[,&+/]\s*|\s*,?\s+(?:and|und|et|y|e)\s+){_LISTED})*)",
    re.IGNORECASE,
)
_NUMBERED = re.compile(rf"^{_STEP}\s*(?=\d)", re.IGNORECASE)
_ALL = re.compile(
    r"\b(?:after|needs|requires|waits?\s+for|wartet\s+auf|attend|espera\s+a)\s+(?P<n>both|all|beide|alle|les\s+deux|ambos|ambas)\b(?!\s+(?:of\s+)?[A-Z\d])",
    re.I,
)
# "give up after 4 hours": a time, no step.
_TIME = re.compile(
    r"\s*(?:(?:[smh]|min|sec|hrs?)\b|(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|stunden?|minuten?|sekunden?|tagen?|wochen?|"
    r"heures?|secondes?|jours?|semaines?|horas?|minutos?|segundos?|d[ií]as?|semanas?|dias)\b|[ap]\.?m\b|:\d|(?:o'?clock|uhr)\b)",
    re.IGNORECASE,
)
_SPLIT = re.compile(rf"(?:\s*[,&+/]\s*|\s+(?:and|und|et|y|e)\s+)(?:{_STEP}\s+)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Label:
    """A name for a piece of work, in lower case, and where what it names begins."""

    name: str
    start: int


def find_labels(text: str) -> tuple[Label, ...]:
    """All labels of a text in its order."""
    keyed = list(_KEYED.finditer(text))
    if len(keyed) > 1:
        # Records with a name each: their other fields ("do:", "with:") are no labels.
        return tuple(Label(match.group("v").lower(), match.start()) for match in keyed)
    found: dict[tuple[str, int], None] = {}
    for match in _LINE_LABEL.finditer(text):
        found[(match.group("v").lower(), match.start())] = None
        second = _SECOND.match(text, match.end())
        if second is not None:
            found[(second.group("v").lower(), match.start())] = None
    for match in _INLINE.finditer(text):
        name = match.group("v") or match.group("w") or match.group("x")
        if match.group("w") is None or match.group("w").isupper():
            found[(name.lower(), match.start())] = None
    return tuple(Label(name, start) for name, start in sorted(found, key=lambda item: item[1]))


def _names(words: str) -> list[str]:
    pieces = (piece.strip("`'\"*[] ").lower() for piece in _SPLIT.split(words.strip("[]")))
    return [_NUMBERED.sub("", piece) for piece in pieces if piece]


def find_graph(text: str) -> tuple[tuple[Span, ...], tuple[tuple[str, str], ...]]:
    """Words that only draw labels of the text as a graph ("[a, b] -> c", "c needs a and b"), and its edges."""
    known = {label.name for label in find_labels(text)}
    drawn, lines = drawn_graph(text, known)
    spans, edges = list(drawn), list(lines)
    for match in _GRAPH.finditer(text):
        groups = [_names(node) for node in re.findall(_NODE, match.group())]
        if (
            len(groups) < 2
            or any(span.overlaps(Span(*match.span())) for span in drawn)
            or not all(name in known for group in groups for name in group)
        ):
            continue
        spans.append(Span(*match.span()))
        edges += [(up, down) for left, right in pairwise(groups) for up in left for down in right]
    for match in _NEEDS.finditer(text):
        ups, down = _names(match.group("list")), match.group("down").lower()
        if down in known and down not in ups and all(name in known for name in ups):
            spans.append(Span(*match.span()))
            edges += [(up, down) for up in ups]
    return tuple(sorted(spans)), tuple(edges)


def label_words(text: str) -> tuple[Span, ...]:
    """Words that say nothing but names and order: drawn graphs, lines like "name: load" and "depends on: pull"."""
    spans = list(find_graph(text)[0])
    if spans or _KEYED.search(text):
        spans += [Span(*match.span()) for match in _KEYED.finditer(text)]
        spans += [Span(*match.span()) for match in _REFERS.finditer(text) if ":" in match.group("colon")]
    return tuple(spans)


def order_by_labels(line: Line) -> None:
    """Give steps the upstream steps that words name by label."""
    text = line.words.text
    labels = find_labels(text)
    blocks = _blocks(line, labels)
    if len(blocks) < 2:
        return
    spans, drawn = find_graph(text)
    wanted: dict[str, list[str]] = {}
    for up, down in (pair for pair in drawn if set(pair) <= blocks.keys()):
        wanted.setdefault(down, []).append(up)
    declared = bool(drawn)
    for match in _REFERS.finditer(text):
        ups = list(takewhile(blocks.__contains__, _names(match.group("list"))))
        owner = _owner(labels, blocks, match.start())
        told = any(item.start <= match.start() < item.end for item in line.heeded)
        if (
            told
            or _TIME.match(text, match.end())
            or not ups
            or owner is None
            or owner in ups
            or any(span.overlaps(Span(*match.span())) for span in spans)
        ):
            continue
        wanted[owner] = ups
        colon = match.group("colon")
        declared = declared or ":" in colon or "=" in colon or text[match.start() - 1] == "("
    for match in _ALL.finditer(text):
        owner = _owner(labels, blocks, match.start())
        earlier = list(
            dict.fromkeys(label.name for label in labels if label.name in blocks and label.start < match.start())
        )
        if owner is not None and len(ups := [name for name in earlier if name != owner]) > 1:
            wanted[owner] = ups if match.group("n").lower() in ("all", "alle") else ups[-2:]
    if wanted:
        _reorder(line, blocks, wanted, declared=declared)


def _blocks(line: Line, labels: tuple[Label, ...]) -> dict[str, list[int]]:
    """The steps that each label names: those between it and the next label."""
    starts = sorted({label.start for label in labels})
    blocks: dict[str, list[int]] = {}
    for label in labels:
        end = next((start for start in starts if start > label.start), len(line.words.text))
        own = [
            index
            for index, step in enumerate(line.steps)
            if step.spans and label.start <= min(span.start for span in step.spans) < end
        ]
        if own and label.name not in blocks:
            blocks[label.name] = own
    return blocks


def _owner(labels: tuple[Label, ...], blocks: dict[str, list[int]], place: int) -> str | None:
    """The label of the piece of text that a place stands in."""
    before = [label for label in labels if label.start <= place and label.name in blocks]
    return before[-1].name if before else None


def _reorder(line: Line, blocks: dict[str, list[int]], wanted: dict[str, list[str]], *, declared: bool) -> None:
    for ups in wanted.values():
        members = [blocks[name] for name in dict.fromkeys(ups)]
        if not any(name in wanted and set(wanted[name]) & set(ups) for name in ups):
            _side_by_side(line, members)
    for name, ups in wanted.items():
        first = blocks[name][0]
        line.upstream[first] = {end for up in ups for end in _ends(line, blocks[up])} - {first}
        line.stated |= {(up, first) for up in line.upstream[first]}
    if declared:
        owners = {steps[0] for name, steps in blocks.items() if name in wanted}
        for steps in blocks.values():
            if steps[0] not in owners:
                line.upstream[steps[0]] = set()
    _without_circles(line)


def _ends(line: Line, steps: list[int]) -> set[int]:
    """The steps of a piece of work that no other step of it follows."""
    followed = {up for index in steps for up in line.upstream[index]}
    return {index for index in steps if index not in followed}


def _side_by_side(line: Line, members: list[list[int]]) -> None:
    """Take away the order of words between pieces of work that a later one needs alike."""
    inside = {index for member in members for index in member}
    base = set(line.upstream[members[0][0]]) - inside
    for member in members[1:]:
        kept = set(line.upstream[member[0]]) - (inside - set(member))
        line.upstream[member[0]] = kept or set(base)


def _without_circles(line: Line) -> None:
    """Drop edges of the order of words that run against the stated ones."""
    for down, ups in enumerate(line.upstream):
        for up in sorted(ups):
            if (up, down) not in line.stated and _reaches(line, down, up):
                ups.discard(up)


def _reaches(line: Line, start: int, goal: int) -> bool:
    """Whether `start` comes before `goal` by way of the edges."""
    seen: set[int] = set()
    queue = [goal]
    while queue:
        current = queue.pop()
        if current == start:
            return True
        if current not in seen:
            seen.add(current)
            queue.extend(line.upstream[current])
    return False
