"""What `wfintel run` and `wfintel generate --run` show a person about a trial."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

    from airflow_provider_wfintel.engine.model import Trial, TrialRun, TrialTask

__all__ = ["print_trial"]

_SHOWN_CALLS = 8
_RUNS = {"rows": "with data, approvals given", "empty": "without data, approvals refused"}
_LEVELS = {
    "wire": "real code to the wire",
    "client": "real code, client replaced",
    "operator": "operator level: arguments only",
    "local": "real code, no service",
    "": "",
}
_COLOURS = {"success": "green", "failed": "red", "not_run": "red", "stopped": "yellow", "open": "magenta"}


def print_trial(trial: Trial, *, name: str = "", to_stderr: bool = False) -> None:
    """Print each run as a list of tasks with their calls."""
    from rich.console import Console
    from rich.markup import escape

    console = Console(stderr=to_stderr, highlight=False, soft_wrap=False)
    verdict = "[green]runs[/green]" if trial.ok else "[red]does not run[/red]"
    console.print(
        f"[bold]{escape(trial.dag_id or name)}[/bold]  {verdict} with stand-ins  [dim]{trial.seconds:g} s[/dim]"
    )
    for param in trial.params:
        console.print(f"made up  param {escape(param)}")
    if trial.error:
        console.print(f"[red]error[/red]    {escape(trial.error)}")
    for run in trial.runs:
        _print_run(run, console)


def _print_run(run: TrialRun, console: Console) -> None:
    from rich.markup import escape

    calls = sum(len(task.calls) for task in run.tasks)
    console.print(f"run {_RUNS.get(run.answers, run.answers)}: {calls} calls")
    for task in run.tasks:
        console.print(_task_line(task))
        if task.error:
            place = f"line {task.line}: " if task.line else ""
            console.print(f"      {escape(place + task.error)}")
        for call in task.calls[:_SHOWN_CALLS]:
            words = " ".join(item for item in (call.service, call.verb, call.target) if item)
            payload = f"  [dim]{escape(call.payload)}[/dim]" if call.payload else ""
            console.print(f"      {escape(words)}{payload}")
        if len(task.calls) > _SHOWN_CALLS:
            console.print(f"      [dim]… {len(task.calls) - _SHOWN_CALLS} more[/dim]")


def _task_line(task: TrialTask) -> str:
    from rich.markup import escape

    state = f"[{_COLOURS.get(task.state, 'dim')}]{task.state}[/]"
    times = f", {task.mapped} times" if task.mapped > 1 else ""
    level = _LEVELS[task.level]
    more = f" [dim]{level}[/dim]" if level else ""
    return f"  [bold]{escape(task.task_id)}[/bold] {escape(task.operator)}{times}: {state}{more}"
