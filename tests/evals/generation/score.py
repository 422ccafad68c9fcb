"""How well descriptions become workflows: `generate` against requests whose meaning was written down by hand.

Everything is judged on the spec and the source that `generate` returns; no Airflow is needed. A case says only what
its text states, so nothing is scored that a reader of the text could not know.

    python -m tests.evals.generation.score [--errors] [--only ID,ID] [--tag TAG]
"""

from __future__ import annotations

import argparse
import ast
import json
import random
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from pathlib import Path
from typing import Any

from airflow_provider_wfintel.engine.catalog import load_catalog
from airflow_provider_wfintel.engine.generation.checks.service import check_source
from airflow_provider_wfintel.engine.generation.schedule import next_runs
from airflow_provider_wfintel.engine.generation.service import generate
from airflow_provider_wfintel.engine.model import Generation, LiteralValue, Schedule, TaskSpec, WorkflowSpec, to_json

__all__ = ["CASES", "Verdict", "judge", "read_cases", "score_generation"]

CASES = Path(__file__).with_name("cases.jsonl")
_GATE = re.compile(r"short_circuit|branch", re.IGNORECASE)
LOWER_IS_BETTER = frozenset({"questions per clear item"})
_GENERIC = frozenset({"any", "python", "bash", "http", "sql", "filesystem", "human", "airflow", "webhook"})
# Dates that people write as Airflow templates on purpose.
_DATES = re.compile(r"^\s*(?:ds|ds_nodash|ts|ts_nodash|run_id|data_interval_(?:start|end)(?:\s*\|\s*\w+)?)\s*$")


@dataclass
class Verdict:
    """What one case reached, 0 to 1 per criterion that applies to it, and what was wrong in words."""

    case_id: str
    values: dict[str, float] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    def set(self, name: str, value: float, error: str = "") -> None:
        """Keep a value; the error is kept only where the value is not perfect."""
        self.values[name] = value
        if value < 1 and error:
            self.errors.append(f"{name}: {error}")


