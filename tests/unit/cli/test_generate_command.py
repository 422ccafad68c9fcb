"""`wfintel generate`: one text or many, files written whole or not at all, errors on one line with a hint."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from airflow_provider_wfintel.engine.generation import service
from airflow_provider_wfintel.engine.generation.compose import compose
from airflow_provider_wfintel.engine.model import DeploymentContext

pytestmark = pytest.mark.usefixtures("fake_engine")


def write_lines(path: Path, *records: object) -> Path:
    path.write_text("".join((item if isinstance(item, str) else json.dumps(item)) + "\n" for item in records))
    return path


def assert_one_line_error(err: str, *words: str) -> None:
    lines = err.splitlines()
    assert len(lines) == 1, err
    assert lines[0].startswith("wfintel: error: ")
    assert lines[0].endswith(")"), "an error ends with its hint"
    for word in words:
        assert word in lines[0]


def without_privileges(run: Callable[[], tuple[int, str, str]]) -> tuple[int, str]:
    """Status and stderr of a call, made in a forked child as the user `nobody` if this process is root's."""
    if os.geteuid() != 0:
        status, _, err = run()
        return status, err
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        answer = b"the child broke"
        try:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
            status, _, err = run()
            answer = json.dumps([status, err]).encode()
        finally:
            os.write(writing, answer)
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as stream:
        answer = stream.read()
    os.waitpid(child, 0)
    status, err = json.loads(answer)
    return status, err


class TestOneText:
    def test_prints_the_file_on_stdout_and_the_rest_on_stderr(self, wfintel, good_file):
        status, out, err = wfintel("generate", "greet me every day")
        assert status == 0
        assert out == good_file
        assert "greeting" in err
        assert "BashOperator" in err
        assert "How often should it run?" in err
        assert "apache-airflow-providers-standard" in err
        assert "me every day" in err, "words that were not used are shown"

    def test_writes_the_file_and_says_where(self, wfintel, tmp_path, good_file):
        target = tmp_path / "greeting.py"
        status, out, _ = wfintel("generate", "greet me", "--out", target)
        assert status == 0
        assert target.read_text() == good_file
        assert str(target) in out.replace("\n", "")

    def test_json_carries_the_whole_answer(self, wfintel, tmp_path, good_file):
        status, out, err = wfintel("generate", "greet me", "--json", "--out", tmp_path / "a.py")
        answer = json.loads(out)
        assert (status, err) == (0, "")
        assert answer["source"] == good_file
        assert answer["spec"]["dag_id"] == "greeting"
        assert answer["clarifications"][0]["about"] == "schedule"
        assert answer["written"] == str(tmp_path / "a.py")

    def test_reads_stdin_for_a_dash(self, wfintel, monkeypatch, tmp_path):
        text = tmp_path / "text"
        text.write_text("greet me")
        with text.open() as stream:
            monkeypatch.setattr("sys.stdin", stream)
            status, out, _ = wfintel("generate", "-", "--json")
        assert status == 0
        assert json.loads(out)["text"] == "greet me"

    def test_reads_a_text_file(self, wfintel, tmp_path):
        (tmp_path / "text").write_text("greet me, übermorgen")
        status, out, _ = wfintel("generate", "--text-file", tmp_path / "text", "--json")
        assert status == 0
        assert json.loads(out)["text"] == "greet me, übermorgen"

    def test_hands_the_context_on(self, wfintel, tmp_path):
        (tmp_path / "ctx.json").write_text(
            '{"owner": "data-eng", "connections": {"wh": "postgres"}, "pools": {"p": 3}}'
        )
        status, out, _ = wfintel("generate", "greet me", "--context", tmp_path / "ctx.json", "--json")
        assert status == 0
        assert json.loads(out)["assumptions"][0]["text"] == "owner is data-eng"


