"""Where one piece of work ends and the next one begins, and what a piece takes from the ones before it."""

from __future__ import annotations

from typing import Any

import pytest


def _actions(flow: Any) -> list[tuple[str, str]]:
    return [(step.action, step.target or step.source) for step in flow.steps]


def _edges(flow: Any) -> set[tuple[int, int]]:
    return {(edge.upstream, edge.downstream) for edge in flow.edges}


@pytest.mark.parametrize(
    "text",
    [
        "Copy the Postgres table a.b to s3://lake/b/, ask the controller for a sign-off, then run `CALL a.close()` in Postgres.",
        "Copy the Postgres table a.b to s3://lake/b/ and get the approval of the controller, then run `CALL a.close()` in Postgres.",
        "Exporter la table Postgres a.b vers s3://lake/b/, demander l'accord du contrôleur, puis exécuter `CALL a.close()` dans Postgres.",
    ],
)
def test_somebody_who_is_asked_is_a_step_of_its_own(read: Any, text: str) -> None:
    assert [step.action for step in read(text).flow.steps][:2] == ["copy", "approve"]
    assert len(read(text).flow.steps) == 3


def test_only_when_somebody_has_signed_off_asks_before_the_work(read: Any) -> None:
    flow = read("Run the Glue job clean, then trigger the DAG publish only when the data owner has signed off.").flow
    assert [step.action for step in flow.steps] == ["trigger", "approve", "trigger"]
    assert flow.steps[2].guard is None


def test_a_subject_behind_a_comma_opens_the_next_piece_of_work(read: Any) -> None:
    flow = read(
        "The MySQL table a.b is copied to s3://lake/b/, a Glue job named clean is started and #data on Slack is told."
    ).flow
    assert _actions(flow) == [("copy", "amazon_s3"), ("trigger", "aws_glue"), ("notify", "slack")]


@pytest.mark.parametrize("when", ["After this", "After the load", "After these two steps", "After that"])
def test_what_comes_after_something_needs_no_comma(read: Any, when: str) -> None:
    flow = read(
        f"Load s3://lake/a/ into the Redshift table a.b. {when} the procedure `CALL a.sum()` is called in Redshift."
    ).flow
    assert _actions(flow) == [("load", "amazon_redshift"), ("trigger", "amazon_redshift")]
    assert _edges(flow) == {(0, 1)}


def test_nouns_ask_for_work_one_after_the_other(read: Any) -> None:
    flow = read(
        "Nightly: a dump of the Postgres table a.b to s3://lake/b/, a purge of the Redis keys tmp:*, a run of the Docker image acme/x:1."
    ).flow
    assert [step.action for step in flow.steps] == ["copy", "delete", "trigger"]


def test_two_sources_with_a_remark_between_them_go_side_by_side(read: Any) -> None:
    flow = read(
        "Pull the costs from Facebook Ads and, in parallel, from Google Ads into s3://costs/. Once both are in, run the Glue job costs."
    ).flow
    assert [step.source for step in flow.steps[:2]] == ["facebook_ads", "google_ads"]
    assert _edges(flow) == {(0, 2), (1, 2)}


def test_what_runs_side_by_side_after_something_comes_after_it(read: Any) -> None:
    flow = read(
        "Run the Glue job a and when that is through start the Glue crawler b and the Lambda function c side by side."
    ).flow
    assert _edges(flow) == {(0, 1), (0, 2)}


def test_a_comparison_before_a_colon_is_a_condition(read: Any) -> None:
    flow = read(
        "Run `select count(*) from a.b` in Postgres. Fewer than 50: page PagerDuty. Otherwise trigger the DAG go_on."
    ).flow
    assert flow.steps[1].guard.kind == "threshold"
    assert flow.steps[2].guard.otherwise
    assert _edges(flow) == {(0, 1), (0, 2)}


def test_labels_stand_behind_letters_too(read: Any) -> None:
    flow = read(
        "a) pull – copy the MySQL table a.b to s3://lake/b/\nb) mend – run the Glue job clean (needs pull)\n"
        "c) show – refresh the Tableau workbook B (needs mend)\nd) tell – message to #data on Slack (needs mend)"
    ).flow
    assert _edges(flow) == {(0, 1), (1, 2), (1, 3)}


def test_a_line_that_only_gives_the_schedule_is_no_step(read: Any) -> None:
    flow = read("Trigger: Fridays 03:00 UTC\n1. run the Glue job a\n2. run the Glue job b").flow
    assert len(flow.steps) == 2


def test_a_file_of_the_host_that_ran_the_command_is_taken_from_there(read: Any) -> None:
    flow = read(
        "Run `make-dump /out/x.dump` on box1 over SSH (connection ssh_box), then copy /out/x.dump from there to s3://dumps/."
    ).flow
    assert (flow.steps[1].source, flow.steps[1].target) == ("sftp", "amazon_s3")
    assert flow.steps[1].values("connection", "sftp") == ("ssh_box",)


