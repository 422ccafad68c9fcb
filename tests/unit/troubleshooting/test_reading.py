"""Logs of every form become the same events, and large ones are read in bounded memory."""

from __future__ import annotations

import gzip
import io
import json

from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_provider_wfintel.engine.troubleshooting.reading import read_document, window_of_stream, window_of_text
from airflow_provider_wfintel.engine.troubleshooting.reading.prefix import split_prefix
from airflow_provider_wfintel.engine.troubleshooting.reading.window import HEAD, TAIL

AIRFLOW_2 = """\
[2024-01-01T10:00:00.000+0000] {taskinstance.py:1} INFO - Starting attempt 1 of 2
[2024-01-01T10:00:01.000+0000] {taskinstance.py:2} ERROR - Task failed with exception
Traceback (most recent call last):
  File "/opt/dags/orders.py", line 9, in load
    rows["id"]
KeyError: 'id'

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "/opt/dags/orders.py", line 12, in run
    raise LoadError("no ids")
shop.LoadError: no ids
[2024-01-01T10:00:02.000+0000] {taskinstance.py:3} INFO - Marking task as FAILED
"""


def exceptions(text):
    return [(event.text, event.depth) for event in read_document(text).events if event.kind == "exception"]


def test_a_chain_in_text_is_numbered_from_the_exception_raised_last():
    assert exceptions(AIRFLOW_2) == [("KeyError: 'id'", 1), ("shop.LoadError: no ids", 0)]


def test_code_under_a_frame_is_no_message():
    texts = [event.text for event in read_document(AIRFLOW_2).events if event.kind == "message"]
    assert texts == ["Starting attempt 1 of 2", "Task failed with exception", "Marking task as FAILED"]


def test_an_exception_knows_its_frames_and_the_message_it_came_with():
    last = [event for event in read_document(AIRFLOW_2).events if event.kind == "exception"][-1]
    assert "line 12, in run" in last.frames
    assert last.header == "Task failed with exception"
    assert last.level == "error"


def test_error_detail_of_airflow_3_gives_the_same_chain():
    line = json.dumps(
        {
            "timestamp": "2026-01-01T00:00:00Z",
            "level": "error",
            "event": "Task failed with exception",
            "logger": "task",
            "error_detail": [
                {
                    "exc_type": "LoadError",
                    "exc_value": "no ids",
                    "frames": [{"filename": "a.py", "lineno": 1, "name": "run"}],
                },
                {"exc_type": "KeyError", "exc_value": "'id'", "is_cause": True, "frames": []},
            ],
        }
    )
    assert exceptions(line) == [("KeyError: 'id'", 1), ("LoadError: no ids", 0)]


def test_exception_groups_give_their_members():
    line = json.dumps(
        {
            "level": "error",
            "event": "boom",
            "error_detail": [
                {
                    "exc_type": "ExceptionGroup",
                    "exc_value": "2 errors",
                    "exceptions": [
                        [{"exc_type": "KeyError", "exc_value": "'a'"}],
                        [{"exc_type": "OSError", "exc_value": "b"}],
                    ],
                }
            ],
        }
    )
    assert {text for text, _ in exceptions(line)} == {"ExceptionGroup: 2 errors", "KeyError: 'a'", "OSError: b"}


def test_what_stands_beside_the_message_is_read():
    line = '{"level":"info","event":"Process exited","exit_code":-9,"signal_name":"SIGKILL"}'
    (event,) = read_document(line).events
    assert event.text == "Process exited exit_code=-9 signal_name=SIGKILL"


def test_a_traceback_inside_a_message_is_read():
    text = 'Trigger failed:\nTraceback (most recent call last):\n\n  File "a.py", line 1, in run\n    x()\n\nTypeError: bad shape'
    events = read_document(json.dumps({"event": text, "level": "error"})).events
    assert [event.text for event in events] == ["Trigger failed:", "TypeError: bad shape"]


def test_java_causes_are_exceptions_and_frames_are_not():
    text = (
        "java.lang.RuntimeException: job failed\n\tat shop.Load.run(Load.java:9)\n"
        "Caused by: java.net.UnknownHostException: nn-1\n\tat java.net.X.y(X.java:1)\n\t... 3 more"
    )
    assert [event.text for event in read_document(text).events] == [
        "java.lang.RuntimeException: job failed",
        "Caused by: java.net.UnknownHostException: nn-1",
    ]


