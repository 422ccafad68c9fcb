"""Whatever is handed in: an answer or an error of ours with a hint; nothing else, and no code of the writer's."""

from __future__ import annotations

import ast
import gzip
import io
import itertools
import json
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_provider_wfintel.engine.generation.schedule import read_schedule
from airflow_provider_wfintel.engine.generation.service import detect, find_corrections, generate
from airflow_provider_wfintel.engine.model import WorkflowSpec, from_json, to_json
from airflow_provider_wfintel.engine.monitoring.service import read_alert_settings
from airflow_provider_wfintel.engine.troubleshooting.remedies.policy_file import parse_policy
from airflow_provider_wfintel.engine.troubleshooting.service import diagnose, diagnose_stream, redact
from airflow_provider_wfintel.exceptions import WfIntelError
from tests.unit.fuzz.strings import LOG, WORDS, texts, values

FUZZ = settings.get_profile("wfintel-fuzz")
SPEC = to_json(generate("Every day at 06:00 UTC run the shell command `date`, then run `select 1` in Postgres.").spec)
MARK = "Zq7planted"


def told(error: WfIntelError) -> bool:
    return bool(error.message and error.hint)


@FUZZ
@given(texts(WORDS))
def test_a_description(text: str) -> None:
    try:
        found = generate(text)
    except WfIntelError as error:
        assert told(error), repr(error)
        return
    compile(found.source, "dag.py", "exec")
    assert generate(text).source == found.source


@FUZZ
@given(texts(WORDS), st.sampled_from(["'", '"', '"""', "\\", "\n", "{{", ")", "`", ""]), texts(WORDS))
def test_words_of_a_description_end_as_literals_only(before: str, end: str, after: str) -> None:
    attack = f"{end}{MARK}(){end}\n{MARK} = 1; import {MARK} #"
    try:
        found = generate(f"{before} Run the shell command `{attack}` every day at 06:00. {after}")
    except WfIntelError:
        return
    for node in ast.walk(ast.parse(found.source)):
        names = [getattr(node, name, None) for name in ("id", "attr", "module", "arg")]
        names += [item.name for item in getattr(node, "names", ()) if isinstance(item, ast.alias)]
        assert MARK not in names, found.source


@FUZZ
@given(texts(WORDS))
def test_a_schedule(text: str) -> None:
    try:
        read_schedule(text)
    except WfIntelError as error:
        assert told(error), repr(error)


@FUZZ
@given(texts(WORDS))
def test_what_is_mentioned_lies_in_the_text(text: str) -> None:
    try:
        found = detect(text)
    except WfIntelError as error:
        assert told(error), repr(error)
        return
    assert all(0 <= item.span.start < item.span.end <= len(text) for item in found)


@FUZZ
@given(texts(LOG), values("state", "duration", "upstream", "events", "pool"))
def test_a_log_and_facts(text: str, facts: object) -> None:
    try:
        found = diagnose(text, facts if isinstance(facts, dict) else None)
    except WfIntelError as error:
        assert told(error), repr(error)
        return
    assert found.label
    assert 0.0 <= found.confidence <= 1.0


@FUZZ
@given(st.one_of(st.binary(max_size=2000), st.binary(max_size=2000).map(gzip.compress)), st.integers(0, 40))
def test_bytes_as_a_log(data: bytes, cut: int) -> None:
    assert diagnose_stream(io.BytesIO(data[: max(0, len(data) - cut)])).label


@FUZZ
@given(texts(LOG), texts(LOG))
def test_a_planted_secret_is_in_no_answer(before: str, after: str) -> None:
    secret = "hunter2SuperSecret99"
    found = diagnose(f"{before}\nERROR - password={secret} could not connect\n{after}")
    assert secret not in json.dumps(to_json(found))


@FUZZ
@given(st.data())
def test_a_spec_with_something_else_in_it(data: st.DataObject) -> None:
    changed = json.loads(json.dumps(SPEC))
    place: Any = changed
    while isinstance(place, dict | list) and place:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(place[key], dict | list) or data.draw(st.booleans()):
            place[key] = data.draw(values("task_id", "kind", "path", "dag_id"))
            break
        place = place[key]
    try:
        from_json(WorkflowSpec, changed)
    except WfIntelError as error:
        assert error.message


@FUZZ
@given(values("tasks", "dag_id", "schedule", "dependencies"))
def test_anything_as_a_spec(value: object) -> None:
    try:
        from_json(WorkflowSpec, value)
    except WfIntelError as error:
        assert error.message


@FUZZ
@given(values("rules", "receivers", "routes", "match", "id", "name", "channel", "inhibitions", "mute_times"))
def test_anything_as_settings_of_alerts(value: object) -> None:
    try:
        read_alert_settings(value if isinstance(value, dict) else {"rules": value})
    except WfIntelError as error:
        assert told(error), repr(error)


@FUZZ
@given(
    st.one_of(
        values("version", "defaults", "rules", "match", "mode", "allow", "budget", "quiet_hours").map(yaml.safe_dump),
        st.text(max_size=200),
    )
)
def test_anything_as_a_policy(text: str) -> None:
    try:
        parse_policy(text)
    except WfIntelError as error:
        assert told(error), repr(error)


@FUZZ
@given(st.one_of(texts(("import os", "def f():", "    return 1", "x = (", "@dag", "with DAG('a') as d:")), st.text()))
def test_any_file_as_the_corrected_dag(source: str) -> None:
    try:
        find_corrections(from_json(WorkflowSpec, SPEC), source)
    except WfIntelError as error:
        assert error.message


REPEATED = (
    "a", " ", "\t", "(", "[", '"', "\\", "a=", "password=", "http://", "Bearer ", "eyJ", "-----BEGIN ", 'File "x", line 1\n',
    "Caused by: ", '{"a":', "column \"", "%20", "a, ", "1. ",
)  # fmt: skip


@pytest.mark.parametrize("unit", REPEATED)
def test_work_on_a_log_grows_with_its_length_and_no_faster(unit: str) -> None:
    """Ten times the text may take ten times as long, with room for what is fixed; a backtracking pattern takes a hundred."""

    def seconds(length: int) -> float:
        text = unit * (length // len(unit)) + "\nERROR - x!"
        best = float("inf")
        for _ in range(3):
            begin = time.process_time()
            diagnose(text)
            redact(text)
            best = min(best, time.process_time() - begin)
        return best

    assert seconds(100_000) < 30 * seconds(10_000) + 0.5


def test_a_packed_bomb_takes_bounded_memory(tmp_path: Path) -> None:
    """64 MiB of zeros in 64 KiB: read in pieces, the middle is dropped."""
    import tracemalloc

    path = tmp_path / "log.gz"
    with gzip.open(path, "wb") as out:
        for _ in range(64):
            out.write(bytes(1 << 20))
    tracemalloc.start()
    try:
        with path.open("rb") as stream:
            assert diagnose_stream(stream).label
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 32 << 20


def test_aliases_of_yaml_do_not_multiply() -> None:
    """A policy of nine lines that would be a billion strings is refused by its form, not worked out."""
    lines = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    names = "abcdefghij"
    for one, next_one in itertools.pairwise(names):
        lines.append(f"{next_one}: &{next_one} [{', '.join(['*' + one] * 10)}]")
    begin = time.process_time()
    with pytest.raises(WfIntelError):
        parse_policy("\n".join(lines))
    assert time.process_time() - begin < 5
