"""Structure in many wordings: what runs side by side, what a condition guards, who is told of a failure."""

from __future__ import annotations

from typing import Any

import pytest

from airflow_provider_wfintel.engine.model import WorkflowSpec


def _order(spec: WorkflowSpec) -> set[tuple[str, str]]:
    pairs = {(edge.upstream, edge.downstream) for edge in spec.dependencies}
    while more := {(a, d) for a, b in pairs for c, d in pairs if b == c} - pairs:
        pairs |= more
    return pairs


def _of(spec: WorkflowSpec, service: str) -> str:
    (name,) = [task.task_id for task in spec.tasks if service in task.services]
    return name


@pytest.mark.parametrize(
    "text",
    [
        "Run dbt build. After that, in parallel, post 'ok' to #ops on Slack and refresh the Tableau workbook Sales.",
        "Run dbt build, then post 'ok' to #ops on Slack and refresh the Tableau workbook Sales at the same time.",
    ],
)
def test_fan_out(plan: Any, text: str) -> None:
    spec = plan(f"Every day at 6 UTC. {text}").spec
    order, dbt, slack, tableau = _order(spec), _of(spec, "dbt"), _of(spec, "slack"), _of(spec, "tableau")
    assert {(dbt, slack), (dbt, tableau)} <= order
    assert not {(slack, tableau), (tableau, slack)} & order


@pytest.mark.parametrize(
    "text",
    [
        "Query Snowflake `select id from a.b`. Only if there are rows, post them to #ops on Slack.",
        "Query Snowflake `select id from a.b` and post to #ops on Slack unless the result is empty.",
        "Query Snowflake `select id from a.b`; no rows -> stop; rows -> post to #ops on Slack.",
        "Query Snowflake `select id from a.b`. Post to #ops on Slack, but only when at least 10 rows come back.",
    ],
)
def test_a_condition_guards_the_message(plan: Any, text: str) -> None:
    spec = plan(f"Every day at 6 UTC. {text}").spec
    (gate,) = [task.task_id for task in spec.tasks if task.action == "branch"]
    assert (gate, _of(spec, "slack")) in _order(spec)
    assert _of(spec, "snowflake")


@pytest.mark.parametrize(
    "text",
    [
        "Run dbt build. If it breaks, let us know in #ops on Slack.",
        "Run dbt build. Errors go to the Slack channel #ops.",
        "Run dbt build. Slack #ops on failure.",
        "Run dbt build. On error: Slack #ops",
        "Run dbt build, notify #ops on Slack when something goes wrong.",
        "Run dbt build. In case of failure, a message should be sent to #ops on Slack.",
        "Run dbt build. Should anything fail, ping #ops on Slack.",
        "Run dbt build. Post to Slack channel #ops whenever a task fails.",
        "Run dbt build. Bei Fehlschlag Slack-Nachricht an #ops.",
        "Lancer dbt build. Si ça échoue, message Slack sur #ops.",
        "Ejecutar dbt build. Si algo falla avisar en #ops por Slack.",
        "Executar dbt build. Se falhar, avisar no #ops do Slack.",
        "运行 dbt build。失败时通知 Slack 频道 #ops。",
    ],
)
def test_a_failure_is_told_to_the_channel(plan: Any, text: str) -> None:
    spec = plan(f"Every day at 6 UTC. {text}").spec
    assert [(item.on, item.service, item.target) for item in spec.alerts] == [("failure", "slack", "#ops")]
    assert [task.services for task in spec.tasks] == [("dbt",)]
