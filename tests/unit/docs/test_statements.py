"""What pages name is there: commands with their options, settings, routes, targets of make, files, and places in other pages."""

from __future__ import annotations

import argparse
import ast
import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

import airflow_provider_wfintel
from airflow_provider_wfintel.cli.main import build_parser
from airflow_provider_wfintel.get_provider_info import get_provider_info
from tests.unit.docs.pages import ALL, PAGES, ROOT, Block

PACKAGE = Path(airflow_provider_wfintel.__file__).parent
TEXT = {page.relative_to(ROOT).as_posix(): page.read_text(encoding="utf-8") for page in PAGES}
PROSE = {name: re.sub(r"^ *```.*?^ *```", "", text, flags=re.M | re.S) for name, text in TEXT.items()}
EVERYWHERE = [*TEXT.items(), ("CHANGELOG.md", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))]

# An ellipsis, brackets around an option or a bar between two: the line shows a form and is no command.
_FORM = re.compile(r"[…\[|]|\.\.\.")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'", re.S)
_IN_BLOCK = re.compile(r"^ *(?:\S*\.venv/bin/)?((?:airflow )?wfintel (?:\"[^\"]*\"|'[^']*'|[^\n\"'#])*)", re.M)
_IN_LINE = re.compile(r"`((?:airflow )?wfintel [a-z][^`\n]*)`")


def commands() -> Iterator[tuple[str, str]]:
    """Every command of ours with the page that names it; what is quoted in it is replaced by one word."""
    for block in ALL:
        if block.language in ("bash", "text", ""):
            for found in _IN_BLOCK.finditer(block.code.replace("\\\n", " ")):
                yield block.page.relative_to(ROOT).as_posix(), _QUOTED.sub("TEXT", found[1])
    for name, text in PROSE.items():
        for found in _IN_LINE.finditer(text):
            yield name, _QUOTED.sub("TEXT", found[1])


COMMANDS = sorted(
    {(page, re.split(r" (?:>|&&|;)", line)[0].strip()) for page, line in commands() if not _FORM.search(line)}
)


def airflow_parser(name: str) -> argparse.ArgumentParser:
    """The parser of one command of `airflow wfintel`, without Airflow."""
    from importlib import import_module

    parser = argparse.ArgumentParser(prog=f"airflow wfintel {name}", exit_on_error=False)
    import_module(f"airflow_provider_wfintel.cli.commands.{name}").add_arguments(parser)
    return parser


def airflow_commands() -> dict[str, str]:
    """What `airflow wfintel` has, read from its source: this test needs no Airflow."""
    tree = ast.parse((PACKAGE / "cli" / "airflow_commands.py").read_text(encoding="utf-8"))
    (value,) = [
        item.value for item in tree.body if isinstance(item, ast.Assign) and ast.unparse(item.targets[0]) == "COMMANDS"
    ]
    found: dict[str, str] = ast.literal_eval(value)
    return found


