"""Gives a pool that is too small more slots, never more than a stated limit.

A pool may protect something. Its description, or a comment that names it, may say how much ("at most 4 sessions"): then
that is the limit. Where no number is stated, nobody but a person can know what it protects: it is only suggested, and
done once it is confirmed as `pool:NAME`.
"""

from __future__ import annotations

import ast
import re

from airflow_provider_wfintel.engine.optimization.rewrites.draft import Draft, PoolSize, Proposal, Rewrite, Surroundings
from airflow_provider_wfintel.engine.optimization.understanding.comments import read_comments

__all__ = ["REWRITE", "stated_limit"]

_NUMBERS = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "twelve": 12,
    "sixteen": 16,
}
_NUMBER = r"(\d+|" + "|".join(_NUMBERS) + r")"
_LIMIT = re.compile(
    rf"(?:at most|no more than|not more than|max(?:imum)?(?:\s+of)?|up to|only|limit(?:ed)?(?:\s+(?:to|of|is))?|exceeds?|above|"
    rf"beyond|cap(?:ped)?(?:\s+(?:at|of))?|allows?|accepts?|takes?|stands?|bears?|copes? with|handles?|tolerates?|supports?|"
    rf"permits?|licen[cs]ed? (?:for|is for)|licen[cs]e (?:is )?for|serves?|<=)[\s:.=(]*{_NUMBER}\b",
    re.IGNORECASE,
)
_COUNT = re.compile(
    rf"\b{_NUMBER}\s+(?:\w+\s+)?(?:connections?|sessions?|calls?|requests?|queries|licen[cs]es?|clients?|"
    rf"at (?:once|a time)|in parallel|concurrent\w*|simultaneous\w*)",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(old|former(?:ly)?|was|were|had|until|used to|legacy|previous(?:ly)?|back then|since)\b", re.IGNORECASE
)
_SENTENCE = re.compile(r"(?<=[.;!?])\s+|\n")


def stated_limit(text: str) -> int | None:
    """The number of slots that a text allows, if it states one; the least, if it states several.

    Sentences about how things were do not count, unless there are no others.
    """
    sentences = [part for part in _SENTENCE.split(text) if part.strip()]
    for chosen in ([part for part in sentences if not _PAST.search(part)], sentences):
        for pattern in (_LIMIT, _COUNT):
            numbers = [_number(item) for part in chosen for item in pattern.findall(part)]
            if numbers:
                return min(numbers)
    return None


def _number(word: str) -> int:
    return _NUMBERS.get(word.lower()) or int(word)


def _propose(draft: Draft, around: Surroundings) -> list[Proposal]:
    found = []
    for pool in around.pools:
        users = [task for task in draft.dag.tasks if task.pool == pool.name]
        have = draft.pools.get(pool.name, pool.slots)
        useful = min(sum(task.instances for task in users), around.deployment.parallelism)
        if pool.name == "default_pool" or not users or useful <= have:
            continue
        text = _texts_about(draft, pool)
        limit = stated_limit(text)
        if limit is not None and limit <= have:
            continue
        open_question = limit is None and f"pool:{pool.name}" not in around.confirmed
        for size in sorted({min(useful, limit or useful), min(max(have * 2, have + 1), limit or useful)}, reverse=True):
            if size > have:
                found.append(
                    _proposal(draft, pool, have, size, text, limit, [task.task_id for task in users], open_question)
                )
    return found


def _texts_about(draft: Draft, pool: PoolSize) -> str:
    """The description of the pool and the comments and texts of the file that name it or stand beside its use."""
    comments = read_comments(draft.source)
    lines = draft.source.splitlines()
    about = [pool.description]
    for line, text in comments.texts.items():
        near = lines[max(0, line - 4) : line + 3]
        if (
            pool.name in text
            or any(f'"{pool.name}"' in item or f"'{pool.name}'" in item for item in near)
            or "pool" in text.lower()
        ):
            about.append(text)
    doc = draft.file.tree.body[0] if draft.file.tree.body else None
    texts = [getattr(getattr(doc, "value", None), "value", None)]
    texts += [draft.dag.settings.get(name) for name in ("description", "doc_md")]
    block = draft.dag.build.block
    texts.append(ast.get_docstring(block) if isinstance(block, ast.FunctionDef) else None)
    for value in texts:
        if isinstance(value, str) and (
            pool.name in value or "pool" in value.lower() or stated_limit(value) is not None
        ):
            about.append(value)
    return "\n".join(about)


def _proposal(
    draft: Draft,
    pool: PoolSize,
    have: int,
    size: int,
    text: str,
    limit: int | None,
    tasks: list[str],
    open_question: bool,
) -> Proposal:
    proof = (
        f"its description or a comment allows {limit}"
        if limit is not None
        else (
            "it may protect something: a person has to say how many slots that allows"
            if open_question
            else "a person has confirmed that nothing is protected by it"
        )
    )
    return Proposal(
        "resize-pool",
        f"give the pool {pool.name} {size} slots instead of {have}",
        f"{len(tasks)} tasks share {have} slot{'s' if have > 1 else ''}",
        proof,
        (" ".join(text.split())[:160],) if text.strip() else (),
        draft.with_source(draft.source, pools={**draft.pools, pool.name: size}),
        effort="low",
        risk="medium" if limit is None else "low",
        risk_note="what the tasks talk to sees more of them at once",
        tasks=tuple(tasks),
        suggestion=open_question,
        confirm=f"pool:{pool.name}",
    )


REWRITE = Rewrite("resize-pool", frozenset({"performance", "hybrid"}), _propose)