def test_a_sentence_gives_the_items_for_a_noun(read: Any) -> None:
    flow = read("Branches are north, south and west. For each branch run the Glue job sum.").flow
    assert flow.steps[0].foreach.items == ("north", "south", "west")


def test_one_task_per_table_goes_over_the_tables_named(read: Any) -> None:
    flow = read("Replicate the MSSQL tables dbo.A, dbo.B, dbo.C to Postgres (one task per table).").flow
    assert flow.steps[0].foreach.items == ("dbo.A", "dbo.B", "dbo.C")


def test_german_verbs_at_the_end_of_their_clause(read: Any) -> None:
    flow = read(
        "Täglich um 4 sollen die Dateien vom SFTP-Server aus /aus/ nach S3, Bucket roh, kopiert werden. "
        "Sind alle kopiert, wird der Glue-Job rein gestartet. Zum Schluss eine Meldung in Teams."
    ).flow
    assert [step.action for step in flow.steps] == ["copy", "trigger", "notify"]
    assert flow.steps[1].guard is None


def test_a_command_behind_a_colon_is_run(read: Any) -> None:
    flow = read("Send the reports: `python /opt/send.py --all`.").flow
    assert flow.steps[0].action == "trigger"


def test_named_branches_start_side_by_side_and_join_where_all_are_spoken_of(read: Any) -> None:
    flow = read(
        "Branch A: run the Glue job a, then the Glue job b. Branch B: run the Glue job c and then the Glue job d. "
        "When both branches are through, refresh the Tableau workbook E."
    ).flow
    assert _edges(flow) == {(0, 1), (2, 3), (1, 4), (3, 4)}


@pytest.mark.parametrize(
    ("differ", "match"), [("the two totals differ", "they match"), ("the counts disagree", "they are equal")]
)
def test_what_is_done_when_two_results_differ_and_when_they_match_are_two_ways(
    read: Any, differ: str, match: str
) -> None:
    flow = read(
        "Run `select count(*) from a.b` in MySQL and `select count(*) from a.b` in Snowflake; "
        f"when {differ}, page PagerDuty; when {match}, trigger the DAG go_on."
    ).flow
    assert flow.steps[2].guard.kind == flow.steps[3].guard.kind == "differs"
    assert flow.steps[2].guard.positive != flow.steps[3].guard.positive
    assert (2, 3) not in _edges(flow)


def test_two_ends_in_one_sentence_are_two_alerts(read: Any) -> None:
    flow = read("Run the Glue job a; on failure page via PagerDuty, on retry tell #ops on Slack.").flow
    assert {(alert.on, alert.service) for alert in flow.alerts} == {("failure", "pagerduty"), ("retry", "slack")}


def test_a_machine_that_is_stopped_is_the_one_that_was_started(read: Any) -> None:
    flow = read("Start the EC2 instance i-0ff, run `/opt/x.sh` over SSH and stop the instance in any case.").flow
    assert flow.steps[2].values("instance", "amazon_ec2") == ("i-0ff",)
    assert flow.steps[2].trigger_rule == "all_done"


def test_every_step_of_a_sentence_that_opens_with_for_each_is_repeated(read: Any) -> None:
    flow = read(
        "For each shop in A1, B2, C3: get /sales from the shop API, store it under s3://sales/ and start the Glue job sum."
    ).flow
    assert flow.steps[2].foreach.items == ("A1", "B2", "C3")


def test_tools_that_move_data_themselves_hand_nothing_to_each_other(read: Any) -> None:
    flow = read("Airbyte connection 3f-22 and Fivetran connector quick_fox (both at once), then the Glue job a.").flow
    assert _actions(flow)[:2] == [("trigger", "airbyte"), ("trigger", "fivetran")]
    assert _edges(flow) == {(0, 2), (1, 2)}


def test_a_line_that_only_gives_an_address_is_no_step(read: Any) -> None:
    flow = read(
        "Run the Glue job a.\n\nSource: https://git.example.com/data/a\n\nRunbook: https://wiki.example.com/a"
    ).flow
    assert len(flow.steps) == 1


def test_labels_in_bold_may_be_verbs(read: Any) -> None:
    flow = read(
        "- **Load**: s3://a/b/ into the Redshift table a.b\n- **Check**: fail if `select 1 from a.b` in Redshift returns any rows\n- **Tell**: #a in Slack"
    ).flow
    assert [step.action for step in flow.steps] == ["load", "check", "notify"]
    assert flow.steps[2].values("channel") == ("#a",)


def test_nobody_should_be_told_asks_for_nothing(read: Any) -> None:
    assert len(read("Run the Glue job a. Nobody should be mailed.").flow.steps) == 1