@pytest.mark.parametrize(("page", "line"), COMMANDS)
def test_a_command_can_be_given_as_it_stands(page: str, line: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = shlex.split(line)
    of_airflow = words.pop(0) == "airflow"
    if of_airflow:
        assert words.pop(0) == "wfintel"
        assert words[0] in airflow_commands(), f"{page}: there is no `airflow wfintel {words[0]}`"
    parser = airflow_parser(words.pop(0)) if of_airflow else build_parser()
    if not words or (len(words) == 1 and not of_airflow):
        # Only its name: then it must be one.
        assert of_airflow or words[0] in build_parser().format_help()
        return
    try:
        parser.parse_args(words)
    except (SystemExit, argparse.ArgumentError) as error:
        pytest.fail(f"{page}: `{line}` is no usage: {error} {capsys.readouterr().err}")


OPTIONS = get_provider_info()["config"]["wfintel"]["options"]


def settings() -> Iterator[tuple[str, str]]:
    for name, text in EVERYWHERE:
        for found in re.finditer(r"\[wfintel\] (\w+)", text):
            yield name, found[1]
        for found in re.finditer(r"AIRFLOW__WFINTEL__([A-Z_]+)", text):
            yield name, found[1].lower()
    for block in ALL:
        if block.language == "ini":
            section = ""
            for line in block.code.splitlines():
                section = found[1] if (found := re.match(r"\[(\w+)\]", line)) else section
                if section == "wfintel" and (found := re.match(r"(\w+) *=", line)):
                    yield block.place, found[1]


@pytest.mark.parametrize(("page", "option"), sorted(set(settings())))
def test_a_setting_that_is_named_is_one(page: str, option: str) -> None:
    assert option in OPTIONS or option == "name", f"{page}: there is no [wfintel] {option}"


ROUTES = {
    (method.upper(), re.sub(r"\{\w+\}", "{}", path))
    for path, item in json.loads((ROOT / "docs" / "openapi.json").read_text(encoding="utf-8"))["paths"].items()
    for method in item
}


def routes() -> Iterator[tuple[str, str, str]]:
    for name, text in TEXT.items():
        for found in re.finditer(r"\b(GET|POST|PUT|DELETE) ((?:…|/|[a-z])[\w/{}…-]*)", text):
            if "/" in found[2]:
                yield name, found[1], found[2]


@pytest.mark.parametrize(("page", "method", "path"), sorted(set(routes())))
def test_a_route_that_is_named_is_one(page: str, method: str, path: str) -> None:
    """Pages shorten what comes before; the rest must be the end of a route."""
    if path.startswith(("/api/v2/", "/dags/")):
        return  # one of Airflow's own
    end = re.sub(r"\{\w*\}", "{}", path.removeprefix("/wfintel").lstrip("…")).rstrip("/")
    end = end if end.startswith("/") else f"/{end}"
    assert any(verb == method and route.endswith(end) for verb, route in ROUTES), f"{page}: {method} {path}"


TARGETS = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
MADE = sorted(
    {(name, found) for name, text in EVERYWHERE for found in re.findall(r"(?:`|^)make ([a-z][\w-]*)", text, re.M)}
)


@pytest.mark.parametrize(("page", "target"), MADE)
def test_a_target_of_make_that_is_named_is_one(page: str, target: str) -> None:
    assert target in TARGETS, f"{page}: make {target}"


_FILE = re.compile(r"`((?:tests|dags|scripts|docs|constraints|airflow_provider_wfintel|engine)/[\w./*-]+)(?:::\w+)*`")
FILES = sorted({(name, found) for name, text in PROSE.items() for found in _FILE.findall(text)})


@pytest.mark.parametrize(("page", "file"), FILES)
def test_a_file_that_is_named_is_there(page: str, file: str) -> None:
    places = (ROOT, PACKAGE, ROOT / "docs" / "training" / "deployment")
    assert any(list(place.glob(file)) for place in places), f"{page}: {file}"


def slug(heading: str) -> str:
    """The anchor of a heading, as Python-Markdown and GitHub make it for words of ASCII."""
    words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").lower()
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", words).strip())


ANCHORS = {
    name: {slug(found) for found in re.findall(r"^#+ (.+)$", text, re.M)} | set(re.findall(r"\{#([\w-]+)\}", text))
    for name, text in PROSE.items()
}
LINKS = sorted(
    {
        (name, target)
        for name, text in PROSE.items()
        for target in re.findall(r"\]\(([^)\s]+)\)", text)
        if not re.match(r"\w+:", target)
    }
)


@pytest.mark.parametrize(("page", "target"), LINKS)
def test_a_link_leads_to_what_is_there(page: str, target: str) -> None:
    path, _, anchor = target.partition("#")
    file = (ROOT / page).parent / path if path else ROOT / page
    assert file.exists(), f"{page}: {target}"
    if anchor:
        name = file.resolve().relative_to(ROOT).as_posix()
        assert anchor in ANCHORS[name], f"{page}: {target}; there are {sorted(ANCHORS[name])}"


def test_there_is_something_to_hold() -> None:
    assert len(COMMANDS) > 60
    assert len(LINKS) > 100
    assert len(set(routes())) > 50


@pytest.mark.parametrize("block", [block for block in ALL if block.language == "bash"], ids=lambda block: block.place)
def test_a_shell_hands_over_the_words_that_stand_there(block: Block) -> None:
    """Backticks run what is between them unless they stand in single quotes; on the page they mark a literal."""
    outside = re.sub(r"'[^']*'", "", block.code.replace("\\`", ""))
    outside = re.sub(r"#[^\n]*", "", outside)
    assert "`" not in outside, f"{block.place}: put the description into single quotes"