class TestNothingIsHalfWritten:
    def test_an_existing_file_stays(self, wfintel, tmp_path):
        target = tmp_path / "mine.py"
        target.write_text("# mine\n")
        status, out, err = wfintel("generate", "greet me", "--out", target)
        assert (status, out) == (1, "")
        assert_one_line_error(err, "exists", "--force")
        assert target.read_text() == "# mine\n"

    def test_force_overwrites_it(self, wfintel, tmp_path, good_file):
        target = tmp_path / "mine.py"
        target.write_text("# mine\n")
        assert wfintel("generate", "greet me", "--out", target, "--force")[0] == 0
        assert target.read_text() == good_file

    def test_a_file_that_fails_its_checks_is_not_written(self, wfintel, tmp_path):
        status, _, err = wfintel("generate", "break it", "--out", tmp_path / "a.py")
        assert status == 1
        assert_one_line_error(err, "did not pass its checks")
        assert list(tmp_path.iterdir()) == []

    def test_unless_checking_is_switched_off(self, wfintel, tmp_path):
        assert wfintel("generate", "break it", "--out", tmp_path / "a.py", "--no-validate")[0] == 0
        assert (tmp_path / "a.py").exists()

    @pytest.mark.parametrize("place", ["no/such/folder/a.py", "."])
    def test_a_place_that_takes_no_file(self, wfintel, tmp_path, monkeypatch, place):
        monkeypatch.chdir(tmp_path)
        status, _, err = wfintel("generate", "greet me", "--out", place, "--force")
        assert status == 1
        assert_one_line_error(err)
        assert list(tmp_path.iterdir()) == []

    def test_a_folder_below_a_file(self, wfintel, tmp_path):
        (tmp_path / "file").write_text("mine\n")
        status, _, err = wfintel("generate", "greet me", "--out", tmp_path / "file" / "a.py")
        assert status == 1
        assert_one_line_error(err)
        assert (tmp_path / "file").read_text() == "mine\n"

    @pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="no /proc on this system")
    def test_a_folder_that_takes_files_from_nobody(self, wfintel):
        status, _, err = wfintel("generate", "greet me", "--out", "/proc/self/a.py")
        assert status == 1
        assert_one_line_error(err)

    @pytest.mark.parametrize(("mode", "expected", "files"), [(0o555, 1, []), (0o777, 0, ["a.py"])])
    def test_a_folder_that_is_read_only(self, wfintel, tmp_path, mode, expected, files):
        """Root may write anywhere: there, a child process without privileges does the writing."""
        for _ in range(2):  # a success and an error: what they import, a child without privileges may not be able to
            wfintel("generate", "greet me", "--out", tmp_path / "a.py")
        with tempfile.TemporaryDirectory() as place:
            Path(place).chmod(0o711)
            folder = Path(place, "folder")
            folder.mkdir()
            folder.chmod(mode)
            status, err = without_privileges(lambda: wfintel("generate", "greet me", "--out", folder / "a.py"))
            assert status == expected
            assert [item.name for item in folder.iterdir()] == files
            if expected:
                assert_one_line_error(err, "a.py")


class TestBadInput:
    @pytest.mark.parametrize("text", ["", "   \n\t "])
    def test_no_text(self, wfintel, text):
        status, out, err = wfintel("generate", text)
        assert (status, out) == (1, "")
        assert_one_line_error(err, "no text")

    def test_binary(self, wfintel, tmp_path):
        (tmp_path / "text").write_bytes(bytes(range(256)))
        status, _, err = wfintel("generate", "--text-file", tmp_path / "text")
        assert status == 1
        assert_one_line_error(err, "not UTF-8 text")

    def test_a_language_that_is_not_read(self, wfintel, tmp_path, monkeypatch):
        monkeypatch.setattr(service, "generate", lambda text, **_: compose(text, DeploymentContext()))
        status, out, err = wfintel("generate", "毎晩S3のファイルをSnowflakeにロードする", "--out", tmp_path / "a.py")
        assert (status, out) == (1, "")
        assert_one_line_error(err, "in Japanese")
        assert list(tmp_path.iterdir()) == []

    def test_zero_bytes(self, wfintel, tmp_path):
        (tmp_path / "text").write_bytes(b"greet\0me")
        assert_one_line_error(wfintel("generate", "--text-file", tmp_path / "text")[2], "binary")

    def test_far_too_much(self, wfintel, tmp_path):
        (tmp_path / "text").write_bytes(b"a " * 2_100_000)
        assert_one_line_error(wfintel("generate", "--text-file", tmp_path / "text")[2], "4,000,000 bytes")

    @pytest.mark.parametrize("name", ["missing.txt", "."])
    def test_no_such_file(self, wfintel, tmp_path, name):
        assert_one_line_error(wfintel("generate", "--text-file", tmp_path / name)[2], "cannot read")

    @pytest.mark.parametrize("content", ["{", "[]", '{"pools": {"p": "many"}}', '{"colour": 1}'])
    def test_a_context_of_the_wrong_form(self, wfintel, tmp_path, content):
        (tmp_path / "ctx.json").write_text(content)
        status, _, err = wfintel("generate", "greet me", "--context", tmp_path / "ctx.json")
        assert status == 1
        assert err.startswith("wfintel: error: ")
        assert len(err.splitlines()) == 1


class TestWrongUsage:
    @pytest.mark.parametrize(
        "arguments",
        [
            (),
            ("text", "--jsonl", "in.jsonl"),
            ("--jsonl", "in.jsonl"),
            ("--jsonl", "in.jsonl", "--out", "a.py", "--out-dir", "d"),
            ("text", "--out-dir", "d"),
            ("text", "--no-validate", "--import"),
            ("text", "--colour"),
        ],
    )
    def test_ends_with_status_2(self, wfintel, arguments):
        status, out, err = wfintel("generate", *arguments)
        assert (status, out) == (2, "")
        assert "usage: wfintel" in err


