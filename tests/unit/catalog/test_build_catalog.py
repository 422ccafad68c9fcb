"""Reading signatures from source files: inheritance, constants, template fields and flags."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

SCRIPTS = Path(__file__).parents[3] / "scripts"

BASE = """
from airflow.providers.common.compat.sdk import BaseHook, BaseOperator, BaseSensorOperator
from airflow.providers.toy.version_compat import AIRFLOW_V_3_0_PLUS

DEFAULT_REGION = "eu"


class ToyHook(BaseHook):
    conn_name_attr = "toy_conn_id"
    default_conn_name = "toy_default"

    def __init__(self, toy_conn_id: str = default_conn_name, **kwargs):
        super().__init__(**kwargs)

    def put(self, name, *, text, again=False):
        pass


class ToyBaseOperator(BaseOperator):
    template_fields = ("region",)

    def __init__(self, *, region=DEFAULT_REGION, toy_conn_id=ToyHook.default_conn_name, shape, **kwargs):
        super().__init__(**kwargs)


class ToyMixin:
    def __init__(self, *, colour="red", **kwargs):
        super().__init__(**kwargs)


class ToyOperator(ToyMixin, ToyBaseOperator):
    template_fields = (*ToyBaseOperator.template_fields, "size")

    def __init__(self, size, *, deferrable=False, **kwargs):
        super().__init__(shape="round", **kwargs)

    def execute(self, context):
        pass


if AIRFLOW_V_3_0_PLUS:

    class ToySensor(BaseSensorOperator):
        def __init__(self, *, toy, **kwargs):
            super().__init__(**kwargs)

        def poke(self, context):
            pass
else:

    class ToySensor(BaseSensorOperator):
        def __init__(self, *, old, **kwargs):
            super().__init__(**kwargs)
"""
OTHER = """
import warnings

from airflow.providers.toy.operators.toy import ToyOperator


class ShutOperator(ToyOperator):
    def __init__(self, *, only):
        warnings.warn("gone soon", DeprecationWarning)
        super().__init__(size=only, task_id="x")
"""


def script(name: str) -> ModuleType:
    sys.path.insert(0, str(SCRIPTS))
    try:
        spec = importlib.util.spec_from_file_location(name, SCRIPTS / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
        return module
    finally:
        sys.path.remove(str(SCRIPTS))


@pytest.fixture
def records(tmp_path: Path) -> dict[str, Any]:
    package = tmp_path / "airflow" / "providers" / "toy" / "operators"
    package.mkdir(parents=True)
    files = {"toy.py": BASE, "other.py": OTHER}
    for name, text in files.items():
        (package / name).write_text(text, encoding="utf-8")
    (package.parent / "get_provider_info.py").write_text("", encoding="utf-8")
    metadata = tmp_path / "apache_airflow_providers_toy-1.0.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Name: apache-airflow-providers-toy\nVersion: 1.0.0\n\nText", encoding="utf-8")
    names = [*(f"operators/{name}" for name in files), "get_provider_info.py"]
    (metadata / "RECORD").write_text("\n".join(f"airflow/providers/toy/{name},," for name in names), encoding="utf-8")
    sources_module, signatures = script("provider_sources"), script("provider_signatures")
    sources = sources_module.ProviderSources(tmp_path)
    assert sources.versions == {"apache-airflow-providers-toy": "1.0.0"}
    assert sources.packages == {"apache-airflow-providers-toy": "airflow.providers.toy"}
    found = {}
    for module in sources.modules.values():
        for info in module.classes.values():
            methods = {"put"} if info.name == "ToyHook" else set()
            found[info.name] = signatures.class_record(sources, info, methods)
    return found


def test_arguments_follow_the_constructors_up(records: dict[str, Any]) -> None:
    found = records["ToyOperator"]
    assert found["required"] == ["size"]
    assert found["optional"] == {
        "deferrable": "False", "colour": "'red'", "region": "'eu'", "toy_conn_id": "'toy_default'",
    }  # fmt: skip


def test_template_fields_are_computed(records: dict[str, Any]) -> None:
    assert records["ToyOperator"]["template_fields"] == ["region", "size"]


def test_connections_and_flags_are_told(records: dict[str, Any]) -> None:
    assert records["ToyOperator"]["connections"] == {"toy_conn_id": "toy_default"}
    assert records["ToyOperator"]["deferrable"] is True
    assert "abstract" not in records["ToyOperator"]
    assert records["ToyBaseOperator"]["abstract"] is True
    assert records["ShutOperator"]["deprecated"] is True


def test_a_constructor_that_forwards_nothing_takes_nothing_else(records: dict[str, Any]) -> None:
    assert records["ShutOperator"]["required"] == ["only"]
    assert "optional" not in records["ShutOperator"]


def test_the_branch_of_the_current_airflow_counts(records: dict[str, Any]) -> None:
    assert records["ToySensor"]["required"] == ["toy"]
    assert records["ToySensor"]["kind"] == "sensor"


def test_methods_of_hooks_are_read_on_demand(records: dict[str, Any]) -> None:
    assert records["ToyHook"]["methods"] == {"put": {"required": ["name", "text"], "optional": {"again": "False"}}}


def test_other_classes_are_no_records(records: dict[str, Any]) -> None:
    assert records["ToyMixin"] is None
