"""The reference of the patterns says what the data says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from airflow_provider_wfintel.engine.catalog.patterns import load_patterns

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "patterns.md").read_text(encoding="utf-8")
SECTIONS = {part.partition("\n")[0]: part for part in re.split(r"^### ", PAGE, flags=re.MULTILINE)[1:]}


def test_every_pattern_has_a_section():
    assert sorted(SECTIONS) == sorted(item.id for item in load_patterns())


@pytest.mark.parametrize("pattern", load_patterns(), ids=lambda item: item.id)
def test_a_section_names_purpose_services_and_parameters(pattern):
    section = SECTIONS[pattern.id]
    assert f"**{pattern.title}.** {pattern.description}" in section
    for line in (*pattern.use_when, *pattern.avoid_when):
        assert line in section
    for role in pattern.services:
        assert f"- `{role.role}`: {', '.join(f'`{item}`' for item in role.options)}." in section
    assert f"- Parameters: {', '.join(f'`{item.name}` ({item.type})' for item in pattern.parameters)}." in section
