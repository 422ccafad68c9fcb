"""No text makes a pattern of ours work for long: each gets what it would backtrack on, by the way that texts come in.

A short form tries some with each build, `make fuzz` many more (`EXAMPLES=20000` all). What is bounded is processor
time: of a log of 100 KB, of the longest description that is read.
"""

from __future__ import annotations

import os
import time

import pytest

from airflow_provider_wfintel.engine.generation.mentions import MAX_CHARACTERS
from airflow_provider_wfintel.engine.generation.schedule import read_schedule
from airflow_provider_wfintel.engine.generation.service import generate
from airflow_provider_wfintel.engine.troubleshooting.service import diagnose, redact
from airflow_provider_wfintel.exceptions import WfIntelError
from tests.unit.fuzz.pumps import pumps_of, pumps_of_signatures, signatures

LOG = 100_000
DESCRIPTION = MAX_CHARACTERS - 100
MOST_SECONDS = 10.0
SOME = int(os.environ.get("WFINTEL_FUZZ_EXAMPLES", "40")) // 4
Pump = tuple[str, str]


def some(pumps: tuple[Pump, ...]) -> list[Pump]:
    """So many, far apart."""
    return list(pumps[:: max(1, len(pumps) // SOME)])


def seconds(work) -> float:
    begin = time.process_time()
    try:
        work()
    except WfIntelError as error:
        assert error.hint
    return time.process_time() - begin


def test_patterns_are_found_in_tables_and_in_the_catalogue() -> None:
    assert len(pumps_of("generation")) > 300
    assert len(pumps_of("troubleshooting")) > 30
    assert len(signatures()) > 500


@pytest.mark.parametrize("pump", some((*pumps_of("troubleshooting"), *pumps_of_signatures())), ids=repr)
def test_a_log_of_what_a_pattern_repeats(pump: Pump) -> None:
    before, unit = pump
    once = before + unit * (LOG // len(unit)) + "\x00"
    again = "\n".join([before + unit * (2000 // len(unit)) + "\x00"] * (LOG // 2000))
    assert seconds(lambda: [diagnose(text) for text in (once, again)]) < 2 * MOST_SECONDS
    assert seconds(lambda: [redact(text) for text in (once, again)]) < 2 * MOST_SECONDS


@pytest.mark.parametrize("pump", some(pumps_of("generation")), ids=repr)
def test_a_description_of_what_a_pattern_repeats(pump: Pump) -> None:
    """As long as it is read: words, stretches and sentences beyond the bounds are refused, so these stay below."""
    before, unit = pump
    piece = f"{before}{unit * max(1, 400 // len(unit))} \x01. "
    text = "Run the shell command `date`. " + piece * (DESCRIPTION // len(piece))
    whole = f"Run `date`. {before}{unit * (DESCRIPTION // len(unit))}"[:MAX_CHARACTERS]
    assert seconds(lambda: generate(text)) < MOST_SECONDS
    assert seconds(lambda: generate(whole)) < MOST_SECONDS
    assert seconds(lambda: read_schedule(f"{before}{unit * (2000 // len(unit))}\x01")) < MOST_SECONDS
