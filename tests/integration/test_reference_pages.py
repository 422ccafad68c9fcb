"""Pages of the reference that are made from the code are as the code is now."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

pytestmark = pytest.mark.integration

ROOT = Path(__file__).resolve().parents[2]
MADE = runpy.run_path(str(ROOT / "scripts" / "build_reference.py"))


@pytest.mark.parametrize("name", sorted(MADE["PAGES"]))
def test_a_page_is_as_the_code_is(name: str) -> None:
    page = ROOT / "docs" / "reference" / name
    assert page.read_text(encoding="utf-8") == MADE["PAGES"][name](), "run: make reference"
