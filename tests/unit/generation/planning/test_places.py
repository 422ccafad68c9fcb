"""Clusters: the step that makes one, the steps that run on it, and the one that removes it again."""

from __future__ import annotations

from typing import Any

import pytest

from airflow_provider_wfintel.engine.model import LiteralValue, OutputRef, WorkflowSpec


def _classes(spec: WorkflowSpec) -> list[str]:
    return [task.operator.path.rpartition(":")[2] for task in spec.tasks]


def _value(spec: WorkflowSpec, task: int, name: str) -> object:
    argument = spec.tasks[task].argument(name)
    assert argument is not None
    return argument.value.value if isinstance(argument.value, LiteralValue) else argument.value


@pytest.mark.parametrize(
    ("words", "operator"),
    [
        ("spin up an EMR cluster", "EmrCreateJobFlowOperator"),
        ("start a new EMR cluster called nightjar", "EmrCreateJobFlowOperator"),
        ("bring up an EMR cluster", "EmrCreateJobFlowOperator"),
        ("launch a Dataproc cluster named crunch in region us-east1", "DataprocCreateClusterOperator"),
        ("create an EKS cluster named blue", "EksCreateClusterOperator"),
    ],
)
def test_a_cluster_that_is_started_is_made_and_nothing_is_submitted_to_it(plan: Any, words: str, operator: str) -> None:
    assert _classes(plan(f"Every day at 6 UTC {words}.").spec) == [operator]


def test_a_cluster_that_is_there_already_is_not_made_again(plan: Any) -> None:
    assert "EmrCreateJobFlowOperator" not in _classes(plan("Daily start the EMR cluster j-2AB.").spec)


def test_the_name_of_an_emr_cluster_is_given_to_the_service(plan: Any) -> None:
    spec = plan("Every day create an EMR cluster named nightjar.").spec
    assert _value(spec, 0, "job_flow_overrides") == {"Name": "nightjar"}


def test_a_job_on_it_runs_on_the_cluster_that_was_made_under_the_id_that_it_got(plan: Any) -> None:
    answer = plan(
        "Every day create an EMR cluster named nightjar, run the step s3://code/score.py on it and terminate it, "
        "even if that failed."
    )
    spec = answer.spec
    assert _classes(spec) == ["EmrCreateJobFlowOperator", "EmrAddStepsOperator", "EmrTerminateJobFlowOperator"]
    made = OutputRef(spec.tasks[0].task_id)
    assert (_value(spec, 1, "job_flow_id"), _value(spec, 2, "job_flow_id")) == (made, made)
    assert spec.tasks[0].is_setup
    assert spec.tasks[2].is_teardown
    assert not spec.params, "the id is known: nobody is asked for it"


def test_only_the_step_that_is_to_run_in_any_case_does(plan: Any) -> None:
    spec = plan("Daily run `make a`, run `make b`, run `make c` even if b failed.").spec
    assert [task.trigger_rule for task in spec.tasks] == ["all_success", "all_success", "all_done"]


def test_the_region_of_the_cluster_is_that_of_its_jobs_and_of_its_removal(plan: Any) -> None:
    spec = plan(
        "Daily create a Dataproc cluster named crunch in region us-east1, submit gs://code/a.py to it, then delete it."
    ).spec
    assert _classes(spec) == [
        "DataprocCreateClusterOperator",
        "DataprocSubmitJobOperator",
        "DataprocDeleteClusterOperator",
    ]
    assert {_value(spec, index, "region") for index in range(3)} == {"us-east1"}


@pytest.mark.parametrize("verb", ["run", "start", "submit", "execute", "launch"])
@pytest.mark.parametrize("program", ["s3://code/a.py", "gs://code/a.jar", "s3://code/jobs/a.sh"])
def test_what_is_run_is_never_written(plan: Any, verb: str, program: str) -> None:
    spec = plan(f"Every day at 6 UTC {verb} {program}.").spec
    for task in spec.tasks:
        name = task.operator.recipe or task.operator.path.rpartition(":")[2]
        assert not name.startswith(
            ("S3Create", "S3Copy", "S3Delete", "put_", "upload_", "LocalFilesystem", "GCSDelete")
        )


def test_a_statement_on_a_new_warehouse_stays_a_statement(plan: Any) -> None:
    spec = plan("Every day create a Redshift cluster named tmp1 and run `call a.b()` on it.").spec
    assert _classes(spec) == ["RedshiftCreateClusterOperator", "SQLExecuteQueryOperator"]


def test_where_the_rest_of_an_emr_cluster_comes_from_is_said(plan: Any) -> None:
    (task,) = plan("Every day create an EMR cluster named nightjar.").spec.tasks
    assert "emr_default" in task.note
