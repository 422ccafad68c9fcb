"""One workflow in many wordings: form and language of a description do not change what it means."""

from __future__ import annotations

import pytest

from airflow_provider_wfintel.engine.generation.service import generate
from airflow_provider_wfintel.engine.model import LiteralValue

STEPS = (
    "Fetch the orders from Stripe",
    "Load them into the Postgres table raw.orders",
    "Run dbt build",
    "Post 'done' to #ops on Slack",
)


def _low(words: str) -> str:
    return words[0].lower() + words[1:]


_LOW = tuple(_low(step) for step in STEPS)
WORDINGS = {
    "numbers": "\n".join(f"{number}. {step}" for number, step in enumerate(STEPS, 1)),
    "numbers in brackets": "\n".join(f"{number}) {step}" for number, step in enumerate(STEPS, 1)),
    "dashes": "\n".join(f"- {step}" for step in STEPS),
    "stars": "\n".join(f"* {step}." for step in STEPS),
    "steps with colons": "\n".join(f"Step {number}: {step}" for number, step in enumerate(_LOW, 1)),
    "steps with dashes": "\n".join(f"Step {number} - {step}" for number, step in enumerate(STEPS, 1)),
    "letters": "\n".join(f"{letter}) {step}" for letter, step in zip("abcd", STEPS, strict=True)),
    "bold heads": "\n".join(f"{number}. **Part {number}**: {step}" for number, step in enumerate(STEPS, 1)),
    "semicolons": "; ".join(_LOW),
    "commas": f"{', '.join(_LOW[:-1])} and {_LOW[-1]}",
    "then": ", then ".join(_LOW),
    "arrows": " -> ".join(_LOW),
    "first, second": f"First, {_LOW[0]}. Second, {_LOW[1]}. Third, {_LOW[2]}. Finally, {_LOW[3]}.",
    "third person": "It fetches the orders from Stripe, loads them into the Postgres table "
    "raw.orders, runs dbt build and "
    "posts 'done' to #ops on Slack.",
    "this DAG": "This DAG fetches the orders from Stripe and loads them into the Postgres table "
    "raw.orders. It then runs "
    "dbt build. Finally it posts 'done' to #ops on Slack.",
    "should be": "Orders should be fetched from Stripe. They should be loaded into the Postgres table raw.orders. "
    "Afterwards dbt build should be run. 'done' should be posted to #ops on Slack at the end.",
    "we need to": f"We need to {_LOW[0]}, {_LOW[1]}, {_LOW[2]}, and {_LOW[3]}.",
    "I want": "I want a pipeline that fetches the orders from Stripe and loads them into the "
    "Postgres table raw.orders, "
    "then runs dbt build, then posts 'done' to #ops on Slack.",
    "could you": f"Could you please build a DAG to {_LOW[0]}, {_LOW[1]}, {_LOW[2]} and then {_LOW[3]}? Thanks!",
    "gerunds": "Fetching the orders from Stripe, loading them into the Postgres table raw.orders, "
    "running dbt build and "
    "posting 'done' to #ops on Slack.",
    "all small letters": " then ".join(step.lower() for step in STEPS),
    "a title": "PIPELINE STRIPE ORDERS\n\n" + "\n".join(f"{number}. {step}" for number, step in enumerate(STEPS, 1)),
    "the tasks are": f"The tasks are: {'; '.join(_LOW)}.",
    "German list": "1. Bestellungen aus Stripe holen\n2. in die Postgres-Tabelle raw.orders laden\n"
    "3. dbt build ausführen\n4. 'done' in #ops auf Slack posten",
    "German": "Hole die Bestellungen aus Stripe, lade sie in die Postgres-Tabelle raw.orders, führe dann dbt build aus "
    "und poste 'done' in #ops auf Slack.",
    "French": "Récupérer les commandes depuis Stripe, les charger dans la table Postgres "
    "raw.orders, exécuter dbt build "
    "puis envoyer 'done' sur #ops dans Slack.",
    "Spanish": "Obtener los pedidos de Stripe, cargarlos en la tabla raw.orders de Postgres, "
    "ejecutar dbt build y luego "
    "publicar 'done' en #ops de Slack.",
    "Chinese list": "1. 从 Stripe 拉取订单\n2. 写入 Postgres 表 raw.orders\n"
    "3. 执行 dbt build\n4. 通知 Slack #ops:'done'",
}


