"""The compose file: all nodes are there, none runs as root, with a secret in the open or without limits."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import stat
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docker-compose.yaml").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load(TEXT)
SERVICES = COMPOSE["services"]
LASTING = {name: item for name, item in SERVICES.items() if name != "migrate"}
each = pytest.mark.parametrize(("name", "service"), SERVICES.items(), ids=list(SERVICES))
each_lasting = pytest.mark.parametrize(("name", "service"), LASTING.items(), ids=list(LASTING))


def secret_names(service):
    return {item if isinstance(item, str) else item["source"] for item in service.get("secrets", ())}


def test_all_nodes_are_there():
    commands = {item.get("command") for item in SERVICES.values() if isinstance(item.get("command"), str)}
    assert commands == {
        "api-server", "scheduler", "dag-processor", "triggerer", "celery worker", "wfintel monitor",
    }  # fmt: skip
    assert {"postgres", "redis", "migrate"} <= set(SERVICES)
    assert SERVICES["mail"]["profiles"] == ["mail"], "the mail sink is only for who asks for it"


@each
def test_none_runs_as_root_or_may_become_root(name, service):
    user, _group = service["user"].split(":")
    assert int(user) > 0
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert "privileged" not in service


@each
def test_images_are_pinned(name, service):
    tag = service["image"].rpartition(":")[2]
    assert re.search(r"\d+\.\d+", tag), f"{service['image']} can change under the same name"
    assert re.fullmatch(r"apache/airflow:\d+\.\d+\.\d+-python3\.\d+", SERVICES["worker"]["build"]["args"]["BASE"])


@each
def test_resources_have_limits(name, service):
    limits = service["deploy"]["resources"]["limits"]
    assert float(limits["cpus"]) > 0
    assert re.fullmatch(r"\d+[mg]", limits["memory"])


@each_lasting
def test_what_lasts_has_a_health_check_and_comes_back(name, service):
    assert service["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL")
    assert service["restart"] == "unless-stopped"


def test_ports_are_published_on_loopback_only():
    ports = [port for item in SERVICES.values() for port in item.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_secrets_are_files_and_nothing_else():
    for name, service in SERVICES.items():
        for key, value in service.get("environment", {}).items():
            if re.search(r"(?i)password|secret_key|jwt_secret|fernet|_conn(_|$)|broker_url|result_backend", key):
                assert key.endswith(("_CMD", "_FILE")), f"{name}: {key} holds a secret"
                assert "/run/secrets/" in value
    assert "${" not in TEXT, "nothing comes from the environment of who calls"


def test_every_secret_is_declared_and_used():
    used = set().union(*(secret_names(item) for item in SERVICES.values()))
    assert used == set(COMPOSE["secrets"])
    read = set(re.findall(r"/run/secrets/([\w.]+)", TEXT))
    targets = {"connections.json": "connections", "redis.conf": "redis_conf"}
    assert {targets.get(item, item) for item in read} <= used


def test_volumes_and_networks_are_declared():
    for service in SERVICES.values():
        for volume in service.get("volumes", ()):
            source = volume.split(":")[0]
            assert source.startswith("./") or source in COMPOSE["volumes"]
        assert set(service["networks"]) <= set(COMPOSE["networks"])


def test_what_a_service_waits_for_is_there_and_can_be_waited_for():
    for service in SERVICES.values():
        for other, how in service.get("depends_on", {}).items():
            condition = how["condition"]
            assert condition == "service_completed_successfully" or "healthcheck" in SERVICES[other]


def test_settings_of_ours_are_options_that_there_are():
    from airflow_provider_wfintel.config import Settings

    names = [key for key in SERVICES["worker"]["environment"] if key.startswith("AIRFLOW__WFINTEL__")]
    assert names
    assert {name.removeprefix("AIRFLOW__WFINTEL__").lower() for name in names} <= set(Settings.__slots__)


def test_settings_files_are_there_and_can_be_followed():
    from airflow_provider_wfintel.engine.monitoring.service import read_alert_settings
    from airflow_provider_wfintel.engine.troubleshooting.remedies.policy_file import read_policy

    named = {key: value for key, value in SERVICES["worker"]["environment"].items() if "/opt/airflow/config/" in value}
    assert {Path(value).name for value in named.values()} == {"alerts.yaml", "remedies.yaml"}
    assert "./config:/opt/airflow/config:ro" in SERVICES["worker"]["volumes"]
    alerts = read_alert_settings(yaml.safe_load((ROOT / "config" / "alerts.yaml").read_text()))
    assert {item.name for route in alerts.routes for item in alerts.receivers if item.name in route.receivers} == {
        "log"
    }
    assert read_policy(ROOT / "config" / "remedies.yaml").rules == (), "nothing acts until somebody says so"


def test_every_folder_that_a_process_writes_lasts_and_is_made_for_its_user():
    mounted = {volume.split(":")[1] for volume in SERVICES["worker"]["volumes"] if not volume.endswith(":ro")}
    made = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    for key in ("DAGS_SAVE_FOLDER", "PLAN_FILE"):
        path = Path(SERVICES["worker"]["environment"][f"AIRFLOW__WFINTEL__{key}"])
        folder = path if not path.suffix else path.parent
        assert str(folder) in mounted
        assert f" {folder}" in made, "a volume takes over the owner of the folder in the image"


def test_processes_share_the_keys_that_they_sign_with_and_know_where_the_api_server_is():
    for name in ("api-server", "scheduler", "dag-processor", "triggerer", "worker", "collector"):
        environment = SERVICES[name]["environment"]
        for key in ("API_AUTH__JWT_SECRET_CMD", "CORE__FERNET_KEY_CMD", "API__SECRET_KEY_CMD"):
            assert f"AIRFLOW__{key}" in environment
        assert environment["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"] == "http://api-server:8080/execution/"
    assert SERVICES["worker"]["depends_on"]["api-server"]["condition"] == "service_healthy"


@pytest.fixture
def script():
    spec = importlib.util.spec_from_file_location("compose_secrets", ROOT / "scripts" / "compose_secrets.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class TestSecretFiles:
    def test_every_file_that_is_read_is_made_and_fits_the_others(self, script, tmp_path):
        made = script.make_secrets(tmp_path / "secrets")
        assert set(made) == {Path(item["file"]).name for item in COMPOSE["secrets"].values()}
        values = {name: (tmp_path / "secrets" / name).read_text() for name in made}
        assert values["postgres_password"] in values["database_url"]
        assert values["redis_password"] in values["broker_url"]
        assert f"requirepass {values['redis_password']}" in values["redis.conf"]
        connections = json.loads(values["connections.json"])
        assert connections["wfintel_default"]["password"] == values["wfintel_password"]

    def test_making_them_again_changes_nothing(self, script, tmp_path):
        script.make_secrets(tmp_path)
        before = {path.name: path.read_text() for path in tmp_path.iterdir()}
        assert script.make_secrets(tmp_path) == ()
        assert {path.name: path.read_text() for path in tmp_path.iterdir()} == before

    def test_no_two_deployments_have_the_same(self, script, tmp_path):
        for name in ("a", "b"):
            script.make_secrets(tmp_path / name)
        assert (tmp_path / "a" / "fernet_key").read_text() != (tmp_path / "b" / "fernet_key").read_text()

    def test_the_folder_is_its_owners(self, script, tmp_path):
        folder = tmp_path / "secrets"
        script.make_secrets(folder)
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700

    def test_they_are_never_committed(self):
        assert "/secrets/" in (ROOT / ".gitignore").read_text().splitlines()
        assert (ROOT / ".dockerignore").read_text().splitlines()[0] == "*", "only what is named gets into an image"


def test_the_dockerfile_installs_this_package_as_the_images_user():
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    assert "ARG BASE=apache/airflow:3.3.2-python3.11" in lines
    assert [line for line in lines if line.startswith("USER ")] == ["USER airflow"]
    for line in lines:
        if line.startswith("COPY"):
            sources = line.split()[2:-1]
            assert sources
            assert all((ROOT / source).exists() for source in sources)


def _compose_works() -> bool:
    docker = shutil.which("docker")
    return bool(docker) and subprocess.run([docker, "compose", "version"], capture_output=True).returncode == 0


@pytest.mark.skipif(not _compose_works(), reason="no `docker compose` here")
def test_docker_compose_can_read_it(script, tmp_path):
    script.make_secrets(tmp_path / "secrets")
    (tmp_path / "docker-compose.yaml").write_text(TEXT)
    done = subprocess.run(
        ["docker", "compose", "--profile", "mail", "config", "--quiet"], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
