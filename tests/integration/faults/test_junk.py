"""Ten megabytes of junk into every input: an answer within seconds, an error that names the thing, no crash."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from airflow_provider_wfintel.cli.main import main

pytestmark = pytest.mark.integration

SIZE = 10 * 1024 * 1024
SECONDS = 120.0
ClientAs = Callable[[str], TestClient]

_random = random.Random(7)  # noqa: S311
JUNK: dict[str, bytes] = {
    "bytes": _random.randbytes(SIZE),
    "one_letter": b"a" * SIZE,
    "one_line": b"word " * (SIZE // 5),
    "lines": b"2026-03-02 ERROR Traceback (most recent call last):\n" * (SIZE // 52),
    "brackets": b"[" * SIZE,
    "json": b'{"dag_runs": [' + b'{"a": 1},' * (SIZE // 9) + b"{}]}",
    "python": b"x = [1, 2, 3]\n" * (SIZE // 14),
    "nothing": b"",
}
COMMANDS: dict[str, list[str]] = {
    "generate": ["generate", "--text-file", "FILE", "--json"],
    "detect": ["detect", "--text-file", "FILE"],
    "detect_lines": ["detect", "--jsonl", "FILE"],
    "diagnose": ["diagnose", "FILE"],
    "facts": ["diagnose", "LOG", "--facts", "FILE"],
    "validate": ["validate", "FILE"],
    "optimize": ["optimize", "FILE"],
    "health": ["health", "FILE"],
    "forecast": ["forecast", "FILE"],
    "anomalies": ["anomalies", "FILE"],
    "metrics": ["metrics", "FILE"],
    "policy": ["remedies", "--check", "FILE"],
    "context": ["generate", "Every day at 6:00 run `date`", "--context", "FILE", "--json"],
}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("junk")
    for name, content in JUNK.items():
        (folder / name).write_bytes(content)
    (folder / "log.txt").write_text("ERROR - MemoryError\n")
    return folder


def quick(name: str) -> bool:
    """A core of them for every build; the others are in `make faults-ops`."""
    return name in ("bytes", "one_line", "brackets")


def params(full: bool) -> list[Any]:
    marks = () if not full else (pytest.mark.long_faults,)
    return [
        pytest.param(command, junk, id=f"{command}-{junk}", marks=marks)
        for command in COMMANDS
        for junk in JUNK
        if quick(junk) != full
    ]


@pytest.mark.parametrize(("command", "junk"), [*params(False), *params(True)])
def test_a_command_answers(files: Path, command: str, junk: str, capsys: pytest.CaptureFixture[str]) -> None:
    places = {"FILE": str(files / junk), "LOG": str(files / "log.txt")}
    arguments = [places.get(item, item) for item in COMMANDS[command]]
    before = time.process_time()
    status = main(arguments)
    assert time.process_time() - before < SECONDS
    said = capsys.readouterr()
    assert status in (0, 1, 3)
    if status == 1 and not said.out:
        (line,) = said.err.strip().splitlines()
        assert line.startswith("wfintel: error: ")
        assert len(line) < 2000


@pytest.mark.parametrize("junk", ["bytes", "one_line", "brackets", "json"])
@pytest.mark.parametrize(
    "path",
    [
        "automation/generate", "automation/validate", "automation/save", "optimization/analyze", "optimization/predict",
        "troubleshooting/analyze", "troubleshooting/sessions", "monitoring/alerts", "monitoring/services", "feedback",
    ],
)  # fmt: skip
def test_a_route_refuses_it(client_as: ClientAs, path: str, junk: str) -> None:
    answer = client_as("admin").post(
        f"/wfintel/api/workflows/{path}", content=JUNK[junk], headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 413
    assert set(answer.json()) == {"error", "error_type", "hint", "retryable"}


@pytest.mark.parametrize("junk", list(JUNK))
def test_settings_files(files: Path, junk: str) -> None:
    from airflow_provider_wfintel.app.alerting.settings import read_file
    from airflow_provider_wfintel.app.plan_file import entries
    from airflow_provider_wfintel.app.troubleshooting.settings import current_policy
    from airflow_provider_wfintel.exceptions import WfIntelError

    for read in (read_file, entries, current_policy):
        before = time.process_time()
        if junk == "nothing" and read is read_file:
            assert read(files / junk) == {}
            continue
        with pytest.raises(WfIntelError):
            read(files / junk)
        assert time.process_time() - before < SECONDS
