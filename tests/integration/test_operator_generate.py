"""GenerateDagOperator: the file is there and checked, or there is none and the error says why."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from airflow.sdk import DAG
from airflow.sdk.exceptions import AirflowFailException

from airflow_provider_wfintel.app import validate
from airflow_provider_wfintel.engine.generation import service
from airflow_provider_wfintel.engine.model import (
    Generation,
    Question,
    Schedule,
    ValidationIssue,
    ValidationReport,
    WorkflowSpec,
)
from airflow_provider_wfintel.exceptions import GeneratedCodeError
from airflow_provider_wfintel.operators.generate import GenerateDagOperator

pytestmark = pytest.mark.integration

SOURCE = """from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

with DAG("orders", schedule=None):
    BashOperator(task_id="date", bash_command="date")
"""
TEXT = "Every day at 06:00 run the shell command `date`"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = tmp_path / "generated"
    made.mkdir()
    monkeypatch.setenv("AIRFLOW__WFINTEL__DAGS_SAVE_FOLDER", str(made))
    return made


@pytest.fixture
def no_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW__WFINTEL__DAGS_SAVE_FOLDER", "")


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> list[Generation]:
    """The engine's answer, for tests that are not about the engine. Change the list to change the answer."""
    answers = [Generation(WorkflowSpec("orders", schedule=Schedule(words="every day")), SOURCE, TEXT)]
    monkeypatch.setattr(service, "generate", lambda text, context=None, services_folder=None: answers[0])
    return answers


def run(**arguments: Any) -> dict[str, Any]:
    operator = GenerateDagOperator(task_id="generate", **{"text": TEXT, **arguments})
    return operator.execute({})  # type: ignore[typeddict-item]


class TestWithTheRealEngine:
    def test_a_sentence_becomes_a_file(self, folder: Path) -> None:
        summary = run(output_path="date.py")
        path = Path(summary["path"])
        assert path == folder / "date.py"
        source = path.read_text(encoding="utf-8")
        ast.parse(source)
        assert summary["dag_id"] in source
        assert summary["task_ids"]
        assert summary["checks"]

    def test_the_answer_fits_into_an_xcom(self) -> None:
        summary = run(output_path="date.py")
        assert json.loads(json.dumps(summary)) == summary

    def test_an_empty_text_fails_at_once(self, folder: Path) -> None:
        with pytest.raises(AirflowFailException, match="EmptyInputError"):
            run(text=" ", output_path="date.py")
        assert list(folder.iterdir()) == []

    def test_it_needs_no_database(self, tmp_path: Path) -> None:
        # As in a task process, where Airflow forbids its database.
        code = f"""
from airflow.sdk.execution_time.supervisor import block_orm_access
block_orm_access()
from airflow_provider_wfintel.operators.generate import GenerateDagOperator
print(GenerateDagOperator(task_id="a", text={TEXT!r}, output_path="date.py").execute({{}})["path"])
"""
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr[-2000:]
        assert Path(done.stdout.split()[-1]).is_file()


@pytest.mark.usefixtures("engine")
class TestTarget:
    @pytest.mark.parametrize(
        ("output_path", "expected"), [("", "orders.py"), ("a.py", "a.py"), ("team/", "team/orders.py")]
    )
    def test_relative_paths_start_at_the_folder(self, folder: Path, output_path: str, expected: str) -> None:
        (folder / "team").mkdir()
        assert run(output_path=output_path)["path"] == str(folder / expected)

    @pytest.mark.parametrize("output_path", ["../a.py", "team/../../a.py", "/tmp/a.py"])
    def test_no_path_leads_out_of_the_folder(self, folder: Path, output_path: str) -> None:
        with pytest.raises(AirflowFailException, match="leads out"):
            run(output_path=output_path)
        assert list(folder.iterdir()) == []

    def test_not_through_a_link_either(self, folder: Path, tmp_path: Path) -> None:
        (folder / "link").symlink_to(tmp_path)
        with pytest.raises(AirflowFailException, match="leads out"):
            run(output_path="link/a.py")

    @pytest.mark.usefixtures("no_folder")
    def test_without_the_folder_paths_are_absolute(self, tmp_path: Path) -> None:
        assert run(output_path=str(tmp_path / "a.py"))["path"] == str(tmp_path / "a.py")
        with pytest.raises(AirflowFailException, match="relative"):
            run(output_path="a.py")


@pytest.mark.usefixtures("engine")
class TestExistingFile:
    def test_it_is_left_alone(self, folder: Path) -> None:
        (folder / "a.py").write_text("mine")
        with pytest.raises(AirflowFailException, match=r"TargetExistsError.*force"):
            run(output_path="a.py")
        assert (folder / "a.py").read_text() == "mine"

    def test_unless_it_may_be_replaced(self, folder: Path) -> None:
        (folder / "a.py").write_text("mine")
        run(output_path="a.py", force=True)
        assert (folder / "a.py").read_text() == SOURCE


@pytest.mark.usefixtures("engine")
class TestChecks:
    @pytest.fixture
    def asked(self, monkeypatch: pytest.MonkeyPatch) -> list[bool]:
        calls: list[bool] = []

        def fake(source: str, *, execute: bool) -> ValidationReport:
            calls.append(execute)
            issue = ValidationIssue("secrets", "a password", line=3, hint="use a connection")
            return ValidationReport(ok="bad" not in source, issues=(issue,), checks=("secrets",))

        monkeypatch.setattr(validate, "validate_file", fake)
        return calls

    @pytest.mark.parametrize(
        ("arguments", "expected"),
        [
            ({}, [False]),
            ({"validate_import": True}, [True]),
            ({"validate": False, "validate_import": True}, [True]),
            ({"validate": False}, []),
        ],
    )
    def test_as_much_as_asked_for(self, asked: list[bool], arguments: dict[str, bool], expected: list[bool]) -> None:
        run(output_path="a.py", **arguments)
        assert asked == expected

    def test_a_file_that_does_not_pass_is_not_written(
        self, asked: list[bool], engine: list[Generation], folder: Path
    ) -> None:
        engine[0] = Generation(WorkflowSpec("orders"), "bad = 1\n", TEXT)
        with pytest.raises(GeneratedCodeError, match="line 3: secrets: a password") as caught:
            run(output_path="a.py")
        assert caught.value.hint == "use a connection"
        assert list(folder.iterdir()) == []


class TestQuestions:
    @pytest.fixture(autouse=True)
    def open_question(self, engine: list[Generation]) -> None:
        question = Question("schedule", "When should it run?")
        engine[0] = Generation(WorkflowSpec("orders"), SOURCE, TEXT, clarifications=(question,))

    def test_they_are_handed_on(self) -> None:
        summary = run(output_path="a.py")
        assert [item["text"] for item in summary["clarifications"]] == ["When should it run?"]

    def test_they_can_be_made_to_fail_the_task(self, folder: Path) -> None:
        with pytest.raises(AirflowFailException, match="When should it run"):
            run(output_path="a.py", fail_on_questions=True)
        assert list(folder.iterdir()) == []


def test_text_and_path_are_templates() -> None:
    with DAG("templated", schedule=None):
        operator = GenerateDagOperator(
            task_id="generate", text="copy {{ params.table }}", output_path="{{ params.table }}.py"
        )
    operator.render_template_fields({"params": {"table": "orders"}})  # type: ignore[typeddict-item]
    assert operator.text == "copy orders"
    assert operator.output_path == "orders.py"