class TestManyTexts:
    def test_writes_a_file_and_an_answer_for_every_line(self, wfintel, tmp_path, good_file):
        lines = write_lines(tmp_path / "in", {"id": "a", "text": "greet A"}, {"id": 7, "text": "greet 7"})
        status, out, err = wfintel("generate", "--jsonl", lines, "--out-dir", tmp_path / "out")
        assert (status, out) == (0, "")
        assert "2 generated" in err
        assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["7.json", "7.py", "a.json", "a.py"]
        assert (tmp_path / "out" / "a.py").read_text() == good_file
        assert json.loads((tmp_path / "out" / "a.json").read_text())["id"] == "a"

    def test_bad_lines_do_not_stop_the_good_ones(self, wfintel, tmp_path, good_file):
        lines = write_lines(
            tmp_path / "in",
            "no json",
            {"id": "empty", "text": " "},
            "",
            {"text": "no id"},
            {"id": "x"},
            {"id": "good", "text": "greet me"},
            {"id": "good", "text": "again"},
            {"id": "../up", "text": "greet me"},
            {"id": "broken", "text": "break it"},
        )
        status, out, _ = wfintel("generate", "--jsonl", lines, "--out-dir", tmp_path / "out")
        assert status == 3
        records = [json.loads(line) for line in out.splitlines()]
        assert [item["id"] for item in records] == ["line-1", "empty", "line-4", "x", "good", "../up", "broken"]
        assert all(set(item) == {"id", "error", "error_type", "hint"} for item in records)
        assert [item["error_type"] for item in records][-1] == "GeneratedCodeError"
        assert (tmp_path / "out" / "good.py").read_text() == good_file
        assert not (tmp_path / "out" / "broken.py").exists()
        assert json.loads((tmp_path / "out" / "empty.json").read_text())["error_type"] == "EmptyInputError"
        assert not list(tmp_path.glob("up.*"))

    def test_the_second_line_of_an_id_does_not_overwrite_the_first(self, wfintel, tmp_path):
        lines = write_lines(tmp_path / "in", {"id": "a", "text": "greet me"}, {"id": "a", "text": "again"})
        assert wfintel("generate", "--jsonl", lines, "--out-dir", tmp_path / "out")[0] == 3
        assert json.loads((tmp_path / "out" / "a.json").read_text())["text"] == "greet me"

    def test_a_bug_in_one_line_does_not_cost_the_others(self, wfintel, tmp_path, monkeypatch):
        from airflow_provider_wfintel.engine.generation import service

        known = service.generate

        def buggy(text, **options):
            return known(text, **options) if text == "greet me" else 1 / 0

        monkeypatch.setattr(service, "generate", buggy)
        lines = write_lines(tmp_path / "in", {"id": "a", "text": "divide"}, {"id": "b", "text": "greet me"})
        status, out, _ = wfintel("generate", "--jsonl", lines, "--out-dir", tmp_path / "out")
        assert status == 3
        assert "ZeroDivisionError" in json.loads(out)["error"]
        assert (tmp_path / "out" / "b.py").exists()

    def test_may_be_run_again(self, wfintel, tmp_path):
        lines = write_lines(tmp_path / "in", {"id": "a", "text": "greet me"})
        for _ in range(2):
            assert wfintel("generate", "--jsonl", lines, "--out-dir", tmp_path / "out")[0] == 0

    def test_but_not_over_a_file_of_somebody_else(self, wfintel, tmp_path):
        (tmp_path / "a.py").write_text("# mine\n")
        lines = write_lines(tmp_path / "in", {"id": "a", "text": "greet me"})
        status, out, _ = wfintel("generate", "--jsonl", lines, "--out-dir", tmp_path)
        assert status == 3
        assert json.loads(out)["error_type"] == "TargetExistsError"
        assert (tmp_path / "a.py").read_text() == "# mine\n"

    def test_a_folder_that_cannot_be_made(self, wfintel, tmp_path):
        (tmp_path / "file").touch()
        lines = write_lines(tmp_path / "in", {"id": "a", "text": "greet me"})
        status, _, err = wfintel("generate", "--jsonl", lines, "--out-dir", tmp_path / "file" / "sub")
        assert status == 1
        assert_one_line_error(err, "cannot make the folder")


class TestStyleFrom:
    def test_the_engine_is_told_the_style_of_the_folder(self, wfintel, tmp_path, monkeypatch):
        from airflow_provider_wfintel.engine.generation import service

        told = []
        answer = service.generate
        monkeypatch.setattr(service, "generate", lambda text, **how: told.append(how["context"]) or answer(text, **how))
        for name in ("a", "b", "c"):
            text = f"from airflow.sdk import DAG\nDAG('fin_{name}', default_args={{'owner': 'finance'}})\n"
            (tmp_path / f"{name}.py").write_text(text)
        status, _, _ = wfintel("generate", "greet me", "--style-from", tmp_path, "--json")
        assert status == 0
        (context,) = told
        assert (context.style.owner, context.style.prefix) == ("finance", "fin_")

    @pytest.mark.parametrize("name", ["missing", "empty"])
    def test_a_folder_without_files_is_a_typed_error(self, wfintel, tmp_path, name):
        (tmp_path / "empty").mkdir()
        status, out, err = wfintel("generate", "greet me", "--style-from", tmp_path / name)
        assert (status, out) == (1, "")
        assert_one_line_error(err, name)
