"""`generate`: what holds for the answer to any text at all, friendly or not."""

from __future__ import annotations

import ast
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from airflow_provider_wfintel.engine.generation.checks import check_source
from airflow_provider_wfintel.engine.generation.service import generate
from airflow_provider_wfintel.engine.model import DeploymentContext, Generation, WorkflowSpec, from_json, to_json
from airflow_provider_wfintel.exceptions import EmptyInputError, InputTooLargeError, UserInputError, WfIntelError

_WORDS = [
    "every day at 6", "hourly", "copy", "load", "delete files older than 3 days", "run", "then", "and", "in parallel",
    "if it fails", "for each file", "before the load", "otherwise", "skip", "wait for", "the table raw.orders",
    "`select 1; drop table x`", "s3://in/a.csv", "Postgres", "S3", "Slack", "#ops", "Kafka topic clicks", "to", "from",
    "into", "with Airbyte", "Retry twice", "{{ ds }}", "{% raw %}", "{% endraw %}", '"""', "\'\'\'", "\\", "$(id)",
    "; rm -rf /", "__import__('os')", "\n- ", "\n1. ", "→", ".", ",", ":", "?", "(", ")", "[a, b]", "dann", "puis",
    "luego", "depois", "然后", "每天", "Ünïcode", "\u202e", "\u200b", "\x00", "🚀",
]  # fmt: skip
_ANY_TEXT = st.one_of(
    st.text(min_size=1, max_size=120),
    st.lists(st.sampled_from(_WORDS), min_size=1, max_size=25).map(" ".join),
    st.lists(st.one_of(st.sampled_from(_WORDS), st.text(max_size=8)), min_size=1, max_size=20).map("".join),
)
_SLOW = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
HOSTILE = [
    "Every day at 6 run the bash command `echo \"{{ var.value.password }}\"`.",
    "Every day at 6 query Postgres: `select '''); import os; os.system('id')  #'`.",
    "Every day at 6 post \"\"\"{% for a in b %}\"\"\" to #x on Slack.",
    "Every day at 6 load f\"{open('/etc/passwd').read()}\" into the Postgres table a.b.",
    "Name the DAG a'); import os; ('b and run `select 1` in Postgres every day at 6.",
    "Every day at 6 copy s3://a/b\\\\c'\"d.csv to the Redshift table e.f.",
    "Every day at 6 call https://api.example.com/x?y={{conn.z.password}} and mail it to a@example.com.",
    "Every day at 6 for each of [\"{{ ti }}\", \"'+exit()+'\"] call the Lambda function f.",
]  # fmt: skip


def _answer(text: str) -> Generation | None:
    """The answer, or None if the text is refused as it may be."""
    try:
        return generate(text)
    except WfIntelError:
        return None


@_SLOW
@given(_ANY_TEXT)
def test_any_text_gives_a_sound_answer_or_a_typed_error(text: str) -> None:
    answer = _answer(text)
    if answer is None:
        return
    assert answer.spec.tasks
    assert answer.spec.validate() is answer.spec
    ast.parse(answer.source)
    report = check_source(answer.source)
    assert [issue for issue in report.issues if issue.check in ("syntax", "imports", "calls", "dag")] == []


@_SLOW
@given(_ANY_TEXT)
def test_every_span_lies_in_the_text(text: str) -> None:
    answer = _answer(text)
    if answer is None:
        return
    spans = [item.span for item in answer.mentions]
    spans += [span for item in answer.evidence for span in item.spans]
    spans += answer.unused
    notes = (*answer.clarifications, *answer.assumptions, *answer.warnings)
    spans += [item.span for item in notes if item.span is not None]
    spans += [item.evidence for task in answer.spec.tasks for item in task.arguments if item.evidence is not None]
    spans += answer.spec.schedule.evidence
    assert all(0 <= span.start <= span.end <= len(answer.text) for span in spans)


@_SLOW
@given(_ANY_TEXT)
def test_the_same_text_gives_the_same_answer(text: str) -> None:
    first = _answer(text)
    assert first == _answer(text)


@_SLOW
@given(_ANY_TEXT)
def test_the_spec_survives_json(text: str) -> None:
    answer = _answer(text)
    if answer is not None:
        assert from_json(WorkflowSpec, to_json(answer.spec)) == answer.spec


