"""A small engine with known answers: what is tested here is the command line, not the reading of sentences."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from airflow_provider_wfintel.cli.main import main
from airflow_provider_wfintel.engine.generation import service
from airflow_provider_wfintel.engine.model import (
    Assumption,
    DeploymentContext,
    Generation,
    Mention,
    OperatorRef,
    Question,
    Schedule,
    Span,
    TaskEvidence,
    TaskSpec,
    WorkflowSpec,
)
from airflow_provider_wfintel.exceptions import EmptyInputError

GOOD_FILE = '''"""A DAG."""

import pendulum
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

with DAG("greeting", start_date=pendulum.datetime(2026, 1, 1, tz="UTC"), schedule=None):
    greet = BashOperator(task_id="greet", bash_command="echo hello")
'''
BROKEN_FILE = "def broken(:\n"


def fake_detect(text: str, *, services_folder: Path | None = None) -> tuple[Mention, ...]:
    """Finds the word `slack`, and nothing else."""
    if not text.strip():
        raise EmptyInputError("there is no text", hint="say what the workflow should do")
    start = text.find("slack")
    return () if start < 0 else (Mention("slack", Span(start, start + 5), "channel", 0.9),)


def fake_generate(
    text: str, *, context: DeploymentContext | None = None, services_folder: Path | None = None
) -> Generation:
    """One bash task, whatever the text says; a broken file if it says `break`."""
    if not text.strip():
        raise EmptyInputError("there is no text", hint="say what the workflow should do")
    task = TaskSpec(
        "greet",
        "greet",
        "none",
        OperatorRef("operator", "airflow.providers.standard.operators.bash:BashOperator"),
        services=("bash",),
    )
    return Generation(
        spec=WorkflowSpec("greeting", schedule=Schedule(words="by hand"), tasks=(task,)),
        source=BROKEN_FILE if "break" in text else GOOD_FILE,
        text=text,
        evidence=(TaskEvidence("greet", (Span(0, 5),)),),
        unused=(Span(6, len(text)),) if len(text) > 6 else (),
        assumptions=(Assumption("owner", f"owner is {context.owner}"),) if context else (),
        clarifications=(Question("schedule", "How often should it run?", ("daily", "hourly")),),
        requirements=("apache-airflow-providers-standard",),
    )


@pytest.fixture
def good_file() -> str:
    """A DAG file that passes all checks."""
    return GOOD_FILE


@pytest.fixture
def broken_file() -> str:
    """A file that passes none."""
    return BROKEN_FILE


@pytest.fixture
def fake_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the known answers in the engine's place."""
    monkeypatch.setattr(service, "detect", fake_detect)
    monkeypatch.setattr(service, "generate", fake_generate)


@pytest.fixture
def wfintel(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run the command line in this process; gives exit status, stdout and stderr."""

    def run(*arguments: str | Path) -> tuple[int, str, str]:
        try:
            status = main([str(item) for item in arguments])
        except SystemExit as leave:  # argparse leaves this way
            status = int(leave.code or 0)
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run
