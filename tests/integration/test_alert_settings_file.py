"""The settings file that the documentation shows can be followed, and names every channel there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from airflow_provider_wfintel.app.alerting.settings import compose, read_file
from airflow_provider_wfintel.exceptions import AlertSettingsError
from airflow_provider_wfintel.host.channels import CHANNELS
from airflow_provider_wfintel.store.repositories.alert_rules import StoredRule

pytestmark = pytest.mark.integration

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "alerts.md"


@pytest.fixture
def example(tmp_path: Path) -> Path:
    path = tmp_path / "alerts.yaml"
    path.write_text(re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)[0])
    return path


def test_the_example_can_be_followed(example: Path) -> None:
    settings = compose(read_file(example))
    assert [route.name for route in settings.routes] == ["finance", "default"]
    assert settings.rule("deadline-at-risk").above == 0.8  # type: ignore[union-attr]


def test_the_page_names_every_channel_and_option() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for channel in CHANNELS:
        assert f"| `{channel.name}` |" in page
        assert all(f"`{option}`" in page for option in channel.options)


def test_a_stored_rule_with_receivers_has_a_route_before_all_others(example: Path) -> None:
    stored = StoredRule({"id": "task-failed", "severity": "critical"}, ("duty",))
    settings = compose(read_file(example), [stored])
    assert settings.routes[0].receivers == ("duty",)
    assert settings.rule("task-failed").severity == "critical"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("- a list", "hold no mapping"),
        ("receivers: [", "neither YAML nor JSON"),
        ("receivers: [{name: a, channel: pigeon}]", "no channel 'pigeon'"),
        ("receivers: [{name: a, channel: slack}]", "needs a connection"),
        ("rules: [{id: task-failed, odd: 1}]", "rule 'task-failed'"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, what: str) -> None:
    path = tmp_path / "alerts.yaml"
    path.write_text(text)
    with pytest.raises(AlertSettingsError, match=what) as caught:
        compose(read_file(path))
    assert caught.value.hint


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(AlertSettingsError, match="cannot be read"):
        read_file(tmp_path / "none.yaml")
    assert read_file(None) == {}
