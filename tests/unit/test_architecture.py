"""The floors of the design hold: a floor imports only what lies below it, and the engine is pure."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "airflow_provider_wfintel"
LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")


def lint_imports(config: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(LINT_IMPORTS), "--config", str(config), "--no-cache"], cwd=folder, capture_output=True, text=True
    )


@pytest.mark.skipif(not LINT_IMPORTS.exists(), reason="import-linter is not installed (extra dev)")
def test_the_import_contracts_hold():
    result = lint_imports(ROOT / "pyproject.toml", ROOT)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "0 broken" in result.stdout


@pytest.mark.skipif(not LINT_IMPORTS.exists(), reason="import-linter is not installed (extra dev)")
@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("engine/model/extra.py", "import airflow_provider_wfintel.engine.catalog"),
        ("engine/generation/extra.py", "import sqlalchemy"),
        ("app/extra.py", "import airflow_provider_wfintel.cli.main"),
        ("store/extra.py", "import airflow_provider_wfintel.app.generate"),
    ],
)
def test_and_a_breach_is_noticed(tmp_path, module, line):
    for source in PACKAGE.rglob("*.py"):
        copy = tmp_path / source.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "airflow_provider_wfintel" / module).write_text(line + "\n")
    result = lint_imports(ROOT / "pyproject.toml", tmp_path)
    assert result.returncode == 1, "the contracts cannot fail"
    assert "extra" in result.stdout


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_module_says_what_it_is(path):
    first = path.read_text(encoding="utf-8").lstrip()
    assert first.startswith('"""') or "recipes" in path.parts or "versions" in path.parts
