"""Texts beyond what a description can be are refused by name; what lies within is read as it is."""

from __future__ import annotations

import pytest

from airflow_provider_wfintel.engine.generation.mentions import MAX_CHARACTERS
from airflow_provider_wfintel.engine.generation.reading.size import (
    MAX_SENTENCE,
    MAX_STEPS,
    MAX_STRETCH,
    MAX_WORD,
    require_few,
    require_words,
    with_short_blanks,
)
from airflow_provider_wfintel.engine.generation.service import generate
from airflow_provider_wfintel.exceptions import InputTooLargeError


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Copy " + "q" * (MAX_WORD + 1) + " to S3.", "a word of 501"),
        ("Copy " + "in-" * 200 + " to S3.", "a word of 600"),
        ("Copy " + "a/b," * 501 + " to S3.", "a stretch without blanks of 2004"),
        ("Copy the file and " * 300, "a sentence of 5400"),
    ],
)
def test_what_is_too_long_is_named_with_its_length_and_a_hint(text, what):
    with pytest.raises(InputTooLargeError, match=what) as caught:
        generate(text)
    assert "file" in caught.value.hint


@pytest.mark.parametrize(
    "text",
    [
        "q" * MAX_WORD,
        "a/b," * (MAX_STRETCH // 4),
        "so " * (MAX_SENTENCE // 3) + ". " + "so " * (MAX_SENTENCE // 3),
        "下载文件，" * 500,
        "从接口读取订单。" * 900,
    ],
)
def test_what_is_long_but_within_the_bounds_is_handed_back(text):
    assert require_words(text) == text


@pytest.mark.parametrize(
    ("run", "left"),
    [(" " * 99, " " * 99), (" " * 100, " "), ("\t " * 80, " "), (" " * 99 + "\n", "\n"), ("\n \n" * 60, "\n\n")],
)
def test_only_long_runs_of_blanks_are_shortened_and_line_ends_are_kept(run, left):
    assert with_short_blanks(f"a{run}b") == f"a{left}b"


def test_a_run_of_blanks_inside_a_sentence_changes_nothing_but_the_offsets():
    plain = generate("Every day at 6:00 load s3://lake/in.csv into the Snowflake table raw.orders.")
    wide = generate("Every day at 6:00 load" + " " * 3000 + "s3://lake/in.csv into the Snowflake table raw.orders.")
    assert wide.spec.tasks == plain.spec.tasks
    assert [item.span.of(wide.text) for item in wide.mentions] == [item.span.of(plain.text) for item in plain.mentions]


def test_more_steps_than_one_dag_holds_are_refused_with_their_number():
    with pytest.raises(InputTooLargeError, match=rf"gives \d+ steps, the most .* is {MAX_STEPS}") as caught:
        generate("\n".join(f"Run the script jobs/part_{number}.py." for number in range(MAX_STEPS + 1)))
    assert "one workflow at a time" in caught.value.hint


def test_as_many_as_allowed_are_no_error():
    require_few(3, 3, "steps")
    with pytest.raises(InputTooLargeError, match="gives 4 steps"):
        require_few(4, 3, "steps")


def test_the_longest_text_is_eight_pages():
    with pytest.raises(InputTooLargeError, match=f"the most that is read is {MAX_CHARACTERS}"):
        generate("Copy the file. " * (MAX_CHARACTERS // 15 + 1))