@_SLOW
@given(st.text(alphabet=st.sampled_from("{}%#'\"\\`$();\n ab"), min_size=1, max_size=40))
def test_words_of_the_user_are_only_ever_literals(words: str) -> None:
    """The names and calls of the source do not depend on what stands inside of the quotes."""
    clean = " ".join(words.replace("`", "").split())
    if not clean:
        return
    plain = generate("Every day at 6 run `select 1` in Postgres.")
    hostile = generate(f"Every day at 6 run `select {clean}` in Postgres.")
    assert _code(hostile.source) == _code(plain.source)


def _code(source: str) -> list[str]:
    """All names and calls of a source, without its literals and without the names of the DAG's own tasks."""
    names = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            names.append(node.id)
        elif isinstance(node, ast.Attribute):
            names.append(node.attr)
        elif isinstance(node, ast.alias):
            names.append(node.name)
    return sorted(names)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_stay_inert(text: str) -> None:
    answer = generate(text)
    tree = ast.parse(answer.source)
    assert check_source(answer.source).issues == ()
    assert not set(_code(answer.source)) & {"os", "open", "exit", "exec", "eval", "system", "ti", "var", "conn"}
    tags = " ".join(_live_tags(tree))
    assert not any(word in tags for word in ("password", "for a in b", "conn.", "ti "))


def _live_tags(tree: ast.Module) -> list[str]:
    """Template tags in the arguments of operators and functions that Airflow would evaluate."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    calls = [call for call in calls if getattr(call.func, "id", "") not in ("DAG", "Param")]
    constants = [item for call in calls for keyword in call.keywords for item in ast.walk(keyword.value)]
    texts = [item.value for item in constants if isinstance(item, ast.Constant) and isinstance(item.value, str)]
    clean = [re.sub(r"\{% raw %\}.*?\{% endraw %\}", "", text, flags=re.DOTALL) for text in texts]
    return [tag for text in clean for tag in re.findall(r"\{\{.*?\}\}|\{%.*?%\}", text, flags=re.DOTALL)]


@pytest.mark.parametrize("text", ["", "   ", "\n\t\n"])
def test_no_text_is_refused(text: str) -> None:
    with pytest.raises(EmptyInputError):
        generate(text)


def test_too_much_text_is_refused() -> None:
    with pytest.raises(InputTooLargeError):
        generate("Copy a to b. " * 100_000)


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(UserInputError):
        generate(b"\xff\xfe\x00")  # type: ignore[arg-type]


def test_a_text_without_any_work_is_asked_about() -> None:
    answer = generate("Thank you for the good talk yesterday.")
    assert any(item.about == "steps" for item in answer.clarifications)


def test_a_text_without_a_schedule_is_asked_about_and_runs_by_hand() -> None:
    answer = generate("Run `select 1` in Postgres.")
    assert answer.spec.schedule.kind == "manual"
    assert any(item.about == "schedule" for item in answer.clarifications)


def test_the_deployment_gives_what_the_words_leave_out() -> None:
    context = DeploymentContext(connections=(("dwh", "postgres"),), owner="data", tags=("team-a",))
    spec = generate("Run `select 1` in Postgres.", context=context).spec
    assert spec.owner == "data"
    assert "team-a" in spec.tags
    assert spec.tasks[0].argument("conn_id").value.value == "dwh"  # type: ignore[union-attr]


def test_settings_of_the_words_reach_the_dag() -> None:
    spec = generate(
        "Every weekday at 7:30 Berlin time run `select 1` in Postgres. Retry 3 times, 5 minutes apart. At most one run "
        "at a time. Owner: finance. Backfill from 2025-06-01. On failure mail ops@example.com."
    ).spec
    assert (spec.schedule.crons, spec.schedule.timezone) == (("30 7 * * 1-5",), "Europe/Berlin")
    assert spec.retry is not None
    assert (spec.retry.retries, spec.retry.delay_seconds) == (3, 300)
    assert (spec.limits.active_runs, spec.owner, spec.catchup, spec.start_date) == (1, "finance", True, "2025-06-01")
    assert [(item.on, item.service, item.target) for item in spec.alerts] == [("failure", "smtp", "ops@example.com")]


def test_words_that_were_not_read_are_told() -> None:
    text = "Every day at 6 run `select 1` in Postgres. The moon over Oslo is green."
    answer = generate(text)
    unread = [span.of(text) for span in answer.unused]
    assert any("moon" in words for words in unread)


def test_the_provider_of_a_database_is_needed_though_no_import_names_it() -> None:
    answer = generate("Every day at 6 run `select 1` in Teradata.")
    assert "apache-airflow-providers-teradata" in answer.requirements
    assert "apache-airflow-providers-teradata" not in answer.source
