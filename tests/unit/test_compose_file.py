"""The compose file: every component of Airflow is there, nothing has a default password, nothing listens outside."""

from __future__ import annotations

from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yaml").read_text(encoding="utf-8"))


def test_all_components_of_airflow_run():
    commands = {item.get("command") for item in COMPOSE["services"].values()}
    assert {"db migrate", "api-server", "scheduler", "dag-processor", "triggerer"} <= commands


def test_secrets_must_be_given():
    text = (ROOT / "docker-compose.yaml").read_text(encoding="utf-8")
    for name in ("POSTGRES_PASSWORD", "JWT_SECRET", "FERNET_KEY"):
        assert f"${{{name}:?" in text
        assert f"${{{name}:-" not in text


def test_ports_are_published_on_loopback_only():
    ports = [port for item in COMPOSE["services"].values() for port in item.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)
