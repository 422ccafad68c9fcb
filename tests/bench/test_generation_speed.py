"""How long reading takes. `make bench` prints the table; nothing here is a gate."""

from __future__ import annotations

import pytest

from airflow_provider_wfintel.cli.demo.story import load_examples
from airflow_provider_wfintel.engine.generation import service

pytest.importorskip("pytest_benchmark", reason="extra bench is not installed")
pytestmark = pytest.mark.bench

EXAMPLES = {item.id: item.text for item in load_examples()}


@pytest.mark.parametrize("name", EXAMPLES)
def test_detect(benchmark, name):
    service.detect(EXAMPLES[name])  # loads the catalogue once
    benchmark(service.detect, EXAMPLES[name])


@pytest.mark.parametrize("name", EXAMPLES)
def test_generate(benchmark, name):
    service.generate(EXAMPLES[name])
    benchmark(service.generate, EXAMPLES[name])