def test_an_exception_keeps_the_lines_that_belong_to_it():
    text = 'Traceback (most recent call last):\n  File "a.py", line 1, in x\npsycopg2.errors.SyntaxError: syntax error\nLINE 1: FROM FROM\n        ^\n'
    (event,) = read_document(text).events
    assert event.text == "psycopg2.errors.SyntaxError: syntax error\nLINE 1: FROM FROM"


def test_colours_are_removed():
    (event,) = read_document("\x1b[31mERROR\x1b[0m - broken").events
    assert (event.level, event.text) == ("error", "broken")


def test_facts_after_the_log_are_facts():
    events = read_document("hello\n--- facts\nstate: failed\nevent heartbeat timeout: no beat").events
    assert [(event.kind, event.text) for event in events] == [
        ("message", "hello"),
        ("fact", "event heartbeat timeout: no beat"),
    ]


def test_levels_of_many_programs_are_read():
    for line, level, message in (
        ("[2024-01-01, 10:00:00 UTC] {a.py:1} WARNING - x y", "warning", "x y"),
        ("2024-01-01 10:00:00,123 - shop.load - ERROR - x y", "error", "x y"),
        ("2024-01-01 10:00:00 [error    ] x y", "error", "x y"),
        ("24/01/01 10:00:00 WARN TaskSetManager: x y", "warning", "x y"),
        ("[2024-01-01 10:00:00,000: ERROR/MainProcess] x y", "error", "x y"),
        ("ERROR: x y", "error", "x y"),
        ("E0101 10:00:00.000000       1 main.go:7] x y", "error", "x y"),
    ):
        found = split_prefix(line)
        assert (found[0], found[2]) == (level, message), line


def test_a_small_text_is_kept_whole():
    assert window_of_text(AIRFLOW_2).text == AIRFLOW_2
    assert window_of_text(AIRFLOW_2).omitted == 0


def test_a_large_stream_keeps_head_tail_and_trouble():
    quiet = b"all is well with this line of the log\n" * 60_000
    data = b"HEAD\n" + quiet + b"OSError: [Errno 28] No space left on device\n" + quiet + b"TAIL\n"
    window = window_of_stream(io.BytesIO(data))
    assert window.text.startswith("HEAD")
    assert window.text.endswith("TAIL\n")
    assert "No space left" in window.text
    assert window.size == len(data)
    assert HEAD + TAIL <= len(window.text) < len(data) / 3
    assert window.omitted > 0


def test_gzip_is_unpacked_also_if_it_is_cut_off():
    packed = gzip.compress(AIRFLOW_2.encode())
    assert window_of_stream(io.BytesIO(packed)).text == AIRFLOW_2
    big = gzip.compress(bytes(range(256)) * 9_000)
    assert window_of_stream(io.BytesIO(big[: len(big) // 2])).size >= 0


@settings(deadline=None)
@given(st.binary(max_size=600))
def test_any_bytes_can_be_read(data):
    read_document(window_of_stream(io.BytesIO(data)).text)


@settings(deadline=None)
@given(st.text(max_size=600))
def test_any_text_can_be_read_and_lines_are_counted(text):
    document = read_document(text)
    assert document.lines == text.count("\n") + 1
    assert all(1 <= event.first_line <= document.lines for event in document.events)


def test_the_name_of_a_component_in_front_of_a_line_is_no_part_of_it():
    """`airflow standalone` and others put it there, with or without a bar."""
    bare = 'Traceback (most recent call last):\n  File "/opt/dags/a.py", line 3, in load\n    rows[0]\nIndexError: list index'
    for name in ("dag-processor", "triggerer", "scheduler"):
        told = "\n".join(f"{name} {line}" for line in bare.split("\n"))
        assert exceptions(told) == [("IndexError: list index", 0)]


def test_a_sentence_about_a_component_keeps_its_first_word():
    [event] = read_document("scheduler could not reach the database").events
    assert event.text == "scheduler could not reach the database"
