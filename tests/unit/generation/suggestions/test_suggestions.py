"""Next steps: each comes when it is missing, goes when its sentence is added, and changes nothing else."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from airflow_provider_wfintel.engine.generation.service import generate
from airflow_provider_wfintel.engine.generation.suggestions.suggest import MOST, RULES, suggest
from airflow_provider_wfintel.engine.model import DeploymentContext

NOTHING_KNOWN = DeploymentContext()
COPY = "Copy the Postgres table `shop.orders` to the Snowflake table `raw.orders`. Run it every day at 05:00."
STATEMENT = "Run the SQL `INSERT INTO mart.daily SELECT * FROM raw.orders` in Snowflake. Run it every day at 05:00."
CASES = {
    "schedule": "Run the shell command `date`.",
    "failure_alert": COPY,
    "retries": COPY,
    "row_count": COPY,
    "parallel_limit": "For each table in [a, b, c] copy it from Postgres to Snowflake. Run it every day at 05:00.",
    "one_run": "Run the SQL `CALL refresh()` in Postgres. Run it every 10 minutes.",
    "zone": COPY,
    "asset": STATEMENT,
    "deadline": "Run `dbt deps`. Then run `dbt run`. Then run `dbt test`. Run it every day at 05:00.",
    "owner": COPY,
    "deletion_approval": "Delete the objects with the prefix `tmp/` from the S3 bucket `logs`. Run it every Sunday.",
}
MORE_STEPS = {"row_count": [("check", ("snowflake",))], "deletion_approval": [("approve", ("human",))]}
EVALS = Path(__file__).parents[3] / "evals" / "generation" / "cases.jsonl"
REQUESTS = [json.loads(line)["text"] for line in EVALS.read_text(encoding="utf-8").splitlines()[::6]]


def everything(text):
    generation = generate(text)
    if not generation.suggestions:  # not in English, or nothing to do
        return {}
    return {item.id: item for item in suggest(generation.spec, NOTHING_KNOWN, most=len(RULES))}


def steps(text):
    return Counter((task.action, task.services) for task in generate(text).spec.tasks)


def with_sentence(text, suggestion):
    return f"{text.rstrip()}\n\n{suggestion.sentence}"


def test_every_rule_has_a_case():
    assert len(CASES) == len(RULES)


@pytest.mark.parametrize(("name", "text"), CASES.items())
def test_a_suggestion_is_made_and_its_sentence_yields_it(name, text):
    found = everything(text)
    assert name in found
    assert found[name].reason
    longer = with_sentence(text, found[name])
    assert name not in everything(longer)
    assert steps(longer) == steps(text) + Counter(MORE_STEPS.get(name, []))


@pytest.mark.parametrize("text", REQUESTS)
def test_sentences_of_suggestions_do_what_they_say_in_any_request(text):
    before = steps(text)
    for suggestion in everything(text).values():
        longer = with_sentence(text, suggestion)
        assert suggestion.id not in everything(longer), suggestion
        assert steps(longer) == before + Counter(steps(longer) - before)
        assert sum((steps(longer) - before).values()) == len(MORE_STEPS.get(suggestion.id, [])), suggestion


def test_at_most_four_are_given_those_that_weigh_most_first():
    found = [item.id for item in generate(COPY).suggestions]
    assert found == ["failure_alert", "retries", "row_count", "zone"]
    assert len(found) == MOST


def test_what_is_there_is_not_suggested():
    text = (
        f"{COPY} Then check that the Snowflake table `raw.orders` is not empty. Retry 2 times, 1 minute apart. "
        "If anything fails, post to the Slack channel #ops. The time zone is UTC. The owner is sales."
    )
    assert generate(text).suggestions == ()


def test_the_deployment_can_fulfil_them():
    context = DeploymentContext(timezone="Europe/Rome", owner="data")
    found = {item.id for item in suggest(generate(COPY, context=context).spec, context, most=len(RULES))}
    assert found.isdisjoint({"zone", "owner"})


def test_the_alert_is_by_mail_where_mail_is_known_and_slack_is_not():
    context = DeploymentContext(connections=(("mail", "smtp"),))
    alerts = [item.sentence for item in suggest(generate(COPY).spec, context) if item.id == "failure_alert"]
    assert alerts == ["If anything fails, email data-alerts@example.com."]


def test_a_request_in_another_language_gets_no_english_sentences():
    assert generate("Kopiere jeden Tag um 5 Uhr die Postgres-Tabelle `a.b` nach Snowflake in `c.d`.").suggestions == ()


def test_a_text_without_work_gets_no_suggestions():
    assert generate("Nice weather today.").suggestions == ()
