"""What `wfintel generate` and the demo show a person about an answer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

    from airflow_provider_wfintel.engine.model import Generation, TaskSpec

__all__ = ["TaskLine", "print_generation", "task_lines"]

TABLE_WIDTH = 120
"""Characters that the table of tasks needs to be readable."""


def print_generation(generation: Generation, *, written: Path | None = None, to_stderr: bool = False) -> None:
    """Print what was understood: tasks with the words behind them, schedule, assumptions, open questions.

    Args:
        generation: the answer.
        written: where the DAG file was written, if it was.
        to_stderr: print to stderr, because stdout carries the file itself.
    """
    from rich.console import Console
    from rich.markup import escape

    from airflow_provider_wfintel.app.generate import upcoming_runs

    console = Console(stderr=to_stderr, highlight=False, soft_wrap=False)
    spec = generation.spec
    console.print(f"[bold]{escape(spec.dag_id)}[/bold]  {escape(_schedule_words(generation))}")
    for moment in upcoming_runs(generation):
        console.print(f"  next run {moment}", style="dim")
    if spec.tasks:
        _print_tasks(console, task_lines(generation))
    for alert in spec.alerts:
        place = alert.target or alert.connection_id
        console.print(f"on {alert.on}: tell {escape(alert.service)} {escape(place)}".rstrip())
    _print_remarks(console, generation)
    if generation.requirements:
        console.print(f"needs    {escape(' '.join(generation.requirements))}")
    if written is not None:
        console.print(f"written  {escape(str(written))}", style="bold green")


@dataclass(frozen=True, slots=True)
class TaskLine:
    """What is shown of one task."""

    task_id: str
    does: str
    by: str
    after: str
    words: str


def task_lines(generation: Generation) -> tuple[TaskLine, ...]:
    """The tasks in order, each with what carries it out, what comes before it and the words it was read from."""
    spec = generation.spec
    evidence = {item.task_id: item.spans for item in generation.evidence}
    lines = []
    for task_id in spec.topological_order():
        task = spec.task(task_id)
        spans = evidence.get(task_id) or task.evidence
        words = " … ".join(" ".join(span.of(generation.text).split()) for span in spans)
        does = f"{task.action} {'+'.join(task.services)}".strip()
        lines.append(TaskLine(task_id, does, _operator_name(task), ", ".join(spec.upstream_of(task_id)), words))
    return tuple(lines)


def _print_tasks(console: Console, lines: tuple[TaskLine, ...]) -> None:
    """A table where there is room for one, else two lines for each task."""
    from rich.markup import escape
    from rich.table import Table

    if console.width < TABLE_WIDTH:
        for line in lines:
            after = f", after {escape(line.after)}" if line.after else ""
            console.print(f"  [bold]{escape(line.task_id)}[/bold]: {escape(line.does)} by {escape(line.by)}{after}")
            console.print(f"      [dim]{escape(line.words)}[/dim]")
        return
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("task", style="bold", overflow="fold")
    for title in ("does", "by", "after"):
        table.add_column(title, overflow="fold")
    table.add_column("read from", ratio=1, style="dim")
    for line in lines:
        table.add_row(*(escape(item) for item in (line.task_id, line.does, line.by, line.after, line.words)))
    console.print(table)


def _operator_name(task: TaskSpec) -> str:
    if task.operator.kind == "taskflow":
        name = f"@{task.operator.path} {task.operator.recipe}".rstrip()
    else:
        name = task.operator.path.rpartition(":")[2]
    return f"{name}, mapped" if task.mapping is not None else name


def _schedule_words(generation: Generation) -> str:
    schedule = generation.spec.schedule
    words = schedule.words or ", ".join(schedule.crons) or schedule.kind
    return f"{words} ({schedule.timezone})" if schedule.crons and schedule.timezone not in words else words


def _print_remarks(console: Console, generation: Generation) -> None:
    from rich.markup import escape

    for warning in generation.warnings:
        console.print(f"[yellow]warning[/yellow]  {escape(warning.text)}")
    for use in generation.taken:
        console.print(
            f"[cyan]from here[/cyan] {escape(use.about)} {escape(use.value)} [dim]({escape(use.source)})[/dim]"
        )
    for assumption in generation.assumptions:
        console.print(f"[cyan]assumed[/cyan]  {escape(assumption.text)}")
    for question in generation.clarifications:
        options = f" [dim]({escape(' / '.join(question.options))})[/dim]" if question.options else ""
        console.print(f"[magenta]open[/magenta]     {escape(question.text)}{options}")
    for match in generation.patterns:
        console.print(
            f"[green]pattern[/green]  {escape(match.title)} ({escape(match.id)}, {match.confidence:.2f}) "
            f"[dim]{escape('; '.join(match.why[:2]))}[/dim]"
        )
    for step in generation.suggestions:
        console.print(
            f"[blue]next[/blue]     {escape(step.text)} [dim]{escape(step.reason)} Add: {escape(step.sentence)}[/dim]"
        )
    unused = [" ".join(span.of(generation.text).split()) for span in generation.unused]
    if any(unused):
        console.print(f"[dim]not used {escape(' | '.join(item for item in unused if item))}[/dim]")
