"""What stands in the documentation: blocks of code, and the marks before those that are run."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"])

_BLOCK = re.compile(
    r"^(?P<indent>[ ]*)(?:<!--\s*(?P<mark>[^>]*?)\s*-->\s*\n[ ]*)?```(?P<language>\w*)[^\n]*\n(?P<code>.*?)^(?P=indent)```\s*$",
    re.M | re.S,
)


@dataclass(frozen=True)
class Block:
    """A block of code: where it stands, its language, the mark before it (empty: none) and its text."""

    page: Path
    line: int
    language: str
    mark: str
    code: str

    @property
    def place(self) -> str:
        return f"{self.page.relative_to(ROOT).as_posix()}:{self.line}"


def blocks(page: Path) -> Iterator[Block]:
    text = page.read_text(encoding="utf-8")
    for found in _BLOCK.finditer(text):
        line = text[: found.start()].count("\n") + 1
        code = textwrap.dedent(found["code"])
        yield Block(page, line, found["language"], found["mark"] or "", code)


ALL = [block for page in PAGES for block in blocks(page)]
