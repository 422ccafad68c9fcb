"""Packages whose names are loaded when they are asked for: every name is there, and none is hidden by a module."""

from __future__ import annotations

import importlib
import subprocess
import sys
from types import ModuleType

import pytest

PACKAGES = ("airflow_provider_wfintel.engine.model", "airflow_provider_wfintel.engine.catalog")


@pytest.mark.parametrize("name", PACKAGES)
def test_every_name_is_loaded_from_its_module(name):
    package = importlib.import_module(name)
    home = {each: module for module, names in package._NAMES.items() for each in names}
    for module in package._NAMES:
        importlib.import_module(f"{name}.{module}")
    assert set(package.__all__) == set(home) <= set(dir(package))
    for each in package.__all__:
        assert not isinstance(getattr(package, each), ModuleType), each
        assert getattr(package, each) is getattr(importlib.import_module(f"{name}.{home[each]}"), each)
    with pytest.raises(AttributeError, match="nothing_of_this_name"):
        _ = package.nothing_of_this_name


@pytest.mark.parametrize("name", PACKAGES)
def test_nothing_is_loaded_before(name):
    code = f"import sys, {name}; print(*[item for item in sys.modules if item.startswith({name + '.'!r})])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(result.stdout.split()) <= {"airflow_provider_wfintel.engine.model.lazy_names"}