@pytest.mark.parametrize("wording", WORDINGS)
def test_the_same_workflow_comes_out(wording: str) -> None:
    spec = generate(f"Every day at 6 UTC.\n{WORDINGS[wording]}").spec
    order = spec.topological_order()
    services = [service for name in order for service in spec.task(name).services]
    assert list(dict.fromkeys(services)) == ["stripe", "postgres", "dbt", "slack"]
    assert all(order[at] in spec.upstream_of(order[at + 1]) for at in range(len(order) - 1))
    assert spec.schedule.crons == ("0 6 * * *",)


@pytest.mark.parametrize("wording", WORDINGS)
def test_the_stated_values_are_kept(wording: str) -> None:
    spec = generate(f"Every day at 6 UTC.\n{WORDINGS[wording]}").spec
    values = "\n".join(str(item.value) for task in spec.tasks for item in task.arguments)
    assert "dbt build" in values
    assert "#ops" in values
    assert all(part in values for part in ("raw", "orders"))


def test_order_may_stand_at_the_end_in_words() -> None:
    text = (
        "Daily at 5.\n- pull: read the Postgres table a.b into s3://x/y/\n- clean: run `clean.sh`\n"
        "- check: run `check.sh`\n"
        "- load: load s3://x/y/ into the Redshift table c.d\n\n"
        "clean depends on pull, check depends on pull, load needs clean and check."
    )
    edges = {(item.upstream, item.downstream) for item in generate(text).spec.dependencies}
    assert edges == {
        ("read_b_postgres_to_s3", "run_clean_sh"),
        ("read_b_postgres_to_s3", "run_check_sh"),
        ("run_clean_sh", "load_d_s3_to_redshift"),
        ("run_check_sh", "load_d_s3_to_redshift"),
    }


@pytest.mark.parametrize("words", ["after it run `b.sh`", "after that run `b.sh`", "once it is done run `b.sh`"])
def test_what_comes_after_it_comes_after(words: str) -> None:
    spec = generate(f"Daily run `a.sh` and {words}.").spec
    edges = [(item.upstream, item.downstream) for item in spec.dependencies]
    assert edges == [("run_a_sh", "run_b_sh")]


def test_items_need_no_and() -> None:
    task = generate("Daily for each of the regions us, eu, apac run the Databricks job 8841.").spec.tasks[0]
    assert task.mapping is not None
    assert task.mapping.argument == "job_parameters"
    assert task.mapping.over == LiteralValue.of([{"region": "us"}, {"region": "eu"}, {"region": "apac"}])


@pytest.mark.parametrize(
    ("condition", "operator", "bound"),
    [("more than 1 million", ">", 1_000_000), ("less than 10k", "<", 10_000), ("at least 2 thousand", ">=", 2000)],
)
def test_numbers_in_words_have_their_size(condition: str, operator: str, bound: int) -> None:
    text = (
        f"Daily count the rows of the Postgres table a.b. If there are {condition}, run `SELECT 1` in Postgres, "
        "otherwise run `SELECT 2` in Postgres."
    )
    branch = next(task for task in generate(text).spec.tasks if task.operator.recipe == "branch_on_value")
    assert branch.argument("operator").value == LiteralValue.of(operator)  # type: ignore[union-attr]
    assert branch.argument("threshold").value == LiteralValue.of(bound)  # type: ignore[union-attr]


