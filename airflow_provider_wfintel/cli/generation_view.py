"""What `wfintel generate` and the demo show a person about an answer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from airflow_provider_wfintel.engine.model import Generation, TaskSpec

__all__ = ["print_generation", "task_table"]

SHOWN_RUNS = 3


def print_generation(generation: Generation, *, written: Path | None = None, to_stderr: bool = False) -> None:
    """Print what was understood: tasks with the words behind them, schedule, assumptions, open questions.

    Args:
        generation: the answer.
        written: where the DAG file was written, if it was.
        to_stderr: print to stderr, because stdout carries the file itself.
    """
    from rich.console import Console
    from rich.markup import escape

    console = Console(stderr=to_stderr, highlight=False, soft_wrap=False)
    spec = generation.spec
    console.print(f"[bold]{escape(spec.dag_id)}[/bold]  {escape(_schedule_words(generation))}")
    for moment in generation.next_runs[:SHOWN_RUNS]:
        console.print(f"  next run {moment}", style="dim")
    if spec.tasks:
        console.print(task_table(generation))
    for alert in spec.alerts:
        place = alert.target or alert.connection_id
        console.print(f"on {alert.on}: tell {escape(alert.service)} {escape(place)}".rstrip())
    _print_remarks(console, generation)
    if generation.requirements:
        console.print(f"needs    {escape(' '.join(generation.requirements))}")
    if written is not None:
        console.print(f"written  {escape(str(written))}", style="bold green")


def task_table(generation: Generation) -> Table:
    """The tasks in order, each with what carries it out, what comes before it and the words it was read from."""
    from rich.markup import escape
    from rich.table import Table

    spec = generation.spec
    table = Table("task", "does", "by", "after", "read from", box=None, pad_edge=False, header_style="dim")
    evidence = {item.task_id: item.spans for item in generation.evidence}
    for task_id in spec.topological_order():
        task = spec.task(task_id)
        spans = evidence.get(task_id) or task.evidence
        words = " … ".join(" ".join(span.of(generation.text).split()) for span in spans)
        table.add_row(
            escape(task_id),
            f"{task.action} {'+'.join(task.services)}".strip(),
            escape(_operator_name(task)),
            escape(", ".join(spec.upstream_of(task_id))),
            escape(words),
        )
    return table


def _operator_name(task: TaskSpec) -> str:
    name = task.operator.path.rpartition(":")[2]
    name = f"@{name}" if task.operator.kind == "taskflow" else name
    return f"{name} (mapped)" if task.mapping is not None else name


def _schedule_words(generation: Generation) -> str:
    schedule = generation.spec.schedule
    if schedule.words:
        return f"{schedule.words} ({schedule.timezone})" if schedule.crons else schedule.words
    return ", ".join(schedule.crons) or schedule.kind


def _print_remarks(console: Console, generation: Generation) -> None:
    from rich.markup import escape

    for warning in generation.warnings:
        console.print(f"[yellow]warning[/yellow]  {escape(warning.text)}")
    for assumption in generation.assumptions:
        console.print(f"[cyan]assumed[/cyan]  {escape(assumption.text)}")
    for question in generation.clarifications:
        options = f" [dim]({escape(' / '.join(question.options))})[/dim]" if question.options else ""
        console.print(f"[magenta]open[/magenta]     {escape(question.text)}{options}")
    unused = [" ".join(span.of(generation.text).split()) for span in generation.unused]
    if any(unused):
        console.print(f"[dim]not used {escape(' | '.join(item for item in unused if item))}[/dim]")
