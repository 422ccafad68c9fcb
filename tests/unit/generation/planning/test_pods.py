"""Pods: what the words say of a container reaches the operator that runs it."""

from __future__ import annotations

from typing import Any

import pytest

from airflow_provider_wfintel.engine.generation.planning.resources import stated_resources
from airflow_provider_wfintel.engine.model import LiteralValue, TaskSpec


def _only(plan: Any, text: str) -> TaskSpec:
    (task,) = plan(f"Every day at 4 UTC {text}").spec.tasks
    return task


def _class(task: TaskSpec) -> str:
    return task.operator.path.rpartition(":")[2]


def _said(task: TaskSpec, name: str) -> object:
    argument = task.argument(name)
    assert argument is not None
    assert isinstance(argument.value, LiteralValue)
    return argument.value.value


@pytest.mark.parametrize(
    "words",
    [
        "run a pod with image quay.io/org/fit:3 in namespace lab, command `python fit.py`.",
        "run quay.io/org/fit:3 with the KubernetesPodOperator in namespace lab and the command `python fit.py`.",
        "start the image quay.io/org/fit:3 as a pod (namespace lab, command `python fit.py`).",
    ],
)
def test_a_pod_with_an_image_is_one_of_kubernetes(plan: Any, words: str) -> None:
    task = _only(plan, words)
    assert _class(task) == "KubernetesPodOperator"
    assert (_said(task, "image"), _said(task, "namespace")) == ("quay.io/org/fit:3", "lab")
    assert _said(task, "cmds") == ["/bin/sh", "-c", "python fit.py"]
    assert task.argument("arguments") is None


def test_environment_and_resources_of_a_pod(plan: Any) -> None:
    task = _only(plan, "run a pod from quay.io/org/fit:3 with env MODE=full and LIMIT=10, 2Gi memory and 500m CPU.")
    assert _said(task, "env_vars") == {"MODE": "full", "LIMIT": "10"}
    amounts = {"memory": "2Gi", "cpu": "500m"}
    assert _said(task, "container_resources") == {"requests": amounts, "limits": amounts}


def test_a_flag_of_the_command_is_no_argument_of_its_own(plan: Any) -> None:
    task = _only(plan, "run a pod from quay.io/org/fit:3 with the command `python fit.py --full`.")
    assert task.argument("arguments") is None


def test_a_namespace_may_have_the_name_of_an_ordinary_thing(plan: Any) -> None:
    assert _said(_only(plan, "run a pod from quay.io/org/fit:3 in the namespace jobs."), "namespace") == "jobs"


def test_a_pod_on_a_cluster_of_a_cloud_is_run_by_that_cloud(plan: Any) -> None:
    task = _only(plan, "run a GKE pod with image gcr.io/org/fit:3 on cluster c1 in region europe-west1.")
    assert _class(task) == "GKEStartPodOperator"


def test_a_container_in_a_text_without_services_is_one_of_docker(plan: Any) -> None:
    task = _only(plan, "run the container quay.io/org/fit:3.")
    assert (_class(task), _said(task, "image")) == ("DockerOperator", "quay.io/org/fit:3")


@pytest.mark.parametrize(
    ("words", "resources"),
    [
        ("with a memory limit of 512Mi", {"limits": {"memory": "512Mi"}}),
        ("requesting 2 CPUs and 4 GB of memory", {"requests": {"cpu": "2", "memory": "4Gi"}}),
        ("cpu: 250m, memory: 1Gi", {name: {"cpu": "250m", "memory": "1Gi"} for name in ("requests", "limits")}),
        ("with 4 cores each and 8 executors", {}),
        ("read the memory of the device", {}),
    ],
)
def test_memory_and_processors(words: str, resources: dict[str, dict[str, str]]) -> None:
    assert stated_resources(words) == resources