def test_an_answer_to_a_check_keeps_its_bound() -> None:
    text = "Daily check that the Postgres table a.b has more than 1000 rows; if not, post 'few' to #a on Slack."
    gate = next(task for task in generate(text).spec.tasks if task.operator.recipe == "check_value")
    assert gate.argument("operator").value == LiteralValue.of("<=")  # type: ignore[union-attr]
    assert gate.argument("threshold").value == LiteralValue.of(1000)  # type: ignore[union-attr]


def test_a_condition_names_its_own_table() -> None:
    text = (
        "Daily at 5: if the Snowflake table raw.trades has more than 1000000 rows run the Databricks "
        "notebook /a/heavy, "
        "else run the notebook /a/light."
    )
    answer = generate(text)
    assert answer.clarifications == ()
    assert answer.spec.tasks[0].operator.recipe == "branch_on_rows"


def test_a_value_that_a_query_gives_is_compared() -> None:
    text = (
        "At noon run `SELECT status FROM ops.feed` in Postgres. If the status is 'ready' run `dbt build`, "
        "otherwise post to #ops on Slack."
    )
    answer = generate(text)
    branch = next(task for task in answer.spec.tasks if task.operator.recipe == "branch_on_value")
    assert branch.argument("threshold").value == LiteralValue.of("ready")  # type: ignore[union-attr]
    assert answer.clarifications == ()


def test_a_csv_file_holds_no_row_numbers() -> None:
    assert 'df_kwargs={"index": False}' in generate("Daily export the Postgres table a.o to s3://b/o.csv.").source


def test_vacuum_runs_outside_a_transaction() -> None:
    assert "autocommit=True" in generate("Daily vacuum the Postgres table stage.events.").source


def test_a_value_alone_is_the_same_work_again() -> None:
    spec = generate("Daily run the notebook /a/b on Databricks, then /a/c.").spec
    assert [task.argument("notebook_path").value.value for task in spec.tasks] == ["/a/b", "/a/c"]  # type: ignore[union-attr]


def test_every_dbt_command_is_a_task() -> None:
    spec = generate("Daily run dbt seed, dbt run --select staging+ and dbt test in /usr/app/dbt with target prod.").spec
    commands = [task.argument("bash_command").value.value for task in spec.tasks]  # type: ignore[union-attr]
    assert commands == [
        "dbt seed --project-dir /usr/app/dbt --target prod",
        "dbt run --select staging+ --project-dir /usr/app/dbt --target prod",
        "dbt test --project-dir /usr/app/dbt --target prod",
    ]


@pytest.mark.parametrize(
    ("words", "selected"),
    [
        ("models tagged ga", "tag:ga"),
        ("models stg_orders and stg_customers", "stg_orders stg_customers"),
        ("model revenue", "revenue"),
    ],
)
def test_dbt_selects_what_the_words_name(words: str, selected: str) -> None:
    command = generate(f"Daily run the dbt {words}.").spec.tasks[0].argument("bash_command")
    assert command is not None
    assert command.value == LiteralValue.of(f"dbt build --select {selected}")


@pytest.mark.parametrize(
    ("words", "argument"),
    [
        ("email the result to a@b.com", "html_content"),
        ("post the result to #ops on Slack", "text"),
    ],
)
def test_a_result_that_is_sent_stands_in_the_message(words: str, argument: str) -> None:
    last = generate(f"Daily run `SELECT 1` in Redshift and {words}.").spec.tasks[-1].argument(argument)
    assert last is not None
    assert "ti.xcom_pull(task_ids='run_redshift')" in last.value.template  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("put a message 'resized' on the SNS topic arn:aws:sns:eu-central-1:111122223333:photos", "resized"),
        ("write a Slack message 'mart is fresh' to #bi", "mart is fresh"),
    ],
)
def test_quoted_words_are_the_message_whatever_the_verb(words: str, message: str) -> None:
    assert f'"{message}"' in generate(f"Daily run `a.sh`, then {words}.").source


