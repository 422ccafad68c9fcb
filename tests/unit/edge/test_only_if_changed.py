"""`only_if_changed`: the function runs when its input, its code or its output is another one, and only then."""

from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path

import pytest

from airflow_provider_wfintel.operators.unchanged import only_if_changed

RATE = 2


@pytest.fixture
def place(tmp_path):
    (tmp_path / "in.csv").write_text("1")
    return tmp_path


def gated(place, calls, function):
    source, target = str(place / "in.csv"), str(place / "out.csv")

    run = only_if_changed(reads=[source], writes=[target])(function)
    return lambda: run(source, target, calls)


def counted(place, calls):
    """A function whose arguments can be compared: it notes its calls in a file that is neither input nor output."""
    return gated(place, str(calls), _convert)


def _convert(source, target, calls):
    with Path(calls).open("a") as log:
        log.write("x")
    Path(target).write_text(Path(source).read_text() * RATE)


def runs(calls) -> int:
    return len(calls.read_text()) if calls.exists() else 0


def test_the_second_run_on_the_same_input_does_nothing(place):
    calls = place / "calls"
    run = counted(place, calls)
    run()
    run()
    assert runs(calls) == 1
    assert (place / "out.csv").read_text() == "11"


@pytest.mark.parametrize(
    "what", ["other input", "output gone", "output changed", "checksums gone", "checksums spoiled"]
)
def test_it_runs_again_when_something_is_not_as_it_was(place, what):
    calls = place / "calls"
    run = counted(place, calls)
    run()
    (kept,) = place.glob(".out.csv.inputs.json")
    {
        "other input": lambda: (place / "in.csv").write_text("2"),
        "output gone": lambda: (place / "out.csv").unlink(),
        "output changed": lambda: (place / "out.csv").write_text("x"),
        "checksums gone": kept.unlink,
        "checksums spoiled": lambda: kept.write_text("{"),
    }[what]()
    run()
    assert runs(calls) == 2
    run()
    assert runs(calls) == 2


def test_a_plain_value_of_its_module_counts_as_its_code(place, monkeypatch):
    calls = place / "calls"
    counted(place, calls)()
    monkeypatch.setattr(sys.modules[__name__], "RATE", 3)
    counted(place, calls)()
    assert (place / "out.csv").read_text() == "111"


def test_a_failed_run_is_not_taken_for_done(place):
    (place / "in.csv").unlink()
    run = counted(place, place / "calls")
    for _ in range(2):
        with pytest.raises(FileNotFoundError):
            run()
    assert runs(place / "calls") == 2


def test_arguments_that_cannot_be_compared_mean_that_it_runs(place):
    handle = object()
    seen = []
    again = only_if_changed(reads=[str(place / "in.csv")], writes=[str(place / "out.csv")])(lambda _: seen.append(1))
    again(handle)
    again(handle)
    assert len(seen) == 2


def test_a_function_that_returns_something_runs_every_time(place):
    run = only_if_changed(reads=[str(place / "in.csv")], writes=[str(place / "in.csv")])(_seven)
    assert (run(), run()) == (7, 7)


def _seven():
    return 7


def test_the_signature_that_airflow_looks_at_stays(place):
    run = only_if_changed(reads=["/a"], writes=["/b"])(_convert)
    assert list(inspect.signature(run).parameters) == ["source", "target", "calls"]


def test_two_processes_with_other_hash_seeds_agree(place):
    code = (
        "from airflow_provider_wfintel.operators.unchanged import only_if_changed\n"
        "def work():\n"
        "    if 'a' in {'a', 'b', 'c', 'd'}:\n"
        f"        open({str(place / 'calls')!r}, 'a').write('x'); open({str(place / 'out.csv')!r}, 'w').write('1')\n"
        f"only_if_changed(reads=[{str(place / 'in.csv')!r}], writes=[{str(place / 'out.csv')!r}])(work)()\n"
    )
    script = place / "work.py"
    script.write_text(code)
    for seed in ("1", "2"):
        subprocess.run([sys.executable, "-c", code], check=True, env={"PYTHONHASHSEED": seed, "PYTHONPATH": _root()})
    assert runs(place / "calls") == 1


def _root() -> str:
    import airflow_provider_wfintel

    return str(inspect.getfile(airflow_provider_wfintel)).rsplit("/", 2)[0]


@pytest.mark.parametrize("files", [{"reads": [], "writes": ["/b"]}, {"reads": "/a", "writes": ["/b"]}])
def test_no_files_are_an_error(files):
    with pytest.raises(ValueError, match="lists of files"):
        only_if_changed(**files)
