"""What a diagnosis decides: causes over symptoms, the end over what was handled, facts where there is no log."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_provider_wfintel.engine.catalog.failures import failure_classes
from airflow_provider_wfintel.engine.troubleshooting import service

TRACE = 'Traceback (most recent call last):\n  File "/opt/dags/orders.py", line 9, in load\n    run()\n'
FAILED = "[2024-01-01T10:00:01.000+0000] {taskinstance.py:2} ERROR - Task failed with exception\n"
INFO = "[2024-01-01T10:00:00.000+0000] {a.py:1} INFO - "
WARNING = "[2024-01-01T10:00:00.000+0000] {a.py:1} WARNING - "


def label(text, facts=None):
    return service.diagnose(text, facts).label


def test_the_cause_in_a_commands_output_outweighs_its_exit_code():
    text = f"{INFO}cp: error writing 'x': No space left on device\n{FAILED}{TRACE}airflow.exceptions.AirflowException: Bash command failed. The command returned a non-zero exit code 1."
    assert label(text) == "disk_full"


def test_without_a_deeper_cause_the_exit_code_is_the_answer():
    text = f"{INFO}12 files done\n{FAILED}{TRACE}airflow.exceptions.AirflowException: Bash command failed. The command returned a non-zero exit code 1."
    assert label(text) == "process_exit_nonzero"


def test_an_error_that_was_retried_is_not_the_cause():
    text = f"{WARNING}Connection refused, retrying in 5 s\n{INFO}connected\n{FAILED}{TRACE}KeyError: 'qty'"
    assert label(text) == "python_error"


def test_a_traceback_that_was_only_warned_of_is_not_the_cause():
    text = f'{WARNING}could not send metrics\n{TRACE}requests.exceptions.ReadTimeout: Read timed out.\n{FAILED}{TRACE}psycopg2.errors.UndefinedTable: relation "stage.orders" does not exist'
    assert label(text) == "missing_table_or_column"


def test_what_happens_after_the_failure_is_not_the_cause():
    text = f'{FAILED}{TRACE}psycopg2.errors.UniqueViolation: duplicate key value violates unique constraint "o_pkey"\n{WARNING}could not post to chat: Connection timed out'
    assert label(text) == "constraint_violation"


def test_the_deepest_declared_cause_wins_over_a_wrapper():
    text = (
        f"{FAILED}{TRACE}psycopg2.errors.DeadlockDetected: deadlock detected\n\n"
        f"The above exception was the direct cause of the following exception:\n\n{TRACE}RuntimeError: load failed"
    )
    assert label(text) == "lock_conflict"


def test_the_execution_api_wins_over_the_network_mechanism():
    text = 'Traceback (most recent call last):\n  File "/x/site-packages/airflow/sdk/api/client.py", line 8, in request\n    send()\nhttpx.ConnectError: [Errno 111] Connection refused'
    assert label(text) == "api_server_unreachable"


def test_a_log_that_cannot_be_fetched_hides_the_cause():
    text = "*** Could not read served logs: HTTPConnectionPool(host='w2', port=8793): Read timed out."
    assert label(text) == "log_read_failure"


def test_airflows_own_tables_are_the_metadata_database():
    assert label('psycopg2.errors.UndefinedTable: relation "dag_run" does not exist') == "metadata_db_error"


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"state": "upstream_failed"}, "upstream_failed"),
        ({"events": [{"event": "heartbeat timeout", "extra": "Task did not emit heartbeat"}]}, "heartbeat_lost"),
        ({"state": "failed", "start_date": None}, "executor_failure"),
        ({"exit_info": {"reason": "OOMKilled", "code": 137}}, "oom_killed"),
        (
            {"events": [{"event": "patch_task_instance", "extra": '{"new_state": "failed"}', "owner": "ana"}]},
            "cancelled_externally",
        ),
        ({"duration": 3601.0, "execution_timeout": 3600}, "execution_timeout"),
        ({"pool": "gpu", "pool_total_slots": 1, "pool_slots": 4}, "missing_pool"),
        ({"seconds_since_heartbeat": 900}, "heartbeat_lost"),
        (
            {"events": [{"event": "stuck in queued", "extra": "Task was in queued state for longer than 600 seconds"}]},
            "executor_failure",
        ),
    ],
)
def test_failures_without_a_log_are_known_from_facts(facts, expected):
    diagnosis = service.diagnose("", facts)
    assert diagnosis.label == expected
    assert diagnosis.evidence[0].source == "event_log"


def test_nothing_known_means_unknown_and_a_person():
    diagnosis = service.diagnose("[2024-01-01T10:00:00.000+0000] {a.py:1} INFO - all is well\n")
    assert diagnosis.label == "unknown"
    assert diagnosis.confidence == 0
    assert diagnosis.action == "escalate"
    assert service.diagnose("").label == "unknown"


def test_evidence_is_cut_from_the_log_as_it_is_written():
    line = json.dumps(
        {
            "level": "error",
            "event": "Task failed with exception",
            "error_detail": [{"exc_type": "UndefinedTable", "exc_value": 'relation "a.b" does not exist'}],
        }
    )
    diagnosis = service.diagnose(line)
    assert diagnosis.evidence
    assert all(item.text in line for item in diagnosis.evidence)
    assert diagnosis.evidence[0].first_line == 1


def test_quotes_in_a_message_do_not_push_its_cause_out_of_the_evidence():
    value = (
        'relation "staging.orders" does not exist\nLINE 1: INSERT INTO orders SELECT * FROM staging.orders\n        ^'
    )
    line = json.dumps(
        {
            "level": "error",
            "event": "Task failed with exception",
            "error_detail": [{"exc_type": "UndefinedTable", "exc_value": value}],
        }
    )
    assert "does not exist" in service.diagnose(line).evidence[0].text


def test_what_our_own_listener_writes_is_no_evidence():
    own = {"level": "info", "event": 'wfintel.try {"task_id":"load","state":"failed","error_type":"UndefinedTable"}'}
    line = {
        "level": "error",
        "event": "Task failed with exception",
        "error_detail": [{"exc_type": "UndefinedTable", "exc_value": 'relation "a.b" does not exist'}],
    }
    found = service.diagnose(f"{json.dumps(line)}\n{json.dumps(own)}")
    assert found.label == "missing_table_or_column"
    assert all("wfintel.try" not in item.text and item.first_line == 1 for item in found.evidence)
    assert service.diagnose(json.dumps(own)).label == "unknown"


def test_a_diagnosis_says_what_to_do():
    diagnosis = service.diagnose("OSError: [Errno 28] No space left on device")
    known = failure_classes()["disk_full"]
    assert (diagnosis.action, diagnosis.transient, diagnosis.fix_location) == ("free_disk", False, "infrastructure")
    assert diagnosis.remedies == known.remedies
    assert diagnosis.steps == known.steps
    assert "No space left" in diagnosis.explanation
    assert diagnosis.signatures


def test_the_advice_is_that_of_the_most_specific_signature_of_the_class():
    waited = f"{FAILED}{TRACE}airflow.exceptions.AirflowException: Pod took too long to start, giving up."
    assert service.diagnose(waited).action == "retry_backoff"
    told = service.diagnose(f'{INFO}MountVolume.SetUp failed for volume "models": secret "store" not found\n{waited}')
    assert (told.label, told.transient, told.action) == ("pod_start_failure", False, "fix_config")


def test_a_java_process_that_is_gone_was_killed_and_refused_nothing():
    gateway = '  File "/opt/venv/lib/site-packages/py4j/clientserver.py", line 9, in send_command\n'
    text = f"{FAILED}{TRACE}{gateway}ConnectionRefusedError: [Errno 111] Connection refused"
    assert label(text) == "killed_by_signal"
    through = f"{FAILED}{TRACE}{gateway}py4j.protocol.Py4JJavaError: An error occurred.\n: java.net.ConnectException: Connection refused\n\tat java.net.Socket.connect(Socket.java:9)"
    assert label(through) == "connection_refused"


def test_a_wrong_name_is_no_transient_failure():
    assert (
        service.diagnose(
            'could not translate host name "https://dwh.shop" to address: Name or service not known'
        ).transient
        is False
    )


def test_several_telling_signatures_make_a_diagnosis_surer_than_one():
    one = service.diagnose("the sync said: [SSL: WRONG_VERSION_NUMBER]")
    two = service.diagnose("the sync said: [SSL: WRONG_VERSION_NUMBER], curl: (35) SSL connect error")
    assert one.label == two.label == "tls_or_proxy_error"
    assert one.confidence < two.confidence


def test_common_words_alone_never_allow_to_act():
    diagnosis = service.diagnose("ERROR - the partner's certificate is wrong")
    assert diagnosis.label == "tls_or_proxy_error"
    assert diagnosis.confidence < 0.7 < service.ACTING_CONFIDENCE


def test_a_failed_migration_is_about_the_metadata_database_whatever_the_statement_said():
    log = (
        "INFO  [alembic.runtime.migration] Running upgrade 13eb55f81627 -> 338e90f54d61, Add a column\n"
        'psycopg2.errors.DuplicateColumn: column "operator" of relation "task_instance" already exists'
    )
    assert service.diagnose(log).label == "metadata_db_error"


@settings(deadline=None, max_examples=60)
@given(st.text(st.characters(exclude_characters="\x1b"), max_size=400))  # colours are taken out of what is shown
def test_any_text_has_a_diagnosis_in_order(text):
    diagnosis = service.diagnose(text)
    chances = [cause.probability for cause in diagnosis.ranked]
    assert chances == sorted(chances, reverse=True)
    assert sum(chances) <= 1.0001
    assert 0 <= diagnosis.confidence <= 1
    assert diagnosis == service.diagnose(text)
    assert all(item.text in text or item.text.strip() == "" for item in diagnosis.evidence)


def test_the_fast_path_imports_no_heavy_library():
    import subprocess
    import sys

    code = (
        "import sys\nfrom airflow_provider_wfintel.engine.troubleshooting import service\nservice.diagnose(\"KeyError: 'x'\")\n"
        "print({'sklearn', 'numpy', 'yaml', 'airflow', 'sqlalchemy'} & set(sys.modules))"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
        == "set()"
    )


def test_ten_times_the_log_takes_at_most_thirty_times_as_long():
    """A ratio within one run: reading does not grow faster than the log, and very long logs are windowed."""
    import time

    lines = [f"{INFO}loaded batch {number} of orders in {number % 7} s" for number in range(400)]
    small = "\n".join([*lines, FAILED + TRACE + "KeyError: 'x'"])
    large = "\n".join([*lines * 10, FAILED + TRACE + "KeyError: 'x'"])

    def seconds(text):
        times = []
        for _ in range(5):
            start = time.perf_counter()
            service.diagnose(text)
            times.append(time.perf_counter() - start)
        return min(times)

    assert seconds(large) <= 30 * seconds(small)