@pytest.mark.parametrize(
    "words", ["the table c.d of Snowflake", "the table c.d in Snowflake", "the Snowflake table c.d"]
)
def test_what_stands_behind_into_is_the_target(words: str) -> None:
    task = generate(f"Daily copy the MySQL table a.b into {words}.").spec.tasks[0]
    assert task.argument("source_conn_id").value == LiteralValue.of("mysql_default")  # type: ignore[union-attr]
    assert task.argument("sql").value == LiteralValue.of("SELECT * FROM a.b")  # type: ignore[union-attr]


def test_a_service_in_a_quoted_sentence_takes_no_part() -> None:
    spec = generate("Daily run the dbt Cloud job 4521, then post 'mysql done' to #analytics in Slack.").spec
    assert [task.services for task in spec.tasks] == [("dbt",), ("slack",)]


@pytest.mark.parametrize(
    ("words", "arguments"),
    [
        ("the Spark job s3://j/e.py with arguments --date {{ ds }} --full", ("application_args", ["--date", "--full"])),
        ("the Glue job clean with arguments --env prod", ("script_args", {"--env": "prod"})),
        ('the Glue job clean with arguments {"--env": "prod"}', ("script_args", {"--env": "prod"})),
        ("the Databricks job 8841 with notebook param region=us", ("notebook_params", {"region": "us"})),
        (
            "the Databricks notebook /a/b with parameters region=us, n=3",
            ("notebook_params", {"region": "us", "n": "3"}),
        ),
    ],
)
def test_a_program_gets_the_arguments_that_the_words_state(words: str, arguments: tuple[str, object]) -> None:
    name, wanted = arguments
    found = generate(f"Daily run {words}.").spec.tasks[0].argument(name)
    assert found is not None
    value = found.value.value  # type: ignore[union-attr]
    assert [item for item in value if isinstance(item, str)] == wanted if isinstance(value, list) else value == wanted


@pytest.mark.parametrize(
    "words",
    ["4 executors, 8g executor memory and 2 executor cores", "4 executors of 8g memory and 2 cores each"],
)
def test_spark_gets_its_resources(words: str) -> None:
    source = generate(f"Daily run the Spark job s3://j/e.py with {words}.").source
    for argument in ("num_executors=4", 'executor_memory="8g"', "executor_cores=2"):
        assert argument in source


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        ("run `a.sh`. 3 retries, timeout 45 minutes", 2700),
        ("run `a.sh`; kill it if it takes longer than 2 hours", 7200),
        ("run `a.sh`. Each task may run for at most 20 minutes", 1200),
    ],
)
def test_a_limit_of_no_step_holds_for_each(words: str, seconds: float) -> None:
    tasks = generate(f"Daily at 5 {words}.").spec.tasks
    assert [task.timeout_seconds for task in tasks] == [seconds]


def test_a_limit_does_not_call_the_step_off() -> None:
    spec = generate("Daily run `a.sh`; it must not run longer than 30 minutes.").spec
    assert [task.task_id for task in spec.tasks] == ["run_a_sh"]
    assert spec.deadline is not None


def test_rights_are_granted_and_not_read() -> None:
    source = generate("Daily grant select on the Snowflake table L.E to role ANALYST.").source
    assert "GRANT SELECT ON L.E TO ROLE ANALYST" in source


@pytest.mark.parametrize(
    ("condition", "which"),
    [
        ("it's the first day of the month", "first_of_month"),
        ("it is the last day of the month", "last_of_month"),
        ("it is a Monday", "monday"),
        ("today is a weekend", "weekend"),
    ],
)
def test_a_condition_on_the_day_is_no_schedule(condition: str, which: str) -> None:
    answer = generate(f"Runs daily at 1:00 Europe/Berlin. If {condition}, run `full.sh`, otherwise run `inc.sh`.")
    branch = answer.spec.tasks[0]
    assert answer.spec.schedule.crons == ("0 1 * * *",)
    assert branch.operator.recipe == "branch_on_day"
    assert branch.argument("which").value == LiteralValue.of(which)  # type: ignore[union-attr]
    assert branch.argument("timezone").value == LiteralValue.of("Europe/Berlin")  # type: ignore[union-attr]
    assert answer.clarifications == ()


