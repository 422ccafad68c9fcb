"""A description becomes a DAG file: the use case that REST, command line and operators share."""

from __future__ import annotations

import json
import os
import stat
from datetime import datetime, timezone
from pathlib import Path

import pytest

from airflow_provider_wfintel.app.generate import (
    GenerateRequest,
    generate_workflow,
    generation_to_dict,
    upcoming_runs,
    write_dag_file,
)
from airflow_provider_wfintel.engine.generation import service
from airflow_provider_wfintel.engine.model import (
    AlertSpec,
    Assumption,
    Caution,
    DeploymentContext,
    Generation,
    Mention,
    OperatorRef,
    Question,
    Span,
    TaskEvidence,
    TaskSpec,
    WorkflowSpec,
    from_json,
)
from airflow_provider_wfintel.exceptions import (
    GeneratedCodeError,
    NotTextError,
    TargetExistsError,
    TargetNotWritableError,
)

TEXT = "Copy the orders to S3, please"


def a_generation(text: str = TEXT) -> Generation:
    copy = TaskSpec("copy_orders", "Copy orders", "copy", OperatorRef("taskflow", "task"), services=("amazon_s3",))
    return Generation(
        spec=WorkflowSpec("orders", tasks=(copy,), alerts=(AlertSpec("failure", "slack"),)),
        source="x = 1\n",
        text=text,
        mentions=(Mention("amazon_s3", Span(19, 21), "target", 0.9, ("ceph",)),),
        evidence=(TaskEvidence("copy_orders", (Span(0, 21),)),),
        unused=(Span(23, 29),),
        assumptions=(Assumption("timezone", "UTC is meant"),),
        clarifications=(Question("schedule", "When?", ("daily", "hourly"), Span(0, 4), "copy_orders"),),
        warnings=(Caution("size", "may be big"),),
        requirements=("apache-airflow-providers-amazon",),
        next_runs=("2026-01-01T00:00:00+00:00",),
    )


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, DeploymentContext | None]]:
    calls: list[tuple[str, DeploymentContext | None]] = []

    def fake(text: str, *, context: DeploymentContext | None = None, services_folder: Path | None = None) -> Generation:
        calls.append((text, context))
        return a_generation(text)

    monkeypatch.setattr(service, "generate", fake)
    return calls


class TestGenerateWorkflow:
    CONTEXT = DeploymentContext(connections=(("warehouse", "postgres"),))

    def test_the_context_reaches_the_engine(self, asked: list[tuple[str, DeploymentContext | None]]) -> None:
        generate_workflow(GenerateRequest(TEXT, context=self.CONTEXT))
        assert asked == [(TEXT, self.CONTEXT)]

    def test_without_context_awareness_the_text_alone_decides(
        self, asked: list[tuple[str, DeploymentContext | None]]
    ) -> None:
        generate_workflow(GenerateRequest(TEXT, context_aware=False, context=self.CONTEXT))
        assert asked == [(TEXT, None)]

    @pytest.mark.usefixtures("asked")
    def test_asking_for_a_language_model_that_is_not_there_is_answered_honestly(self) -> None:
        plain = generate_workflow(GenerateRequest(TEXT))
        enhanced = generate_workflow(GenerateRequest(TEXT, enhanced_intelligence=True))
        added = enhanced.warnings[len(plain.warnings) :]
        assert [item.about for item in added] == ["enhanced_intelligence"]
        assert enhanced.source == plain.source

    @pytest.mark.usefixtures("asked")
    def test_half_a_character_is_no_text(self) -> None:
        with pytest.raises(NotTextError):
            generate_workflow(GenerateRequest("copy \ud83d files"))


class TestJsonForm:
    def test_it_is_json_and_has_every_part_of_the_contract(self) -> None:
        data = json.loads(json.dumps(generation_to_dict(a_generation())))
        assert {
            "spec", "source", "services", "mentions", "evidence", "unused", "assumptions", "clarifications",
            "warnings", "requirements", "next_runs",
        } <= set(data)  # fmt: skip
        (mention,) = data["mentions"]
        assert {"copy", "load", "wait_for"} <= set(mention.pop("actions"))
        assert mention == {
            "service": "amazon_s3", "span": [19, 21], "role": "target", "confidence": 0.9, "alternatives": ["ceph"],
        }  # fmt: skip
        assert data["evidence"] == [{"task_id": "copy_orders", "spans": [[0, 21]], "words": ["Copy the orders to S3"]}]
        assert data["unused"] == [{"span": [23, 29], "words": "please"}]
        assert data["clarifications"] == [
            {
                "about": "schedule",
                "text": "When?",
                "span": [0, 4],
                "options": ["daily", "hourly"],
                "task_id": "copy_orders",
            }
        ]

    def test_services_are_those_the_workflow_uses_each_once(self) -> None:
        assert generation_to_dict(a_generation())["services"] == ["amazon_s3", "slack"]

    def test_the_spec_reads_back(self) -> None:
        generation = a_generation()
        assert from_json(WorkflowSpec, generation_to_dict(generation)["spec"]) == generation.spec


