"""Examples of the documentation do what the documentation says; the exercises of the training are solved by their solutions."""

from __future__ import annotations

import ast
import shlex
import shutil
from pathlib import Path

import pytest
import yaml

from airflow_provider_wfintel.cli.main import main
from airflow_provider_wfintel.engine.monitoring.service import read_alert_settings
from airflow_provider_wfintel.engine.troubleshooting.remedies.policy import Subject
from airflow_provider_wfintel.engine.troubleshooting.remedies.policy_file import parse_policy, read_policy
from tests.unit.docs.pages import ALL, DOCS, PAGES, ROOT, Block

RUN = sorted({block.page for block in ALL if block.mark.startswith("run")})


def of(language: str) -> list[Block]:
    return [block for block in ALL if block.language == language]


@pytest.mark.parametrize("block", of("python"), ids=lambda block: block.place)
def test_python_is_python(block: Block) -> None:
    # An ellipsis of the page stands for arguments that are not shown.
    code = block.code.replace(", ...)", ")").replace("(...)", "()").rstrip()
    # A decorator may stand without what it decorates.
    ast.parse(code + ("\ndef f(): ..." if code.splitlines()[-1].startswith("@") else ""))


@pytest.mark.parametrize("block", of("yaml"), ids=lambda block: block.place)
def test_yaml_can_be_followed(block: Block) -> None:
    data = yaml.safe_load(block.code)
    if isinstance(data, dict) and "version" in data:
        parse_policy(block.code, block.place)
    elif isinstance(data, dict) and {"receivers", "routes"} <= set(data):
        read_alert_settings(data)


@pytest.mark.parametrize("page", RUN, ids=lambda page: page.stem)
def test_commands_show_what_the_page_says(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(DOCS / "training" / "deployment", tmp_path / "deployment")
    monkeypatch.chdir(tmp_path / "deployment")
    monkeypatch.setenv("COLUMNS", "200")
    shown, ran = "", 0
    # All files first: what is read from a folder is remembered in a process, and a reader's commands are processes.
    for block in (item for item in ALL if item.page == page and item.mark.startswith("file:")):
        file = Path(block.mark.removeprefix("file:").strip())
        file.parent.mkdir(exist_ok=True)
        file.write_text(block.code, encoding="utf-8")
    for block in (item for item in ALL if item.page == page):
        if block.mark.startswith("run"):
            status = int(block.mark.partition("status")[2] or 0)
            for command in block.code.strip().splitlines():
                name, *arguments = shlex.split(command)
                assert name == "wfintel", f"{block.place}: only commands of ours are run"
                assert main(arguments) == status, f"{block.place}: {capsys.readouterr()}"
            said = capsys.readouterr()
            shown, ran = said.out + said.err, ran + 1
        elif block.mark == "shows":
            for line in block.code.strip().splitlines():
                assert line.strip() in shown, f"{block.place}: {line.strip()!r} is not in:\n{shown}"
        elif block.mark == "shows not":
            begun = [line.split(maxsplit=1)[0] for line in shown.splitlines() if line.strip()]
            assert not set(block.code.split()) & set(begun), f"{block.place}:\n{shown}"
    assert ran


def test_the_policy_of_the_last_exercise_does_what_was_asked(tmp_path: Path) -> None:
    (block,) = [item for item in ALL if item.mark == "file: remedies.yaml"]
    path = tmp_path / "remedies.yaml"
    path.write_text(block.code, encoding="utf-8")
    policy = read_policy(path)
    dropped = policy.terms(Subject("nightly_mart", "users", label="connection_dropped"))
    assert (dropped.mode, dropped.allow, dropped.budget.per_task) == ("allow", {"clear_with_backoff"}, 2)
    assert policy.terms(Subject("nightly_mart", "users", label="disk_full")).mode == "suggest"
    assert policy.terms(Subject("other", "users", label="connection_dropped")).mode == "suggest"
    assert policy.terms(Subject("nightly_mart", "report", label="connection_dropped")).non_idempotent


def test_the_rule_of_the_runbook_stops_what_others_allow() -> None:
    (block,) = [item for item in ALL if item.mark == "stops everything"]
    allowing = "      - {match: {tags: [etl]}, mode: allow, allow: [clear_with_backoff]}\n"
    subject = Subject("sales", "load", label="connection_dropped", tags=("etl",))
    head, _, last = block.code.partition("rules:\n")
    rules = f"{head}rules:\n{allowing.removeprefix('    ')}"
    assert parse_policy(rules).terms(subject).mode == "allow"
    assert parse_policy(rules + last).terms(subject).mode == "suggest"


def test_a_bare_off_is_the_word_that_was_meant() -> None:
    """YAML reads it as false."""
    policy = parse_policy("version: 1\ndefaults: {mode: off}\nrules:\n  - {match: {dags: [a]}, mode: off}\n")
    assert policy.terms(Subject("a", "t")).mode == policy.terms(Subject("b", "t")).mode == "off"


def test_the_history_of_the_training_is_what_its_script_makes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import runpy

    made = runpy.run_path(str(ROOT / "scripts" / "build_training.py"))
    target = tmp_path / "history.json"
    made["main"].__globals__["TARGET"] = target
    made["main"]()
    assert target.read_text() == (DOCS / "training" / "deployment" / "history.json").read_text()


def test_there_is_documentation_to_be_tested() -> None:
    assert len(PAGES) > 30
    assert len(of("python")) > 5