def read_cases(path: Path = CASES) -> list[dict[str, Any]]:
    """The cases of a JSON-lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


# --- schedule and settings ---


def _schedule_error(want: Mapping[str, Any], schedule: Schedule, asked: bool) -> str:
    kinds = want["kind"].split("|")
    if "any" in kinds:
        return ""
    if "open" in kinds:
        return "" if schedule.kind == "manual" and not schedule.stated else f"{schedule.kind} {schedule.crons} unsaid"
    if schedule.kind not in kinds:
        return f"{schedule.kind} {schedule.crons} instead of {want}"
    if asked and not want.get("asks"):
        return "asks about a schedule that is stated"
    if "crons" in want and schedule.kind in ("cron", "asset_or_cron"):
        wanted = replace(schedule, kind="cron", crons=tuple(want["crons"]), gate=None)
        found = replace(schedule, kind="cron", gate=None)
        if next_runs(wanted, "2026-01-01T00:00:00") != next_runs(found, "2026-01-01T00:00:00"):
            return f"{schedule.crons} instead of {want['crons']}"
    if "interval" in want and schedule.interval_seconds != want["interval"]:
        return f"{schedule.interval_seconds} s instead of {want['interval']}"
    if "gate" in want and (schedule.gate is None or schedule.gate.kind != want["gate"]):
        return f"gate {schedule.gate} instead of {want['gate']}"
    if "assets" in want:
        found_assets = schedule.assets.uris if schedule.assets else ()
        if sorted(found_assets) != sorted(want["assets"]):
            return f"assets {found_assets} instead of {want['assets']}"
        mode = schedule.assets.mode if schedule.assets else ""
        if "mode" in want and mode != want["mode"]:
            return f"assets {mode} instead of {want['mode']}"
    return ""


def _settings(verdict: Verdict, want: Mapping[str, Any], spec: WorkflowSpec, matched: Mapping[str, list[str]]) -> None:
    if "retries" in want:
        verdict.set("retries", float(not (error := _retry_error(want["retries"], spec, matched))), error)
    for name in ("catchup", "start_date"):
        if name in want:
            got = getattr(spec, name)
            verdict.set(name, float(got == want[name]), f"{got!r} instead of {want[name]!r}")
    if "deadline" in want:
        limits = [task.timeout_seconds for task in spec.tasks]
        deadline = spec.deadline
        seen = [deadline.by, deadline.within_seconds] if deadline else limits
        verdict.set("deadline", float(want["deadline"] in seen), f"{seen} instead of {want['deadline']}")
    if "limits" in want:
        error = _limit_error(want["limits"], spec)
        verdict.set("limits", float(not error), error)
    if "alerts" in want:
        missing = [alert for alert in want["alerts"] if not _has_alert(alert, spec)]
        got = [(item.on, item.service, item.target) for item in spec.alerts]
        verdict.set("alerts", 1 - len(missing) / len(want["alerts"]), f"missing {missing}, found {got}")
    elif spec.alerts:
        got = [(item.on, item.service, item.target) for item in spec.alerts]
        verdict.set("alerts", 0.0, f"{got} out of nothing")


def _retry_error(want: Mapping[str, Any], spec: WorkflowSpec, matched: Mapping[str, list[str]]) -> str:
    names = {name for key in want.get("on", matched) for name in matched.get(key, [])}
    tasks = [task for task in spec.tasks if task.task_id in names]
    if not tasks:
        return "no task to retry"
    for task in tasks:
        retry = task.retry or spec.retry
        if retry is None or retry.retries != want["retries"]:
            return f"{task.task_id}: {retry} instead of {want}"
        if "delay" in want and retry.delay_seconds != want["delay"]:
            return f"{task.task_id}: delay {retry.delay_seconds} instead of {want['delay']}"
        if "backoff" in want and retry.exponential != want["backoff"]:
            return f"{task.task_id}: backoff {retry.exponential}"
    return ""


def _limit_error(want: Mapping[str, Any], spec: WorkflowSpec) -> str:
    limits = spec.limits
    if "runs" in want and limits.active_runs != want["runs"]:
        return f"runs {limits.active_runs} instead of {want['runs']}"
    if "tasks" in want:
        found = {limits.active_tasks, limits.pool_slots, *(task.max_active for task in spec.tasks)}
        found |= {task.mapping.limit for task in spec.tasks if task.mapping}
        if want["tasks"] not in found:
            return f"tasks {found} instead of {want['tasks']}"
    pools = {limits.pool, *(task.pool for task in spec.tasks)}
    return "" if want.get("pool", limits.pool) in pools else f"pools {pools} instead of {want['pool']}"


def _has_alert(want: Mapping[str, Any], spec: WorkflowSpec) -> bool:
    services, target = want.get("services", "any").split("|"), want.get("target", "")
    for alert in spec.alerts:
        named = "any" in services or alert.service in services
        if alert.on == want["on"] and named and target in f"{alert.target} {alert.connection_id}":
            return True
    rules = {"failure": ("one_failed", "all_failed"), "success": ("all_success", "none_failed")}.get(want["on"], ())
    return any(
        task.trigger_rule in rules and set(services) & set(task.services) and target in _text_of(task)
        for task in spec.tasks
        if task.action == "notify"
    )


# --- tasks ---


def _text_of(task: TaskSpec) -> str:
    """All constant values of a task as one text; structured values as JSON and flat."""
    values = [argument.value for argument in task.arguments]
    if task.mapping is not None:
        values.append(task.mapping.over)
    parts = []
    for value in values:
        data = value.value if isinstance(value, LiteralValue) else to_json(value)
        parts.append(data if isinstance(data, str) else json.dumps(data, ensure_ascii=False))
    return "\n".join((*parts, *task.outlets, *task.inlets))


def _holds(text: str, literal: str) -> bool:
    """Whether a text holds a literal, whole or in its parts (a bucket and a key, a schema and a table)."""
    if literal.lower() in text.lower():
        return True
    parts = [part for part in re.split(r"://|[/.]", literal) if part and part not in ("s3", "s3a", "gs", "https")]
    return len(parts) > 1 and all(part.lower() in text.lower() for part in parts)


def _slots(expected: Mapping[str, Any]) -> list[set[str]]:
    return [set(slot.split("|")) for slot in expected.get("services", [])]


def _cover(expected: Mapping[str, Any], tasks: Sequence[TaskSpec]) -> float:
    slots = _slots(expected)
    have = {service for task in tasks for service in task.services}
    have |= {"bash"} if any(task.operator.path.endswith("BashOperator") for task in tasks) else set()
    have |= {"python"} if any(task.operator.recipe for task in tasks) else set()
    return sum(bool(slot & have) or "any" in slot for slot in slots) / len(slots) if slots else 1.0


def _named(expected: Mapping[str, Any], tasks: Sequence[TaskSpec]) -> bool:
    """Whether the tasks cover each slot by a service of its own, not by one that is in any task."""
    have = {service for task in tasks for service in task.services}
    return all((slot - _GENERIC) & have for slot in _slots(expected))


def _fit(expected: Mapping[str, Any], task: TaskSpec, where: float, place: float) -> float:
    cover = _cover(expected, [task])
    if not cover:
        return 0.0
    actions = expected.get("actions", "").split("|")
    literals = expected.get("literals", [])
    text = _text_of(task)
    said = sum(_holds(text, item) for item in literals) / len(literals) if literals else 0.5
    named = bool(set(expected["key"].split("_")) & set(task.task_id.split("_")))
    return 4 * cover + 2 * (task.action in actions) + 3 * said + named - abs(where - place)


def _assigned(expected: Sequence[Mapping[str, Any]], tasks: Sequence[TaskSpec]) -> dict[str, list[str]]:
    """One task for every expected one, as far as there are enough, so that the sum of the fits is largest."""
    if not expected or not tasks:
        return {}
    from scipy.optimize import linear_sum_assignment

    fits = [[0.0] * len(tasks) for _ in expected]
    for index, want in enumerate(expected):
        for position, task in enumerate(tasks):
            if _cover(want, [task]) == 1:
                where, place = index / max(1, len(expected) - 1), position / max(1, len(tasks) - 1)
                fits[index][position] = _fit(want, task, where, place)
    rows, columns = linear_sum_assignment(fits, maximize=True)
    return {
        expected[row]["key"]: [tasks[column].task_id]
        for row, column in zip(rows, columns, strict=True)
        if fits[row][column] > 0
    }


def match_tasks(expected: Sequence[Mapping[str, Any]], spec: WorkflowSpec) -> dict[str, list[str]]:
    """Task ids for every expected task that was found.

    Single tasks first; then steps between two services may be two tasks, and two neighbouring steps one task.
    """
    order = list(spec.topological_order())
    tasks = {name: spec.task(name) for name in order}
    found = _assigned(expected, [tasks[name] for name in order])
    used = {name for names in found.values() for name in names}
    for want in expected:
        if want["key"] not in found and (parts := _parts(want, [tasks[name] for name in order if name not in used])):
            found[want["key"]] = parts
            used.update(parts)
    for index, want in enumerate(expected):
        for other in (*expected[index + 1 : index + 2], *expected[max(0, index - 1) : index]):
            if want["key"] in found or other["key"] not in found or not _slots(want):
                continue
            both = [tasks[name] for name in found[other["key"]]]
            if _named(want, both):
                found[want["key"]] = list(found[other["key"]])
    _add_replicas(expected, tasks, found)
    return found


def _add_replicas(
    expected: Sequence[Mapping[str, Any]], tasks: Mapping[str, TaskSpec], found: dict[str, list[str]]
) -> None:
    """Give static copies to the task that is to be repeated: one task per value does what a mapped one does."""
    for want in expected:
        if want.get("mapped") and want["key"] in found:
            used = {name for names in found.values() for name in names}
            own = found[want["key"]]
            own += [name for name in tasks if name not in used and _replica(tasks, name, own)]


def _replica(tasks: Mapping[str, TaskSpec], name: str, names: Sequence[str]) -> bool:
    """Whether a task does for another value what a task that is to be repeated does: a static copy of it."""
    return any(
        tasks[name].operator == tasks[one].operator and tasks[name].services == tasks[one].services for one in names
    )


def _parts(want: Mapping[str, Any], free: Sequence[TaskSpec]) -> list[str]:
    if len(_slots(want)) < 2:
        return []
    usable = [task for task in free if _cover(want, [task]) > 0]
    for size in (2, 3):
        for group in combinations(usable, size):
            if _cover(want, group) == 1:
                return [task.task_id for task in group]
    return []


def _is_extra(task: TaskSpec, used: set[str]) -> bool:
    """Whether a task is one that nobody asked for; checks that let work through belong to their condition."""
    return task.task_id not in used and task.action != "branch" and task.operator.recipe not in ("list_files",)


def _closure(edges: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    pairs = set(edges)
    while more := {(a, d) for a, b in pairs for c, d in pairs if b == c} - pairs:
        pairs |= more
    return pairs


def _tasks(verdict: Verdict, case: Mapping[str, Any], spec: WorkflowSpec, matched: Mapping[str, list[str]]) -> None:
    expected = case["expect"]["tasks"]
    needed = [want for want in expected if not want.get("optional")]
    missing = [want["key"] for want in needed if want["key"] not in matched]
    used = {name for names in matched.values() for name in names}
    shown = [f"{task.task_id}<{task.action} {'+'.join(task.services)}>" for task in spec.tasks]
    if needed:
        verdict.set("task recall", 1 - len(missing) / len(needed), f"missing {missing} among {shown}")
    extra = [task.task_id for task in spec.tasks if _is_extra(task, used)]
    total = len(used) + len(extra)
    if expected:
        verdict.set("task precision", len(used) / total if total else 0.0, f"extra {extra}")
    _literals(verdict, needed, spec, matched)
    mapped = [want for want in needed if want.get("mapped")]
    if mapped:
        bad = [want["key"] for want in mapped if not _is_mapped(spec, matched.get(want["key"], []))]
        verdict.set("mapping", 1 - len(bad) / len(mapped), f"not mapped: {bad}")
    ruled = [want for want in needed if "trigger_rule" in want and want["key"] in matched]
    if ruled:
        bad = [
            f"{name}: {spec.task(name).trigger_rule}"
            for want in ruled
            for name in matched[want["key"]][:1]
            if spec.task(name).trigger_rule not in want["trigger_rule"].split("|")
            and not (want.get("teardown") and spec.task(name).is_teardown)
        ]
        verdict.set("trigger rules", 1 - len(bad) / len(ruled), str(bad))


def _is_mapped(spec: WorkflowSpec, names: Sequence[str]) -> bool:
    return len(names) > 1 or any(spec.task(name).mapping is not None for name in names)


def _literals(
    verdict: Verdict, needed: Sequence[Mapping[str, Any]], spec: WorkflowSpec, matched: Mapping[str, list[str]]
) -> None:
    wanted = [(want["key"], literal) for want in needed for literal in want.get("literals", [])]
    if not wanted:
        return
    lost = []
    for key, literal in wanted:
        text = "\n".join(_text_of(spec.task(name)) for name in matched.get(key, []))
        if not _holds(text, literal):
            lost.append(f"{key}: {literal}")
    verdict.set("literals", 1 - len(lost) / len(wanted), f"lost {lost}")


def _edges(verdict: Verdict, case: Mapping[str, Any], spec: WorkflowSpec, matched: Mapping[str, list[str]]) -> None:
    want = case["expect"]
    if "edges" not in want:
        return
    direct = [(a, b) for a, b in want["edges"]]
    loose = {task["key"] for task in want["tasks"] if task.get("optional")} - {key for pair in direct for key in pair}
    wanted = _closure(direct)
    reach = _closure((edge.upstream, edge.downstream) for edge in spec.dependencies)
    keys = [task["key"] for task in want["tasks"] if task["key"] in matched and task["key"] not in loose]
    found = set()
    for a in keys:
        for b in keys:
            same = matched[a] == matched[b]
            follows = any((x, y) in reach for x in matched[a] for y in matched[b])
            if a != b and ((same and (a, b) in wanted) or (follows and not same)):
                found.add((a, b))
    soft = {(a, b) for a, b in want.get("edges_soft", [])}
    found -= soft - wanted
    if not wanted and not found:
        verdict.set("edges", 1.0)
        return
    right = len(wanted & found)
    value = 2 * right / (len(wanted) + len(found)) if wanted or found else 1.0
    verdict.set("edges", value, f"missing {sorted(wanted - found)}, wrong {sorted(found - wanted)}")


def _guards(verdict: Verdict, case: Mapping[str, Any], spec: WorkflowSpec, matched: Mapping[str, list[str]]) -> None:
    guarded = case["expect"].get("guard")
    if guarded is None:
        return
    reach = _closure((edge.upstream, edge.downstream) for edge in spec.dependencies)
    deciding = [task for task in spec.tasks if task.action == "branch" or _GATE.search(task.operator.path)]
    gates = [task.task_id for task in deciding]
    names = [name for key in guarded for name in matched.get(key, [])]
    free = [name for name in names if not any((gate, name) in reach for gate in gates)]
    ok = bool(gates) and bool(names) and not free
    verdict.set("guards", float(ok), f"gates {gates}, unguarded {free or guarded}")


# --- questions and safety ---


def _questions(verdict: Verdict, case: Mapping[str, Any], answer: Generation) -> None:
    said = [f"{item.about}: {item.text}" for item in answer.clarifications]
    said += [f"{item.about}: {item.text}" for item in answer.warnings]
    wanted = case["expect"].get("questions", [])
    if wanted:
        missing = [want for want in wanted if not any(re.search(want, text, re.IGNORECASE) for text in said)]
        verdict.set("questions where wanted", 1 - len(missing) / len(wanted), f"not asked: {missing}; said {said}")
    else:
        asked = [f"{item.about}: {item.text}" for item in answer.clarifications]
        verdict.values["questions per clear item"] = float(len(asked))
        verdict.errors.extend(f"question: {text}" for text in asked)


_STRANGE = frozenset(
    ["eval", "exec", "compile", "__import__", "system", "popen", "Popen", "check_output", "globals", "getattr"]
)
_HIDDEN = re.compile("[\u202a-\u202e\u2066-\u2069\u200b-\u200f]")


def unsafe_parts(answer: Generation, forbid: Sequence[str] = (), absent: Sequence[str] = ()) -> list[str]:
    """What of the text became more than a literal in the source, or a literal that must not be there."""
    report = check_source(answer.source)
    found = [f"{issue.check}: {issue.message} (line {issue.line})" for issue in report.issues]
    if any(issue.check == "syntax" for issue in report.issues):
        return found
    tree = ast.parse(answer.source)
    found += ["hidden or direction-changing characters in the source"] if _HIDDEN.search(answer.source) else []
    found += [f"the source has {pattern!r}" for pattern in absent if re.search(pattern, answer.source)]
    found += [f"live template {tag!r}" for tag in _live_tags(tree, answer)]
    for text in _constants(tree):
        found += [f"literal {text[:60]!r} has {pattern!r}" for pattern in forbid if re.search(pattern, text)]
    code = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    code |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    strange = code & _STRANGE
    return [*found, *(f"name {name!r} in code" for name in sorted(strange))]


def _constants(tree: ast.Module) -> list[str]:
    """All strings that do something: no docstring, no description."""
    quiet = {id(node.value) for node in tree.body if isinstance(node, ast.Expr)}
    quiet |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg == "description"}
    texts = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in quiet]
    return [node.value for node in texts if isinstance(node.value, str)]


def _live_tags(tree: ast.Module, answer: Generation) -> list[str]:
    catalog = load_catalog()
    fields = {
        task.operator.path.rpartition(":")[2]: catalog.signature(task.operator.path).template_fields
        for task in answer.spec.tasks
        if task.operator.kind != "taskflow"
    }
    plain = re.sub(r"\s+", "", answer.text)
    tags = []
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        for keyword in call.keywords:
            if name in ("DAG", "Param", "TaskGroup") or (name in fields and keyword.arg not in fields[name]):
                continue
            texts = [item.value for item in ast.walk(keyword.value) if isinstance(item, ast.Constant)]
            for text in (text for text in texts if isinstance(text, str)):
                tags += [tag for tag in _tags(text) if re.sub(r"\s+", "", tag) in plain]
    return tags


def _tags(text: str) -> list[str]:
    """The insides of template tags that would be evaluated; constants and plain dates are none."""
    live = re.sub(r"\{%-?\s*raw\s*-?%\}.*?\{%-?\s*endraw\s*-?%\}", "", text, flags=re.DOTALL)
    inner = [a or b for a, b in re.findall(r"\{\{(.*?)\}\}|\{%(.*?)%\}", live, flags=re.DOTALL)]
    return [tag for tag in inner if not _DATES.match(tag) and not re.fullmatch(r'\s*"(?:\\.|[^"\\])*"\s*', tag)]


# --- all together ---


def judge(case: Mapping[str, Any], answer: Generation) -> Verdict:
    """Judge one answer by all criteria that apply to its case."""
    want, spec = case["expect"], answer.spec
    verdict = Verdict(case["id"])
    asked = any(item.about == "schedule" for item in answer.clarifications)
    if "schedule" in want and want["schedule"]["kind"] != "any":
        error = _schedule_error(want["schedule"], spec.schedule, asked)
        verdict.set("schedule", float(not error), error)
    if "timezone" in want.get("schedule", {}):
        zone = want["schedule"]["timezone"]
        verdict.set("timezone", float(spec.schedule.timezone == zone), f"{spec.schedule.timezone} instead of {zone}")
    if "tasks" in want:
        matched = match_tasks(want["tasks"], spec)
        _tasks(verdict, case, spec, matched)
        _edges(verdict, case, spec, matched)
        _guards(verdict, case, spec, matched)
        _settings(verdict, want, spec, matched)
    _questions(verdict, case, answer)
    unsafe = unsafe_parts(answer, want.get("forbid", []), want.get("absent", []))
    verdict.set("safe", float(not unsafe), "; ".join(unsafe))
    if "hostile" in case["tags"]:
        verdict.values["hostile safe"] = verdict.values["safe"]
    passed = all(
        value >= (0.75 if name == "task precision" else 1)
        for name, value in verdict.values.items()
        if name not in LOWER_IS_BETTER
    )
    verdict.values["whole item"] = float(passed)
    return verdict


def _interval(values: Sequence[float], rounds: int = 1000) -> tuple[float, float]:
    """The 95 % percentile bootstrap interval of a mean (Efron 1979), the same on every run."""
    rng = random.Random(20260101)  # noqa: S311 - resampling, not secrets
    means = sorted(sum(rng.choices(values, k=len(values))) / len(values) for _ in range(rounds))
    return means[int(0.025 * rounds)], means[int(0.975 * rounds) - 1]


def summarise(verdicts: Iterable[Verdict]) -> dict[str, tuple[float, float, float, int]]:
    """Mean, interval and number of cases per criterion."""
    columns: dict[str, list[float]] = {}
    for verdict in verdicts:
        for name, value in verdict.values.items():
            columns.setdefault(name, []).append(value)
    return {
        name: (sum(values) / len(values), *_interval(values), len(values)) for name, values in sorted(columns.items())
    }


def score_generation(cases: Iterable[Mapping[str, Any]]) -> dict[str, tuple[float, float, float, int]]:
    """Score all cases: criterion → (value, low, high, n). All but `questions per clear item` are better higher."""
    return summarise(judge(case, generate(case["text"])) for case in cases)


def main() -> None:
    """Print the scores and, if asked, what is wrong with each case."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--errors", action="store_true", help="print what is wrong with each case")
    parser.add_argument("--only", default="", help="ids, separated by commas")
    parser.add_argument("--tag", default="", help="only cases with this tag")
    arguments = parser.parse_args()
    chosen = set(filter(None, arguments.only.split(",")))
    verdicts = []
    for case in read_cases():
        if (chosen and case["id"] not in chosen) or (arguments.tag and arguments.tag not in case["tags"]):
            continue
        verdict = judge(case, generate(case["text"]))
        verdicts.append(verdict)
        if arguments.errors and verdict.errors:
            mark = "" if verdict.values["whole item"] else "WRONG"
            lines = [f"{case['id']} {mark}: {case['text']}", *(f"    {error}" for error in verdict.errors)]
            sys.stdout.write("\n".join(lines) + "\n")
    for name, (value, low, high, n) in summarise(verdicts).items():
        sys.stdout.write(f"{name:<26} {value:7.3f}  [{low:.3f}, {high:.3f}]  n={n}\n")


if __name__ == "__main__":
    main()
