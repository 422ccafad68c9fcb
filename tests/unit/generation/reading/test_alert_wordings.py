"""Who is told about what: failures, both ends, retries, lateness, in the wordings of tickets."""

from __future__ import annotations

import pytest

from airflow_provider_wfintel.engine.generation.service import generate


@pytest.mark.parametrize(
    ("words", "alerts"),
    [
        ("Failures go to a@example.org.", {("failure", "smtp", "a@example.org")}),
        ("alert: #on-watch", {("failure", "slack", "#on-watch")}),
        ("Opsgenie on failure.", {("failure", "opsgenie", "")}),
        ("Page the on-call through PagerDuty if it breaks.", {("failure", "pagerduty", "")}),
        ("Notify #ops on success and failure.", {("failure", "slack", "#ops"), ("success", "slack", "#ops")}),
        ("If it is retried, warn #ops.", {("retry", "slack", "#ops")}),
        ("SLA 2 hours, deadline alerts to #late.", {("deadline", "slack", "#late")}),
        ("It must finish by 07:30, otherwise page the on-call via PagerDuty.", {("deadline", "pagerduty", "")}),
        ("Fehler bitte an a@example.org melden.", {("failure", "smtp", "a@example.org")}),
    ],
)
def test_an_alert_says_when_and_whom(words: str, alerts: set[tuple[str, str, str]]) -> None:
    spec = generate(f"Daily 5:00 run `tidy.sh`.\n{words}").spec
    assert {(alert.on, alert.service, alert.target) for alert in spec.alerts} == alerts
    assert len(spec.tasks) == 1
