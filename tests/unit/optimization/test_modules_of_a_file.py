"""Which modules beside a DAG file are read with it."""

from __future__ import annotations

from airflow_provider_wfintel.app.optimize import siblings_of


def test_modules_that_modules_import_are_read_too_and_the_file_itself_is_not(tmp_path):
    source = "import jobs\nfrom pack.more import thing\n"
    (tmp_path / "dag.py").write_text(source)
    (tmp_path / "jobs.py").write_text("import store\nimport dag\n")
    (tmp_path / "store.py").write_text("import os\n")
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "more.py").write_text("from .inner import thing\n")
    (tmp_path / "pack" / "inner.py").write_text("thing = 1\n")
    assert sorted(siblings_of(source, tmp_path / "dag.py")) == ["inner", "jobs", "pack.more", "store"]


def test_a_module_that_is_no_python_ends_the_search_there(tmp_path):
    (tmp_path / "jobs.py").write_text("def (:\n")
    assert list(siblings_of("import jobs\n", tmp_path / "dag.py")) == ["jobs"]
