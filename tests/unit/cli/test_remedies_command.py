"""`wfintel remedies`: the list, the denominators, and a policy that is checked before it is used."""

from __future__ import annotations

import json

import pytest

from airflow_provider_wfintel.app.troubleshooting.coverage import coverage
from airflow_provider_wfintel.cli.main import main
from airflow_provider_wfintel.engine.catalog.failures import failure_classes


def test_the_denominators_are_those_of_the_page(capsys):
    assert main(["remedies", "--classes", "--json"]) == 0
    out, err = capsys.readouterr()
    rows = [json.loads(line) for line in out.splitlines()]
    assert len(rows) == len(failure_classes()) == 52
    assert err.strip() == "52 classes: 9 alone, 21 within policy, 22 never"


def test_what_no_remedy_fits_is_never_and_what_the_taxonomy_forbids_too():
    found = {item.label: item for item in coverage()}
    assert found["permission_denied"].level == "never"
    assert found["missing_connection"].remedies == ()
    assert found["data_quality_failed"].level == "never", "the taxonomy gives it to no machine"
    assert found["connection_dropped"].level == "alone"


def test_all_remedies_are_listed(capsys):
    assert main(["remedies"]) == 0
    assert "clear_with_backoff" in capsys.readouterr().out


@pytest.mark.parametrize(("text", "status"), [("version: 1\n", 0), ("version: 1\ndefaults: {mode: x}\n", 1)])
def test_a_policy_is_checked(tmp_path, capsys, text, status):
    path = tmp_path / "remedies.yaml"
    path.write_text(text)
    assert main(["remedies", "--check", str(path)]) == status
    assert status == 0 or "defaults.mode" in capsys.readouterr().err
