"""What Airflow learns from the provider's metadata, and whether everything that it names is there."""

from __future__ import annotations

import ast
import inspect
import json
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest
from airflow.sdk import BaseHook, BaseNotifier, BaseOperator
from airflow.triggers.base import BaseTrigger
from fastapi.testclient import TestClient

import airflow_provider_wfintel
from airflow_provider_wfintel import config
from airflow_provider_wfintel.config import Settings, read_settings
from airflow_provider_wfintel.exceptions import UserInputError
from airflow_provider_wfintel.get_provider_info import get_provider_info

pytestmark = pytest.mark.integration


def named(path: str) -> Any:
    module, _, name = path.rpartition(".")
    return getattr(import_module(module), name)


class TestMetadata:
    def test_it_follows_airflows_schema(self) -> None:
        import airflow
        import jsonschema

        schema = json.loads((Path(airflow.__file__).parent / "provider_info.schema.json").read_text())
        jsonschema.validate(get_provider_info(), schema)

    def test_it_is_a_literal(self) -> None:
        tree = ast.parse(inspect.getsource(get_provider_info))
        returned = next(node.value for node in ast.walk(tree) if isinstance(node, ast.Return))
        assert returned is not None
        assert ast.literal_eval(returned) == get_provider_info()

    def test_the_name_is_that_of_the_distribution(self) -> None:
        info = get_provider_info()
        assert distribution(info["package-name"]).version == airflow_provider_wfintel.__version__

    def test_every_module_and_class_exists(self) -> None:
        info = get_provider_info()
        for kind in ("operators", "hooks"):
            for entry in info[kind]:
                for module in entry["python-modules"]:
                    import_module(module)
        for path in (*info["db-managers"], *info["cli"], info["connection-types"][0]["hook-class-name"]):
            assert callable(named(path))

    @pytest.mark.parametrize("kind", ["operators", "sensors", "triggers", "hooks"])
    def test_no_public_module_is_left_out(self, kind: str) -> None:
        folder = Path(airflow_provider_wfintel.__file__).parent / kind
        there = {
            f"airflow_provider_wfintel.{kind}.{file.stem}"
            for file in folder.glob("*.py")
            if not file.stem.startswith("_")
            and any(
                issubclass(item, (BaseOperator, BaseHook, BaseTrigger))
                for item in vars(import_module(f"airflow_provider_wfintel.{kind}.{file.stem}")).values()
                if isinstance(item, type) and item.__module__.startswith("airflow_provider_wfintel")
            )
        }
        assert there == {module for entry in get_provider_info()[kind] for module in entry["python-modules"]}

    def test_no_notifier_is_left_out(self) -> None:
        folder = Path(airflow_provider_wfintel.__file__).parent / "notifications"
        modules = [import_module(f"airflow_provider_wfintel.notifications.{file.stem}") for file in folder.glob("*.py")]
        there = {
            f"{item.__module__}.{item.__name__}"
            for module in modules
            for item in vars(module).values()
            if isinstance(item, type) and issubclass(item, BaseNotifier) and item is not BaseNotifier
        }
        assert there == set(get_provider_info()["notifications"])

    def test_every_connection_type_and_setting_says_what_it_is(self) -> None:
        info = get_provider_info()
        for item in info["connection-types"]:
            assert item["hook-name"]
            assert all(field.get("description") for field in item["conn-fields"].values())
        for section in info["config"].values():
            assert all(option["description"] and option["version_added"] for option in section["options"].values())

    def test_integrations_are_declared(self) -> None:
        info = get_provider_info()
        declared = {item["integration-name"] for item in info["integrations"]}
        used = {entry["integration-name"] for kind in ("operators", "hooks") for entry in info[kind]}
        assert used <= declared


class TestConnectionForm:
    def test_the_metadata_agrees_with_the_hook(self) -> None:
        entry = get_provider_info()["connection-types"][0]
        hook = named(entry["hook-class-name"])
        assert (entry["connection-type"], entry["hook-name"]) == (hook.conn_type, hook.hook_name)

    def test_airflow_builds_the_form_from_it(self, client_as: Callable[[str], TestClient]) -> None:
        answer = client_as("admin").get("/ui/connections/hook_meta")
        assert answer.status_code == 200, answer.text
        (form,) = (item for item in answer.json() if item["connection_type"] == "wfintel")
        assert form["hook_name"] == "Workflow Intelligence"
        assert set(form["extra_fields"]) == {"token", "base_path", "timeout", "verify"}
        assert form["standard_fields"]["url_schema"]["title"] == "Scheme"

    def test_the_token_is_a_secret(self) -> None:
        fields = get_provider_info()["connection-types"][0]["conn-fields"]
        assert [name for name, item in fields.items() if item["schema"].get("format") == "password"] == ["token"]


class TestSettings:
    OPTIONS = frozenset(get_provider_info()["config"]["wfintel"]["options"])

    def test_every_option_is_read_and_every_setting_is_an_option(self) -> None:
        assert set(Settings.__slots__) == self.OPTIONS
        source = inspect.getsource(config)
        assert all(f'"{option}"' in source for option in self.OPTIONS)

    def test_the_defaults_are_those_of_the_metadata(self) -> None:
        from airflow.configuration import conf
        from airflow.providers_manager import ProvidersManager

        ProvidersManager().initialize_providers_configuration()
        assert conf.get("wfintel", "max_request_bytes") == "1048576"
        assert read_settings() == Settings()

    @pytest.mark.parametrize("value", ["0", "-1", "many"])
    def test_a_limit_that_is_none_is_refused(self, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
        monkeypatch.setenv("AIRFLOW__WFINTEL__MAX_REQUEST_BYTES", value)
        with pytest.raises(UserInputError, match="max_request_bytes"):
            read_settings()

    def test_a_relative_folder_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("AIRFLOW__WFINTEL__SERVICES_FOLDER", "here")
        with pytest.raises(UserInputError, match="services_folder"):
            read_settings()


@pytest.fixture(scope="module")
def parser() -> Any:
    """Airflow's own command line."""
    from airflow.cli.cli_parser import get_parser

    return get_parser()


class TestCommandLine:
    def run(self, parser: Any, *arguments: str) -> int:
        args = parser.parse_args(["wfintel", *arguments])
        try:
            args.func(args)
        except SystemExit as stop:
            return int(stop.code or 0)
        return 0

    def test_services(self, parser: Any, capsys: pytest.CaptureFixture[str]) -> None:
        assert self.run(parser, "services", "sqlite", "--json") == 0
        assert [json.loads(line)["id"] for line in capsys.readouterr().out.splitlines()] == ["sqlite"]

    def test_generate_and_validate(self, parser: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        path = tmp_path / "date.py"
        text = "Every day at 06:00 run the shell command `date`"
        assert self.run(parser, "generate", text, "--out", str(path)) == 0
        assert self.run(parser, "validate", str(path)) == 0

    def test_an_error_is_one_line_with_a_hint_and_a_status(
        self, parser: Any, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert self.run(parser, "generate", "   ") == 1
        lines = capsys.readouterr().err.splitlines()
        assert len(lines) == 1
        assert "(" in lines[0]
