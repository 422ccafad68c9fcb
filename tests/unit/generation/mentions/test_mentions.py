"""Which services a sentence names: one line of the data file per example, as written and in lower case."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from airflow_provider_wfintel.engine.generation.mentions import find_mentions, named_services

_GENERIC = {
    "airflow_common", "common_ai", "http", "webhook", "n8n", "langchain", "make_com", "zapier", "ifttt", "mcp",
}  # fmt: skip
_LINES = (Path(__file__).parent / "sentences.jsonl").read_text(encoding="utf-8").splitlines()
SENTENCES = [json.loads(line) for line in _LINES if line.strip()]


def _names(text: str) -> tuple[str, ...]:
    return named_services(find_mentions(text))


def _check(text: str, case: dict[str, object]) -> None:
    named = set(_names(text))
    wanted = set(case["services"])  # type: ignore[call-overload]
    optional = set(case.get("optional", ())) | _GENERIC  # type: ignore[call-overload]
    assert wanted <= named, f"not found: {sorted(wanted - named)}"
    assert named <= wanted | optional, f"not there: {sorted(named - wanted - optional)}"


@pytest.mark.parametrize("case", SENTENCES, ids=lambda case: case["text"][:60])
def test_sentence_as_written(case: dict[str, object]) -> None:
    _check(str(case["text"]), case)


@pytest.mark.parametrize(
    "case", [case for case in SENTENCES if not case.get("cased_only")], ids=lambda case: case["text"][:60]
)
def test_sentence_in_lower_case(case: dict[str, object]) -> None:
    _check(str(case["text"]).lower(), case)


def test_services_come_in_the_order_of_the_text_and_once() -> None:
    assert _names("From Stripe to Xero, then Stripe again, then Slack.") == ("stripe", "xero", "slack")


def test_the_longest_name_wins() -> None:
    assert _names("Embed the texts with Azure OpenAI.") == ("azure_openai",)
    assert _names("Answer in Facebook Messenger.") == ("messenger",)
    assert _names("Run it on AWS Glue.") == ("aws_glue",)


def test_a_passing_mention_is_listed_with_its_role() -> None:
    text = "Write the rows to Postgres instead of Oracle."
    mentions = {item.service: item for item in find_mentions(text)}
    assert mentions["oracle"].role == "passing"
    assert mentions["oracle"].confidence < 0.5
    assert mentions["postgres"].role == "target"


@pytest.mark.parametrize(
    ("text", "service", "role"),
    [
        ("Copy the orders from Shopify to Snowflake.", "shopify", "source"),
        ("Copy the orders from Shopify to Snowflake.", "snowflake", "target"),
        ("Summarise the page with OpenAI.", "openai", "tool"),
        ("Send an alert in Slack when it fails.", "slack", "channel"),
        ("Notify the team on Microsoft Teams.", "microsoft_teams", "channel"),
        ("Save the answer in Airtable.", "airtable", "target"),
    ],
)
def test_role_follows_from_the_clause(text: str, service: str, role: str) -> None:
    found = {item.service: item.role for item in find_mentions(text)}
    assert found[service] == role


def test_a_family_name_lists_its_members_as_alternatives() -> None:
    (mention,) = find_mentions("Create the lead in Zoho.")
    assert mention.service == "zoho_crm"
    assert {"zoho_books", "zoho_desk"} <= set(mention.alternatives)


def test_names_inside_addresses_and_identifiers_are_no_names() -> None:
    assert _names("Mail the file to anna@gmail.com.") == ()
    assert _names("Load it into the table stripe_events of the warehouse.") == ()
    assert _names("Run trello_export.py on the host.") == ()


def test_the_scheme_of_an_address_says_where_the_file_lies() -> None:
    assert _names("Copy s3://raw/orders to gs://lake/orders.") == ("amazon_s3", "google_cloud_storage")


def test_a_misspelt_name_is_less_sure_than_a_right_one() -> None:
    (right,) = find_mentions("Post it to Mattermost.")
    (wrong,) = find_mentions("Post it to Mattermots.")
    assert wrong.service == right.service == "mattermost"
    assert 0.5 < wrong.confidence < right.confidence


def test_services_of_the_users_own_folder_are_found(tmp_path: Path) -> None:
    record = [{"id": "lagerbox", "name": "Lagerbox", "category": "erp", "aliases": ["lagerbox", "lager box"]}]
    (tmp_path / "own.json").write_text(json.dumps(record), encoding="utf-8")
    text = "Copy the stock from Lagerbox to Snowflake."
    assert named_services(find_mentions(text, extra_folder=tmp_path)) == ("lagerbox", "snowflake")
    assert named_services(find_mentions(text)) == ("snowflake",)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Read the Kafka topic orders.", "Kafka"),
        ("List the S3 bucket raw.", "S3"),
        ("Open the Excel file.", "Excel"),
        ("Ask Claude Sonnet.", "Claude Sonnet"),
        ("Read it from Google Sheets.", "Google Sheets"),
        ("Post to the Teams channel ops.", "Teams"),
    ],
)
def test_the_span_holds_the_name_and_not_the_thing_behind_it(text: str, words: str) -> None:
    assert [item.span.of(text) for item in find_mentions(text)] == [words]