def test_a_day_alone_is_the_schedule() -> None:
    spec = generate("Every Monday at 6 run `a.sh`.").spec
    assert spec.schedule.crons == ("0 6 * * 1",)
    assert len(spec.tasks) == 1


def test_rows_are_told_apart_by_the_stated_columns() -> None:
    source = generate(
        "Daily query `SELECT * FROM a.b` in MySQL and upsert the rows into the Postgres table leads on id and day."
    ).source
    assert "replace=True" in source
    assert 'key_columns=["id", "day"]' in source


@pytest.mark.parametrize(("words", "pattern"), [("ending in .pdf", "*.pdf"), ("starting with inv_", "inv_*")])
def test_names_of_files_are_filtered(words: str, pattern: str) -> None:
    source = generate(f"Daily list the files under s3://in/invoices/ {words} and run `a.sh` for each.").source
    assert f'pattern="{pattern}"' in source


def test_a_key_with_a_template_is_kept() -> None:
    source = generate(
        "Hourly pull https://api.x.io/v1 and save the JSON to the S3 bucket raw as rates/{{ ts }}.json."
    ).source
    assert '"rates/{{ ts }}.json"' in source


def test_who_is_asked_to_approve_in_the_middle_of_a_sentence() -> None:
    spec = generate("Daily at 5 run `a.sh`, ask the controller to approve, and only then run `b.sh`.").spec
    assert [task.action for task in spec.tasks] == ["trigger", "approve", "trigger"]
    assert len(spec.dependencies) == 2


def test_each_awaited_dag_has_its_sensor() -> None:
    spec = generate(
        "Daily at 7 wait for DAG load_web task done_all and for DAG load_crm to finish, then run `x.sh`."
    ).spec
    waits = [task for task in spec.tasks if task.action == "wait_for"]
    assert [task.argument("external_dag_id").value.value for task in waits] == ["load_web", "load_crm"]  # type: ignore[union-attr]
    assert waits[1].argument("external_task_id") is None


def test_what_a_step_leaves_out_is_no_step() -> None:
    answer = generate("Daily sync gs://a/ to s3://b/, skip files that already exist.")
    assert len(answer.spec.tasks) == 1
    assert any("skip files that already exist" in item.text for item in answer.warnings)


def test_a_value_between_to_and_on_belongs_to_what_follows() -> None:
    task = generate("Daily copy a.b from MySQL to c.d on Snowflake.").spec.tasks[0]
    assert task.argument("destination_table").value == LiteralValue.of("c.d")  # type: ignore[union-attr]


def test_a_count_is_not_written_as_rows() -> None:
    text = (
        "Daily at 4 check that the Snowflake table a.b has more than 1000 rows. If not, post 'few' to #a on Slack. "
        "If so, unload it to s3://x/y/."
    )
    answer = generate(text)
    given = [item.value for task in answer.spec.tasks for item in task.arguments if item.name == "rows"]
    counts = [task.task_id for task in answer.spec.tasks if task.operator.recipe == "count_rows"]
    assert all(getattr(value, "task_id", "") not in counts for value in given)


def test_a_field_of_an_answer_is_asked_for() -> None:
    text = "Hourly pull https://api.x.io/latest and if the USD rate is above 1.2 send 'high' to #a on Slack."
    assert [item.about for item in generate(text).clarifications] == ["condition"]


def test_an_unread_other_way_is_told() -> None:
    text = (
        "Daily at 1. If it's a Monday do a full load of the Postgres table a.b into Snowflake A.B, "
        "otherwise only load the rows changed since yesterday."
    )
    assert any("changed since yesterday" in item.text for item in generate(text).warnings)


