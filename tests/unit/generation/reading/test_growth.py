"""Reading a long text takes time in proportion to its length: no word is looked for through all that went before."""

from __future__ import annotations

import time

import pytest

from airflow_provider_wfintel.engine.generation.reading.slots import read_slots
from airflow_provider_wfintel.engine.generation.service import generate
from airflow_provider_wfintel.engine.model import Span

MOST = 8.0
"""Four times the text may take this many times as much processor time; growth with the square would be sixteen."""


def best_of(run, times: int = 7) -> float:
    def once() -> float:
        start = time.process_time()
        run()
        return time.process_time() - start

    return min(once() for _ in range(times))


@pytest.mark.parametrize("words", ["table ", "the table ", "connection "])
def test_values_beside_cue_words_are_read_in_proportion(words):
    def read(count: int) -> None:
        read_slots(words * count, Span(0, len(words) * count), (), ())

    read(1)
    assert best_of(lambda: read(1600)) < MOST * best_of(lambda: read(400))


FAMILIES = {
    "long words": "ab" * 100 + " ",
    "hyphens": "ab-" * 60 + " ",
    "dots": "ab.cd." * 30 + " ",
    "underscores": "ab_" * 60 + " ",
    "blanks": "fetch" + " " * 95,
    "schedule words": "daily at 6:00 ",
    "retries": "retry 3 times ",
    "numbers": "1. ",
    "list lines": "- so\n",
    "Chinese words": "每天早上6点，",
    "corrections": "so, sorry ",
    "questions": "so it is? no, ",
    "arrows": "-> ",
    "brackets": "(so ",
    "quotes": "`so ",
}


@pytest.mark.parametrize("family", FAMILIES)
def test_a_whole_description_is_read_in_proportion(family):
    piece = FAMILIES[family]

    def read(characters: int) -> None:
        sentence = (piece * 300)[:300]
        generate("Load s3://a/b into the Snowflake table a.b. " + f"{sentence}. " * (characters // 300))

    read(300)
    assert best_of(lambda: read(2400), 2) < MOST * best_of(lambda: read(600), 2)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("the orders_raw table", "orders_raw"),
        ("the stg.orders-2   table", "stg.orders-2"),
        ("into .raw_1 table", "raw_1"),
        ("orders_raw 的 table", "orders_raw"),
    ],
)
def test_a_value_before_its_cue_is_the_whole_word(text, value):
    assert [slot.value for slot in read_slots(text, Span(0, len(text)), (), ()) if slot.name == "table"] == [value]
