"""The console script as a process: light, quiet, with honest exit statuses."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(sys.executable).with_name("wfintel")
HELP_CPU_SECONDS = 0.4
GENERATE_CPU_SECONDS = 1.5


def run(*arguments: str, stdin: bytes = b"", bytecode: Path | None = None) -> subprocess.CompletedProcess[bytes]:
    environment = dict(os.environ)
    if bytecode is not None:
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        environment["PYTHONPYCACHEPREFIX"] = str(bytecode)
    return subprocess.run([str(SCRIPT), *arguments], input=stdin, capture_output=True, env=environment)


def cpu_seconds(bytecode: Path, *arguments: str) -> float:
    """CPU time of the process with its bytecode in place, as in an installed package; the best of three."""
    times = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        result = run(*arguments, bytecode=bytecode)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert result.returncode == 0, result.stderr.decode()
        times.append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
    return min(times)


def test_help_names_the_commands_there_are():
    out = run("--help").stdout.decode()
    for name in ("detect", "generate", "layout", "optimize", "diagnose", "validate", "services", "demo"):
        assert name in out


def test_help_is_light(tmp_path):
    assert cpu_seconds(tmp_path, "--help") <= HELP_CPU_SECONDS


def test_generating_is_light_with_checks_off(tmp_path):
    text = "Every day at 6:00 run the shell command `date`."
    assert cpu_seconds(tmp_path, "generate", text, "--no-validate") <= GENERATE_CPU_SECONDS


def test_generating_does_not_import_airflow():
    code = (
        "import sys\n"
        "from airflow_provider_wfintel.cli.main import main\n"
        "assert main(['generate', 'Every day at 6:00 run the shell command `date`.', '--json']) == 0\n"
        "assert main(['detect', 'Copy files from S3 to GCS']) == 0\n"
        "assert main(['services', 's3']) == 0\n"
        "sys.exit('airflow' in sys.modules)\n"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True)
    assert result.returncode == 0, result.stderr.decode()


@pytest.mark.parametrize("arguments", [(), ("paint",), ("generate",), ("detect", "--colour", "x")])
def test_wrong_usage_ends_with_2(arguments):
    result = run(*arguments)
    assert result.returncode == 2
    assert result.stdout == b""


def test_version():
    from airflow_provider_wfintel import __version__

    assert run("--version").stdout.decode().strip() == f"wfintel {__version__}"


@pytest.mark.parametrize(
    "data", [b"x", b"word " * 200_000, b"\xff\xfe\x00\x01" * 50], ids=["one letter", "1 MB", "binary"]
)
def test_strange_input_gives_one_line_or_an_answer_but_no_traceback(data):
    result = run("generate", "-", "--json", stdin=data)
    err = result.stderr.decode()
    assert result.returncode in (0, 1)
    assert "Traceback" not in err
    if result.returncode == 1:
        assert result.stdout == b""
        assert len(err.splitlines()) == 1
        assert err.rstrip().endswith(")"), "the hint"
    else:
        json.loads(result.stdout)


def test_a_megabyte_is_refused():
    result = run("generate", "-", stdin=b"word " * 200_000)
    assert result.returncode == 1
    assert b"Traceback" not in result.stderr


def test_a_closed_pipe_is_no_error_message():
    process = subprocess.Popen([str(SCRIPT), "services"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.read(10)
    process.stdout.close()
    _, err = process.communicate(timeout=60)
    assert b"Traceback" not in err
    assert b"Broken" not in err
