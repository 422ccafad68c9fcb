"""One line per try: what it cost and what kind of error ended it, and never an error of its own."""

from __future__ import annotations

import json
import logging
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_wfintel.plugin import measure
from airflow_provider_wfintel.plugin.measure import error_fingerprint, measured_line, report, start

ITEM = SimpleNamespace(id="0198-1", dag_id="orders", run_id="r1", task_id="load", map_index=2, try_number=3)


@pytest.fixture(autouse=True)
def no_earlier_tries() -> None:
    measure._STARTED.clear()


def raised(error: Exception, where: str = "load") -> Exception:
    """The error as if a function of that name had raised it."""
    space: dict[str, Any] = {}
    exec(f"def {where}(error):\n    raise error", space)  # noqa: S102
    try:
        space[where](error)
    except Exception as caught:
        return caught
    raise AssertionError


class TestLine:
    def test_it_says_which_try(self) -> None:
        data = json.loads(measured_line(ITEM, "success"))
        assert {name: data[name] for name in ("try_id", "dag_id", "run_id", "task_id", "map_index", "try_number")} == {
            "try_id": "0198-1",
            "dag_id": "orders",
            "run_id": "r1",
            "task_id": "load",
            "map_index": 2,
            "try_number": 3,
        }
        assert data["state"] == "success"

    def test_processor_time_is_that_of_the_try(self) -> None:
        start("0198-1")
        began = measure._processor_seconds()
        while measure._processor_seconds() - began < 0.05:
            sum(range(10_000))
        data = json.loads(measured_line(ITEM, "success"))
        assert data["cpu_seconds"] >= 0.05

    def test_memory_is_at_least_what_was_held(self) -> None:
        held = bytearray(80_000_000)
        assert json.loads(measured_line(ITEM, "success"))["peak_rss_bytes"] >= len(held)

    def test_without_a_begin_no_differences_are_made_up(self) -> None:
        data = json.loads(measured_line(ITEM, "success"))
        assert not {"cpu_seconds", "wall_seconds", "read_bytes"} & set(data)

    def test_the_words_of_an_error_are_left_out(self) -> None:
        line = measured_line(ITEM, "failed", ValueError("password hunter2 is wrong"))
        assert "hunter2" not in line
        assert json.loads(line)["error_type"] == "ValueError"

    def test_a_type_of_a_library_has_its_module(self) -> None:
        error = json.JSONDecodeError("bad", "{", 0)
        assert json.loads(measured_line(ITEM, "failed", error))["error_type"] == "json.decoder.JSONDecodeError"

    def test_airflow_may_give_words_in_place_of_an_error(self) -> None:
        assert json.loads(measured_line(ITEM, "failed", "executor reported failure"))["error_type"] == "str"


class TestFingerprint:
    @given(st.integers(), st.integers())
    def test_numbers_do_not_matter(self, one: int, other: int) -> None:
        first = error_fingerprint(raised(KeyError(f"row {abs(one)} at 0x7f{abs(one) % 9:x}")))
        assert first == error_fingerprint(raised(KeyError(f"row {abs(other)} at 0x7e{abs(other) % 7:x}")))

    def test_type_message_and_place_do(self) -> None:
        errors = [
            raised(TypeError("no such column")),
            raised(ValueError("no such column")),
            raised(TypeError("no such table")),
            raised(TypeError("no such column"), where="extract"),
        ]
        assert len({error_fingerprint(error) for error in errors}) == len(errors)

    def test_a_long_message_costs_no_more(self) -> None:
        assert len(error_fingerprint("x" * 10_000_000)) == 16


class Broken:
    """A task instance on which everything raises."""

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError(name)


class TestNeverRaising:
    def test_whatever_the_task_instance_is(self) -> None:
        report(Broken(), "failed", ValueError())
        report(None, "success")

    def test_nor_whatever_the_error_is(self) -> None:
        class Wordless(Exception):
            def __str__(self) -> str:
                raise RuntimeError("no words")

        report(ITEM, "failed", Wordless())

    def test_nor_without_means_to_measure(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refused() -> float:
            raise OSError("no /proc here")

        monkeypatch.setattr(measure, "_processor_seconds", refused)
        start("0198-1")
        report(ITEM, "success")

    def test_tries_without_an_end_do_not_pile_up(self) -> None:
        for number in range(1000):
            start(str(number))
        assert len(measure._STARTED) <= 8


def test_the_line_is_found_by_its_mark(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="airflow_provider_wfintel.try"):
        start("0198-1")
        report(ITEM, "success")
    (record,) = caplog.records
    mark, _, text = record.getMessage().partition(" ")
    assert mark == measure.MARK
    assert json.loads(text)["try_id"] == "0198-1"
