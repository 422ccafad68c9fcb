"""Nothing public is without a page, and no page names what is not there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import airflow_provider_wfintel
from airflow_provider_wfintel import exceptions
from airflow_provider_wfintel.get_provider_info import get_provider_info
from tests.unit.docs.pages import DOCS, PAGES, ROOT

PACKAGE = Path(airflow_provider_wfintel.__file__).parent
TEXT = {page.relative_to(ROOT).as_posix(): page.read_text(encoding="utf-8") for page in PAGES}
GUIDES = "\n".join(text for name, text in TEXT.items() if name.startswith(("docs/how-to", "docs/reference/cli")))


def public_classes(kind: str) -> Iterator[str]:
    """Classes of a package that DAG authors import, from the source: this test needs no Airflow."""
    for path in sorted((PACKAGE / kind).glob("[!_]*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        exported = [
            ast.literal_eval(node.value)
            for node in tree.body
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
        ]
        for node in tree.body:
            if (
                isinstance(node, ast.ClassDef)
                and exported
                and node.name in exported[0]
                and not node.name.startswith("_")
            ):
                yield node.name


CLASSES = sorted(
    {name for kind in ("operators", "sensors", "notifications", "hooks", "triggers") for name in public_classes(kind)}
)
COMMANDS = sorted(path.stem for path in (PACKAGE / "cli" / "commands").glob("[!_]*.py"))


@pytest.mark.parametrize("name", CLASSES)
def test_a_class_for_dag_authors_is_in_a_how_to(name: str) -> None:
    assert re.search(rf"\b{name}\b", GUIDES), f"no page below docs/how-to names {name}"


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_in_the_guides(name: str) -> None:
    assert re.search(rf"wfintel (?:[a-z|, ]*\b)?{name}\b", GUIDES), f"no page names `wfintel {name}`"


def options_of_commands() -> list[str]:
    """The long options of all commands, from the page that is made from the code."""
    arguments = re.findall(r"^\| `([^`]+)` \|", TEXT["docs/reference/options.md"], re.M)
    return sorted({option for text in arguments for option in re.findall(r"--[a-z][a-z-]+", text)})


@pytest.mark.parametrize("option", options_of_commands())
def test_an_option_is_in_a_page_that_says_what_it_is_for(option: str) -> None:
    pages = (text for name, text in TEXT.items() if not name.startswith("docs/reference/"))
    assert any(re.search(rf"{option}(?![a-z-])", text) for text in pages), option


@pytest.mark.parametrize("option", sorted(get_provider_info()["config"]["wfintel"]["options"]))
def test_a_setting_is_in_the_documentation(option: str) -> None:
    assert any(option in text for name, text in TEXT.items() if name.startswith("docs/")), option


@pytest.mark.parametrize("name", sorted(name for name in exceptions.__all__ if name.endswith("Error")))
def test_an_error_that_can_be_answered_is_in_the_reference(name: str) -> None:
    bases = ("WfIntelError",)
    assert name in bases or f"`{name}`" in TEXT["docs/reference/errors.md"], name


@pytest.mark.parametrize(
    "page", [page for page in PAGES if DOCS in page.parents], ids=lambda page: page.relative_to(DOCS).as_posix()
)
def test_a_page_is_in_the_navigation(page: Path) -> None:
    assert page.relative_to(DOCS).as_posix() in (ROOT / "mkdocs.yml").read_text(encoding="utf-8")


THREATS = TEXT["docs/explanation/threat-model.md"]
TESTS = {path.relative_to(ROOT / "tests").as_posix(): path for path in (ROOT / "tests").rglob("*.py")}


@pytest.mark.parametrize("named", sorted(set(re.findall(r"`((?:[\w/]+/)?test_\w+\.py(?:::\w+)?)`", THREATS))))
def test_a_test_that_the_threat_model_rests_on_is_there(named: str) -> None:
    file, _, item = named.partition("::")
    found = [path for name, path in TESTS.items() if f"tests/{name}".endswith(f"/{file}") or f"tests/{name}" == file]
    assert found, f"there is no test file {file}"
    if item:
        assert any(re.search(rf"\b(?:def|class) {item}\b", path.read_text(encoding="utf-8")) for path in found), named


def test_every_threat_has_a_control_and_a_test() -> None:
    rows = [line.split("|")[1:-1] for line in THREATS.splitlines() if re.match(r"\| [A-Z]\d+ \|", line)]
    assert len(rows) >= 25
    assert all(len(row) == 4 and all(cell.strip() for cell in row) for row in rows)