def test_a_stage_and_a_form_are_taken_over() -> None:
    source = generate("Daily load gs://ga/daily/ into the Snowflake table RAW.GA from stage GA_STAGE, parquet.").source
    assert 'stage="GA_STAGE"' in source
    assert "TYPE = PARQUET" in source


@pytest.mark.parametrize(
    ("words", "crons"),
    [
        ("on 15 March and 15 September", ("0 0 15 3,9 *",)),
        ("at 05:00 on Jan 1, Apr 1, Jul 1 and Oct 1", ("0 5 1 1,4,7,10 *",)),
        ("on 15 March and 20 September at 6", ("0 6 15 3 *", "0 6 20 9 *")),
    ],
)
def test_several_dates_of_the_year_are_all_kept(words: str, crons: tuple[str, ...]) -> None:
    assert generate(f"Run `a.sh` {words}.").spec.schedule.crons == crons


def test_a_pause_is_a_sensor_that_waits_so_long() -> None:
    source = generate("Daily run `a.sh`, wait 2 hours, then run `b.sh`.").source
    assert "WaitSensor(task_id=" in source
    assert "time_to_wait=timedelta(hours=2)" in source
    assert "Not done here" not in source


def test_tests_that_pass_need_no_gate() -> None:
    spec = generate("Daily run a dbt test on the model gold; if the tests pass, run `publish.sh`.").spec
    assert [(item.upstream, item.downstream) for item in spec.dependencies] == [("run_gold_dbt", "run_publish_sh")]


def test_a_whole_path_is_no_pattern_of_names() -> None:
    source = generate("Daily wait for the file /outbound/prices.csv on the SFTP server, then run `a.sh`.").source
    assert "file_pattern" not in source


@pytest.mark.parametrize(
    ("words", "sql"),
    [
        ("the customers table from MySQL", "SELECT * FROM customers"),
        ("the customers table out of our MySQL database crm", "SELECT * FROM customers"),
    ],
)
def test_a_word_before_table_names_it(words: str, sql: str) -> None:
    answer = generate(f"Daily pull {words} and write it to s3://x/y.csv.")
    assert sql in answer.source


def test_a_kind_of_table_is_no_name() -> None:
    answer = generate("Daily load s3://x/y.csv into the staging table in Redshift.")
    assert '"staging"' not in answer.source


def test_a_form_that_no_task_writes_is_told() -> None:
    answer = generate("Daily pull the customers table from MySQL and land it as Parquet in gs://crm/customers/.")
    assert "parquet" in answer.source.lower().split('"""')[2] or any("Parquet" in item.text for item in answer.warnings)


def test_a_parameter_names_no_cluster() -> None:
    answer = generate("Daily run the Databricks notebook /a/score with the parameter run_date.")
    assert "existing_cluster_id" not in answer.source
    assert any("run_date" in item.text for item in answer.warnings)


def test_each_one_of_a_list_is_what_the_next_step_is_repeated_for() -> None:
    spec = generate("Daily list the files in s3://a/b/ and for each one invoke the Lambda function parse-file.").spec
    assert [task.mapping.argument if task.mapping else "" for task in spec.tasks] == ["", "payload"]


def test_a_repetition_that_nothing_takes_is_asked_about() -> None:
    answer = generate("Daily list the files in s3://a/b/ and for each of them run `x.sh`.")
    assert [task.action for task in answer.spec.tasks] == ["extract", "trigger"]
    assert any(item.about == "items" for item in answer.clarifications)


def test_a_colon_in_brackets_ends_no_condition() -> None:
    answer = generate(
        "Refresh the Looker model `tides` after the BigQuery job finishes (query: `CALL sea.build_tides()`)."
    )
    assert "CALL sea.build_tides()" in answer.source