class TestWriteDagFile:
    def test_the_file_holds_the_source_and_nothing_else_is_left(self, tmp_path: Path) -> None:
        written = write_dag_file(tmp_path / "orders.py", "grüße = 1\n")
        assert written.read_text(encoding="utf-8") == "grüße = 1\n"
        assert [item.name for item in tmp_path.iterdir()] == ["orders.py"]

    def test_the_scheduler_of_another_user_can_read_it(self, tmp_path: Path) -> None:
        mask = os.umask(0o022)
        try:
            written = write_dag_file(tmp_path / "orders.py", "x = 1\n")
        finally:
            os.umask(mask)
        assert stat.S_IMODE(written.stat().st_mode) == 0o644

    def test_an_existing_file_is_left_alone(self, tmp_path: Path) -> None:
        (tmp_path / "orders.py").write_text("mine")
        with pytest.raises(TargetExistsError) as caught:
            write_dag_file(tmp_path / "orders.py", "x = 1\n")
        assert "force" in caught.value.hint
        assert [(item.name, item.read_text()) for item in tmp_path.iterdir()] == [("orders.py", "mine")]

    def test_a_file_made_in_the_meantime_is_left_alone_too(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        target = tmp_path / "orders.py"
        link = os.link

        def somebody_is_faster(source: Path, destination: Path) -> None:
            target.write_text("theirs")
            link(source, destination)

        monkeypatch.setattr(os, "link", somebody_is_faster)
        with pytest.raises(TargetExistsError):
            write_dag_file(target, "x = 1\n")
        assert [(item.name, item.read_text()) for item in tmp_path.iterdir()] == [("orders.py", "theirs")]

    def test_a_file_system_without_hard_links_works(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def no_links(source: Path, destination: Path) -> None:
            raise PermissionError(1, "Operation not permitted")

        monkeypatch.setattr(os, "link", no_links)
        assert write_dag_file(tmp_path / "orders.py", "x = 1\n").read_text() == "x = 1\n"

    def test_force_replaces_and_keeps_the_permissions(self, tmp_path: Path) -> None:
        target = tmp_path / "orders.py"
        target.write_text("old")
        target.chmod(0o640)
        write_dag_file(target, "new\n", force=True)
        assert target.read_text() == "new\n"
        assert stat.S_IMODE(target.stat().st_mode) == 0o640

    @pytest.mark.parametrize("force", [False, True])
    def test_a_missing_folder_is_named(self, tmp_path: Path, force: bool) -> None:
        with pytest.raises(TargetNotWritableError, match="no_such"):
            write_dag_file(tmp_path / "no_such" / "orders.py", "x = 1\n", force=force)

    def test_a_folder_is_no_file(self, tmp_path: Path) -> None:
        with pytest.raises(TargetNotWritableError, match="is a folder"):
            write_dag_file(tmp_path, "x = 1\n", force=True)

    def test_a_name_that_no_file_can_have(self, tmp_path: Path) -> None:
        with pytest.raises(TargetNotWritableError):
            write_dag_file(str(tmp_path / "a\0b.py"), "x = 1\n")
        with pytest.raises(TargetNotWritableError):
            write_dag_file(tmp_path / ("long" * 200 + ".py"), "x = 1\n")

    def test_a_full_disk_leaves_the_old_file_and_no_rest(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        target = tmp_path / "orders.py"
        target.write_text("old")

        def full(descriptor: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(TargetNotWritableError, match="No space left"):
            write_dag_file(target, "new\n", force=True)
        assert [(item.name, item.read_text()) for item in tmp_path.iterdir()] == [("orders.py", "old")]

    def test_text_that_is_no_text_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(GeneratedCodeError):
            write_dag_file(tmp_path / "orders.py", "x = '\ud800'\n")
        assert list(tmp_path.iterdir()) == []


class TestUpcomingRuns:
    NOW = datetime(2026, 3, 27, 12, tzinfo=timezone.utc)

    def test_five_runs_from_now_on_in_the_zone_of_the_schedule(self):
        answer = generate_workflow(GenerateRequest("Run `date` every weekday at 7:00 Europe/Berlin"))
        assert upcoming_runs(answer, self.NOW) == (
            "2026-03-30T07:00:00+02:00",
            "2026-03-31T07:00:00+02:00",
            "2026-04-01T07:00:00+02:00",
            "2026-04-02T07:00:00+02:00",
            "2026-04-03T07:00:00+02:00",
        )

    def test_not_before_the_start_and_not_after_the_end(self):
        text = "Run `date` every day at 7:00 UTC, from 2026-04-10 until 2026-04-12"
        assert [run[:10] for run in upcoming_runs(generate_workflow(GenerateRequest(text)), self.NOW)] == [
            "2026-04-10",
            "2026-04-11",
            "2026-04-12",
        ]

    def test_none_where_no_clock_decides(self):
        answer = generate_workflow(GenerateRequest("Run `date` when the asset `s3://lake/orders` is updated"))
        assert upcoming_runs(answer, self.NOW) == ()


def test_each_service_comes_with_what_can_be_done_with_it():
    answer = generate_workflow(GenerateRequest("Run `select 1` in Snowflake every day at 6"))
    (mention,) = generation_to_dict(answer)["mentions"]
    assert {"query", "load", "copy", "check"} <= set(mention["actions"])
